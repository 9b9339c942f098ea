package org.commissure.site.science;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.commissure.models.benchmark.PeakMemory;

/**
 * What a run took.
 *
 * @param cpu of all threads, since the process began
 * @param peakBytes resident at most, where the system tells
 */
public record RunCost(Duration wall, Duration cpu, OptionalLong peakBytes) {

    /** Since a moment of {@link System#nanoTime}. */
    public static RunCost since(long nanoTime) {
        OptionalLong peak;
        try {
            peak = OptionalLong.of(PeakMemory.residentBytes());
        } catch (IOException e) {
            peak = OptionalLong.empty(); // no /proc: the run is as good without the figure
        }
        return new RunCost(
                Duration.ofNanos(System.nanoTime() - nanoTime),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
                peak);
    }

    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("wallSeconds", wall.toMillis() / 1000.0);
        facts.put("cpuSeconds", cpu.toMillis() / 1000.0);
        peakBytes.ifPresent(bytes -> facts.put("peakMemoryBytes", bytes));
        return facts;
    }

    String text() {
        String memory = peakBytes.isPresent()
                ? String.format(Locale.ROOT, ", at most %.2f GB of memory", peakBytes.getAsLong() / 1e9)
                : "";
        return "took " + wall.toSeconds() + " s, " + cpu.toSeconds() + " s of processor time" + memory;
    }
}
