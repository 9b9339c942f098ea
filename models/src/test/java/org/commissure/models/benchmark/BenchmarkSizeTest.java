package org.commissure.models.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BenchmarkSizeTest {
    @Test
    void theArithmeticOfTheSmallSizeIsWhatOneCountsByHand() {
        // Encoder 425 rows × 256, 4 layers; decoder 1061 rows × 128, 2 layers; 24·width² a row and 4·rows²·width.
        double encoder = 4 * (425 * 24.0 * 256 * 256 + 4.0 * 425 * 425 * 256);
        double decoder = 2 * (1061 * 24.0 * 128 * 128 + 4.0 * 1061 * 1061 * 128);
        double ends = 2 * (424 * 20.0 * 256 + 425 * 256.0 * 128 + 1061 * 128.0 * 20);
        double step = 3 * 4 * (encoder + decoder + ends) / 1e9;
        assertThat(BenchmarkSize.named("small").gigaflops()).isCloseTo(step, within(1e-9 * step));
    }

    @Test
    void brainlm13mHasThePublishedNumberOfParameters() {
        assertThat(BenchmarkSize.named("brainlm-13m").configuration().layout().parameterCount())
                .isEqualTo(13_429_292);
    }

    @Test
    void everyNameHasASizeWhoseBatchFits() {
        for (String name : BenchmarkSize.NAMES) {
            BenchmarkSize size = BenchmarkSize.named(name);
            assertThat(BenchmarkData.batch(size, 1)).hasSize(size.batch()).allSatisfy(example -> {
                assertThat(example.window()).hasSize(size.configuration().windowLength());
                assertThat(example.mask().visibleCount()).isEqualTo(size.visible());
                assertThat(example.mask().maskedCount()).isEqualTo(size.masked());
            });
        }
    }

    @Test
    void anUnknownSizeIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> BenchmarkSize.named("huge"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("huge")
                .hasMessageContaining("small, mid, full, big, brainlm-13m");
    }
}
