package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.Test;

class RoundingCheckTest {

    private static Study study(int ring, int scale, String more) {
        return StudyFile.parse(Studies.text(1, 1, 60)
                        .replace("ring_bits = 32", "ring_bits = " + ring)
                        .replace("scale_log2 = 20", "scale_log2 = " + scale + "\n" + more))
                .study();
    }

    @Test
    void aStudyThatAsksForNoBoundIsNotHeldToOne() {
        assertThatCode(() -> RunPreconditions.check(study(16, 10, ""), 4, 100)).doesNotThrowAnyException();
    }

    @Test
    void aScaleThatIsTooCoarseIsRefusedWithTheScaleAndTheRingThatWouldDo() {
        // W = 64 at 2^10: e = 1/16 where every site weighs one patient.
        assertThat(study(16, 10, "").roundingError(4, 10)).isCloseTo(2 * (1.0 / 16) / (15.0 / 16), within(1e-12));
        assertThatThrownBy(() -> RunPreconditions.check(study(16, 10, "maximum_error = 0.001"), 4, 100))
                .isInstanceOfSatisfying(UserError.class, refusal -> {
                    assertThat(refusal).hasMessageContaining("secure_aggregation.maximum_error = 0.001");
                    assertThat(refusal.remedy()).contains("scale_log2 to 17", "ring_bits of at least 24");
                });
        assertThatCode(() -> RunPreconditions.check(study(24, 17, "maximum_error = 0.001"), 4, 100))
                .doesNotThrowAnyException();
    }

    @Test
    void aQuorumByWeightBoundsTheErrorToo() {
        Study weighted = StudyFile.parse(Studies.text(1, 1, 60)
                        .replace("maximum_colluders = 1\n", "maximum_colluders = 1\nminimum_weight = 128\n")
                        .replace("scale_log2 = 20", "scale_log2 = 16\nmaximum_error = 0.0001"))
                .study();
        // e = 2^-10 · 4/128 = 2^-15, and an update of norm 1.
        assertThat(weighted.roundingError(4, 16)).isCloseTo(0x1p-14, within(1e-8));
        assertThatCode(() -> RunPreconditions.check(weighted, 4, 100)).doesNotThrowAnyException();
    }
}
