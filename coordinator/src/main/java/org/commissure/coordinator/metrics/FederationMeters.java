package org.commissure.coordinator.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.commissure.coordinator.console.SitePresence;
import org.commissure.coordinator.console.Sources;
import org.commissure.coordinator.round.RunState;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.protocol.metrics.MetricsServer;
import org.commissure.protocol.study.StudySums;
import org.jspecify.annotations.Nullable;

/** What a serving coordinator exports. Reads what the console reads. Thread-safe. */
public final class FederationMeters implements MetricsServer.Source {
    private final Sources sources;
    private final LogOutbox outbox;
    private final TransparencyLog log;
    private final Traffic traffic;
    private final Supplier<Map<String, Instant>> certificates;
    private final String version;
    private @Nullable Rows rows;

    /** What has a series for each site, certificate or run. */
    private record Rows(MultiGauge connected, MultiGauge seen, MultiGauge until, MultiGauge run) {}

    /** @param certificates when the coordinator's own end, by their names */
    public FederationMeters(
            Sources sources,
            LogOutbox outbox,
            TransparencyLog log,
            Traffic traffic,
            Supplier<Map<String, Instant>> certificates,
            String version) {
        this.sources = sources;
        this.outbox = outbox;
        this.log = log;
        this.traffic = traffic;
        this.certificates = certificates;
        this.version = version;
    }

    @Override
    public void register(PrometheusMeterRegistry registry) {
        sources.engine().observe(new RunMeters(registry));
        gauge(
                registry,
                "sites.enrolled",
                "Enrolled sites",
                () -> sources.registry().sites().size());
        gauge(
                registry,
                "sites.connected",
                "Sites with an open stream",
                () -> sources.connected().get().size());
        gauge(registry, "run.active", "1 while a run is under way", () -> active().isPresent() ? 1 : 0);
        gauge(
                registry,
                "run.held",
                "1 while a pause or the study's hours keep the run under way from its next round, or will",
                () -> active().isPresent()
                                && sources.engine()
                                        .status()
                                        .filter(run -> run.hold() != null)
                                        .isPresent()
                        ? 1
                        : 0);
        gauge(
                registry,
                "runs.queued",
                "Runs that wait for their turn",
                () -> sources.queue().size());
        gauge(
                registry,
                "run.round",
                "Round of the run under way",
                () -> active().map(run -> run.sum().round()).orElse(0));
        gauge(
                registry,
                "run.rounds.planned",
                "Rounds of the run under way",
                () -> active().map(run -> StudySums.lastRound(run.plan().study()))
                        .orElse(0));
        gauge(
                registry,
                "phase.waiting.sites",
                "Sites whose answer the present phase awaits",
                () -> active().map(run -> run.phase().waitingFor(run).size()).orElse(0));
        gauge(
                registry,
                "phase.deadline.timestamp.seconds",
                "When the present phase ends at the latest; 0: no deadline",
                () -> active().map(run -> run.phase().deadlineUnixMs())
                        .filter(deadline -> deadline != Long.MAX_VALUE)
                        .map(deadline -> deadline / 1000.0)
                        .orElse(0.0));
        gauge(
                registry,
                "run.queue.length",
                "Events that are due and not yet handled",
                () -> sources.engine().queued());
        gauge(registry, "log.entries", "Entries of the transparency log", log::size);
        gauge(
                registry,
                "log.outbox.entries",
                "Entries that the log does not hold yet",
                () -> outbox.given() - log.size());
        gauge(
                registry,
                "log.checkpoint.cosignatures",
                "Witnesses that cosigned the newest checkpoint",
                log::cosignatures);
        counter(registry, "upload.bytes", "Bytes of masked vectors that reached the disk", Traffic::receivedBytes);
        counter(registry, "download.bytes", "Bytes of models and sums that sites took", Traffic::sentBytes);
        var info = MultiGauge.builder(name("info"))
                .description("The version that runs")
                .register(registry);
        info.register(List.of(MultiGauge.Row.of(Tags.of("version", version), 1)));
        rows = new Rows(
                MultiGauge.builder(name("site.connected"))
                        .description("1 while the site has an open stream")
                        .register(registry),
                MultiGauge.builder(name("site.last.seen.timestamp.seconds"))
                        .description("When the site was heard last; sites not heard since the start are missing")
                        .register(registry),
                MultiGauge.builder(name("certificate.not.after.timestamp.seconds"))
                        .description("When a certificate ends")
                        .register(registry),
                MultiGauge.builder(name("run.info"))
                        .description("Where the newest run stands; 1 while it is under way")
                        .register(registry));
        refresh();
    }

    private static String name(String rest) {
        return "commissure.coordinator." + rest;
    }

    private static void gauge(
            PrometheusMeterRegistry registry, String rest, String description, Supplier<Number> value) {
        Gauge.builder(name(rest), value).description(description).register(registry);
    }

    private void counter(
            PrometheusMeterRegistry registry, String rest, String description, ToDoubleFunction<Traffic> value) {
        FunctionCounter.builder(name(rest), traffic, value)
                .description(description)
                .register(registry);
    }

    private Optional<RunState> active() {
        return sources.engine().state().filter(run -> !run.outcome().terminal());
    }

    @Override
    public void refresh() {
        Rows registered = rows;
        if (registered == null) {
            return;
        }
        Set<String> connected = sources.connected().get();
        Map<String, SitePresence> presences = sources.presences().get();
        List<MultiGauge.Row<?>> here = new ArrayList<>();
        List<MultiGauge.Row<?>> seen = new ArrayList<>();
        List<MultiGauge.Row<?>> until = new ArrayList<>();
        for (SiteRegistry.EnrolledSite site : sources.registry().sites()) {
            Tags tags = Tags.of("site", site.name());
            here.add(MultiGauge.Row.of(tags, connected.contains(site.name()) ? 1 : 0));
            SitePresence presence = presences.get(site.name());
            if (presence != null) {
                seen.add(MultiGauge.Row.of(tags, seconds(presence.seen())));
            }
            until.add(MultiGauge.Row.of(certificate(site.name(), "tls"), seconds(site.tlsExpires())));
            until.add(MultiGauge.Row.of(
                    certificate(site.name(), "signing"),
                    seconds(site.signingCertificate().getNotAfter().toInstant())));
        }
        certificates
                .get()
                .forEach((name, end) -> until.add(MultiGauge.Row.of(certificate("coordinator", name), seconds(end))));
        registered.connected().register(here, true);
        registered.seen().register(seen, true);
        registered.until().register(until, true);
        registered.run().register(List.of(run()), true);
    }

    /** The newest run; with empty labels where there was none. */
    private MultiGauge.Row<Number> run() {
        return sources.engine()
                .state()
                .map(run -> MultiGauge.Row.of(
                        Tags.of(
                                "run", run.plan().runId(),
                                "study", run.plan().study().study().name(),
                                "sum", run.sum().kind().name(),
                                "phase", run.phase().label()),
                        run.outcome().terminal() ? 0 : 1))
                .orElseGet(() -> MultiGauge.Row.of(Tags.of("run", "", "study", "", "sum", "", "phase", ""), 0));
    }

    private static Tags certificate(String member, String purpose) {
        return Tags.of("member", member, "certificate", purpose);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }

    @Override
    public boolean healthy() {
        try {
            return sources.runs().count() >= 0;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
