package org.commissure.site.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.Rejection;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.phenotype.InOneProcess;
import org.commissure.site.plan.LeavingFields;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is left out of a fine-tuning and why, what the seal covers, and what a steward reads. */
final class FineTuneAdmissionTest {
    private static final String NO_NOISE =
            "mode = \"none\"\nclip_norm = 1.0\nnoise_multiplier = 0.0\nsampling_rate = 1.0";
    private static final String TRAINING = "local_steps = 1\noptimiser = \"sgd\"\nlearning_rate = 0.1";

    private @TempDir Path folder;

    @BeforeEach
    void generate() throws Exception {
        InOneProcess.generate(folder, 9);
        InOneProcess.addColumn(folder, "score", row -> score(row.getOrDefault("participant_id", "")));
        InOneProcess.addColumn(folder, "other", row -> "1.5");
    }

    private static String score(String participant) {
        return switch (participant) {
            case "sub-A0001" -> "n/a";
            case "sub-A0002" -> "NaN";
            case "sub-A0003" -> "high";
            default -> "2.5";
        };
    }

    private static Study study(String column) {
        return FineTuneFederation.study(
                "column = \"%s\"\ntype = \"regression\"\ncentre = 2.0\nscale = 1.0".formatted(column),
                "trainable = \"head\"",
                1,
                TRAINING,
                NO_NOISE);
    }

    @Test
    void patientsWithoutTheTargetAreLeftOutWithTheReason() {
        Map<String, RejectionReason> reasons = InOneProcess.admission(folder, "A", study("score")).rejected().stream()
                .collect(Collectors.toMap(Rejection::participantId, Rejection::reason));
        assertThat(reasons)
                .containsEntry("sub-A0001", RejectionReason.PHENOTYPE_MISSING)
                .containsEntry("sub-A0002", RejectionReason.PHENOTYPE_NOT_A_NUMBER)
                .containsEntry("sub-A0003", RejectionReason.PHENOTYPE_NOT_A_NUMBER)
                .hasSize(3);
    }

    @Test
    void aMissingColumnIsNamed() {
        Study study = study("weight");
        assertThat(CohortFolder.missingColumn(folder.resolve("site-A"), CohortRules.of(study)))
                .isEqualTo(Optional.of("weight"));
        assertThatThrownBy(() -> InOneProcess.admission(folder, "A", study))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has no column weight");
    }

    @Test
    void theSealCoversTheColumn() {
        byte[] salt = new byte[16];
        assertThat(CohortSplit.seal(InOneProcess.admission(folder, "B", study("score")), 0.3, salt)
                        .externalSha256())
                .isNotEqualTo(CohortSplit.seal(InOneProcess.admission(folder, "B", study("other")), 0.3, salt)
                        .externalSha256());
    }

    @Test
    void aStewardReadsWhichColumnIsUsedAndThatTheHeadAloneMoves() {
        assertThat(LeavingFields.masked(study("score"), SumKind.TRAIN))
                .contains("model update WITHOUT noise, learnt from the column score (head alone)");
        assertThat(LeavingFields.masked(study("score"), SumKind.EVALUATE))
                .containsExactly(
                        "sums of truth, prediction and error over the external patients, by model, of the column score");
    }
}
