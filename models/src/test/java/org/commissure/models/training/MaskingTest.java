package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final BrainLmConfiguration C = SyntheticScan.SMALL;
    private final RandomGenerator random = new SplittableRandom(5);

    @Test
    void aFullWindowHidesAShareOfAllTokens() {
        Mask mask = new Masking.Random(0.75).draw(C, 24, random);
        assertThat(mask.visibleCount()).isEqualTo(18);
        assertThat(mask.maskedCount()).isEqualTo(54);
    }

    @Test
    void tokensWithPaddingAreAbsent() {
        Mask mask = new Masking.Random(0.75).draw(C, 17, random); // two whole patches and one frame of the third
        assertThat(mask.visibleCount()).isEqualTo(12);
        assertThat(mask.maskedCount()).isEqualTo(36);
        assertThat(tokens(mask)).allMatch(token -> token % 3 < 2);
    }

    @Test
    void theFutureIsTheLastScannedPatches() {
        Mask whole = new Masking.Future(1).draw(C, 24, random);
        assertThat(IntStream.range(0, whole.maskedCount()).map(whole::masked)).allMatch(token -> token % 3 == 2);
        assertThat(whole.visibleCount()).isEqualTo(48);
        Mask padded = new Masking.Future(1).draw(C, 20, random);
        assertThat(IntStream.range(0, padded.maskedCount()).map(padded::masked)).allMatch(token -> token % 3 == 1);
        assertThat(padded.visibleCount()).isEqualTo(24);
    }

    @Test
    void ratiosAndPatchesThatLeaveNothingAreRefused() {
        for (double ratio : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Masking.Random(ratio))
                    .withMessageContaining("strictly between 0 and 1");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Masking.Future(3).draw(C, 24, random))
                .withMessageContaining("no past");
        assertThatIllegalArgumentException().isThrownBy(() -> new Masking.Future(0));
    }

    @Test
    void aShortScanIsPaddedWithZerosAtTheEnd() throws Exception {
        Scan scan = new SyntheticScan(24, 18, 0.5, 0.5, 1);
        Windows windows = new Windows(C, new Masking.Random(0.5), 16);
        windows.check(0, scan);
        Example example = windows.cut(0, scan, scan.load(), 0, random);
        for (int p = 0; p < 24; p++) {
            double squares = 0;
            for (int t = 0; t < 24; t++) {
                float value = example.window()[p * 24 + t];
                squares += value * value;
                assertThat(value == 0).isEqualTo(t >= 18);
            }
            assertThat(squares / 18).isBetween(0.999, 1.001);
        }
    }

    private static IntStream tokens(Mask mask) {
        return IntStream.concat(
                IntStream.range(0, mask.visibleCount()).map(mask::visible),
                IntStream.range(0, mask.maskedCount()).map(mask::masked));
    }
}
