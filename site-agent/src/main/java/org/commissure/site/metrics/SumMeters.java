package org.commissure.site.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.round.SumObserver;

/** Counts how sums go on at this site since the process started. Confined to the round thread, as an observer is. */
final class SumMeters implements SumObserver {
    private static final Set<String> ENDS = Set.of("released", "abandoned", "refused");
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1)
    };

    private final MeterRegistry registry;
    private final Counter refusals;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<SumId, Long> since = new HashMap<>();

    SumMeters(MeterRegistry registry) {
        this.registry = registry;
        refusals = Counter.builder("commissure.agent.refusals")
                .description("Messages of the coordinator that did not verify or were not awaited")
                .register(registry);
        // What is exported shall not depend on what has happened.
        for (String end : ENDS) {
            sums("TRAIN", end);
        }
        durations("training");
        Gauge.builder("commissure.agent.sums.open", open, AtomicInteger::doubleValue)
                .description("Sums under way at this site")
                .register(registry);
    }

    private Counter sums(String kind, String outcome) {
        return Counter.builder("commissure.agent.sums")
                .description("Attempts at secure sums that ended at this site")
                .tags("sum", kind, "outcome", outcome)
                .register(registry);
    }

    private Timer durations(String phase) {
        return Timer.builder("commissure.agent.phase.duration")
                .description("Time that this site was in a phase of a sum; 'training' is the local work")
                .tag("phase", phase)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    @Override
    public void entered(SumId sum, String left, String entered) {
        long now = System.nanoTime();
        Optional.ofNullable(since.put(sum, now))
                .ifPresent(before -> durations(left).record(Duration.ofNanos(now - before)));
        if (ENDS.contains(entered)) {
            since.remove(sum);
            sums(sum.getKind().name(), entered).increment();
        }
        open.set(since.size());
    }

    @Override
    public void refused() {
        refusals.increment();
    }
}
