package org.commissure.models.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
    @Test
    void everyContenderIsMeasuredInAProcessOfItsOwn() throws IOException {
        List<Integer> rounds = new ArrayList<>();
        var benchmark = new Benchmark(1, 1, EnumSet.of(Contender.COMMISSURE, Contender.LIBTORCH));
        SizeResult result = benchmark.run("small", (size, done, all, left) -> rounds.add(done));
        assertThat(rounds).containsExactly(1, 2, 3, 4);
        assertThat(result.peakGigaflopsPerSecond()).isPositive();
        assertThat(result.measurements())
                .extracting(Measurement::contender)
                .containsExactly(Contender.COMMISSURE, Contender.LIBTORCH);
        assertThat(result.measurements()).allSatisfy(m -> {
            assertThat(m.wallMillisBest()).isPositive().isLessThanOrEqualTo(m.wallMillisMedian());
            assertThat(m.cpuMillisBest()).isPositive();
            assertThat(m.gigaflopsPerSecond()).isPositive();
            // Parameters, gradient and moments of 4 million floats are resident, and the other's are not.
            assertThat(m.peakMemoryBytes()).isBetween(64_000_000L, 4_000_000_000L);
        });
    }

    @Test
    void aContenderThatDiesIsReportedWithItsLastWords() throws IOException {
        try (var worker = new WorkerProcess(Contender.COMMISSURE, "no-such-size", 1)) {
            assertThatThrownBy(worker::step)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("commissure ended")
                    .hasMessageContaining("no-such-size");
        }
    }

    @Test
    void nothingToMeasureIsRefused() {
        assertThatThrownBy(() -> new Benchmark(0, 5, Set.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Benchmark(1, 0, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
