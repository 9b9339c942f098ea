package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    @Test
    void theNumberOfVisibleTokensIsTruncatedAsInTheOriginal() {
        assertThat(Mask.random(4240, 0.9, new SplittableRandom(1)).visibleCount())
                .isEqualTo(423);
        assertThat(Mask.random(48, 0.2, new SplittableRandom(1)).visibleCount()).isEqualTo(38);
    }

    @Test
    void everyTokenIsVisibleOrMaskedExactlyOnceAndInOrder() {
        Mask mask = Mask.random(50, 0.6, new SplittableRandom(2));
        int[] seen = new int[50];
        for (int i = 0; i < mask.visibleCount(); i++) {
            seen[mask.visible(i)]++;
            assertThat(i == 0 || mask.visible(i) > mask.visible(i - 1)).isTrue();
        }
        for (int i = 0; i < mask.maskedCount(); i++) {
            seen[mask.masked(i)]++;
        }
        assertThat(seen).containsOnly(1);
        assertThat(mask.tokens()).isEqualTo(50);
    }

    @Test
    void everyTokenIsMaskedAboutEquallyOften() {
        var random = new SplittableRandom(3);
        int[] masked = new int[8];
        for (int n = 0; n < 8000; n++) {
            Mask mask = Mask.random(8, 0.5, random);
            for (int i = 0; i < mask.maskedCount(); i++) {
                masked[mask.masked(i)]++;
            }
        }
        for (int count : masked) {
            assertThat(count).isBetween(3800, 4200); // 4000 ± 4.5 standard deviations
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.2, Double.NaN})
    void aRatioOutsideTheOpenUnitIntervalIsRefused(double ratio) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mask.random(10, ratio, new SplittableRandom(1)))
                .withMessageContaining("between 0 and 1");
    }

    @Test
    void aRatioThatLeavesNothingVisibleIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mask.random(10, 0.95, new SplittableRandom(1)))
                .withMessageContaining("none visible");
    }

    @Test
    void hidingNothingOrEverythingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Mask.hiding(new boolean[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> Mask.hiding(new boolean[] {true, true}));
        assertThat(Mask.hiding(new boolean[] {true, false}).masked(0)).isZero();
    }
}
