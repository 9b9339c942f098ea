package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WindowPreparationTest {
    @Test
    void everyParcelIsScaledOverTheWholeScan() {
        float[] series = {1, 2, 3, /* second parcel */ 0, 10, 50};
        float[] window = WindowPreparation.standardise(series, 2, 3, 1, 2);
        double deviation = Math.sqrt((20.0 * 20 + 10 * 10 + 30 * 30) / 3);
        double[] expected = {0, Math.sqrt(1.5), -10 / deviation, 30 / deviation};
        for (int i = 0; i < 4; i++) {
            assertThat((double) window[i]).isCloseTo(expected[i], within(1e-6));
        }
    }

    @Test
    void theVisiblePartOfAWindowDoesNotTellTheMeanOfItsMaskedPart() {
        float[] series = {1, 1, 3, 3, -9, -9, 5, 5};
        float[] window = WindowPreparation.standardise(series, 1, 8, 0, 4);
        assertThat(window[0] + window[2]).isNotCloseTo(0, within(0.1f));
    }

    @Test
    void aConstantParcelBecomesZeros() {
        assertThat(WindowPreparation.standardise(new float[] {5, 5, 5, 0, 0, 0}, 2, 3, 0, 3))
                .containsOnly(0);
    }

    @Test
    void aValueThatIsNotFiniteIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowPreparation.standardise(new float[] {Float.NaN, 1, 2, 3}, 1, 4, 1, 3))
                .withMessageContaining("not finite");
    }

    @Test
    void aWindowThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowPreparation.standardise(new float[8], 2, 4, 2, 3))
                .withMessageContaining("does not fit into 4 frames");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowPreparation.standardise(new float[7], 2, 4, 0, 3))
                .withMessageContaining("7 values");
    }
}
