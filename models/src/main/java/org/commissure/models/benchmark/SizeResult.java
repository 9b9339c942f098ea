package org.commissure.models.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * All contenders at one size.
 *
 * @param gigaflops of one step
 * @param peakGigaflopsPerSecond one thread's 2048³ matrix product times the number of threads
 * @param measurements in the order of {@link Contender}
 */
public record SizeResult(
        String size, int threads, double gigaflops, double peakGigaflopsPerSecond, List<Measurement> measurements) {
    public SizeResult {
        measurements = List.copyOf(measurements);
    }

    public Optional<Measurement> of(Contender contender) {
        return measurements.stream().filter(m -> m.contender() == contender).findFirst();
    }
}
