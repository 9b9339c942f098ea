package org.commissure.deploy.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which memory counts as flat. */
final class MemoryTrendTest {
    @Test
    void startUpAndNoiseAreNotGrowth() {
        assertThat(over(200, sample -> sample < 30 ? 60 : 100 + 5 * Math.sin(sample)))
                .isEqualTo(MemoryTrend.Verdict.FLAT);
    }

    @Test
    void aQuarterOfAMebibyteASampleIsGrowth() {
        assertThat(over(200, sample -> 100 + 0.25 * sample)).isEqualTo(MemoryTrend.Verdict.GROWS);
    }

    @Test
    void fewSamplesTellNothing() {
        assertThat(over(100, sample -> 100 + 10 * sample)).isEqualTo(MemoryTrend.Verdict.TOO_SHORT);
    }

    private static MemoryTrend.Verdict over(int samples, IntToDoubleFunction mebibytes) {
        return new MemoryTrend(
                        "coordinator",
                        IntStream.range(0, samples)
                                .mapToDouble(mebibytes::applyAsDouble)
                                .boxed()
                                .toList())
                .verdict();
    }
}
