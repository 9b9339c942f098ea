package org.commissure.site.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.commissure.protocol.metrics.MetricsServer;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import org.commissure.site.status.SiteStatus;

/** What a running agent exports. Reads what {@code site status} says, without the cohort. Thread-safe. */
public final class AgentMeters implements MetricsServer.Source {
    /** Composing a long ledger takes a moment; certificates and budgets do not change by the second. */
    private static final Duration STATUS_AGE = Duration.ofSeconds(15);

    private final SiteAgent agent;
    private final SiteHome home;
    private final Clock clock;
    private volatile SiteStatus status;
    private volatile Instant read;

    public AgentMeters(SiteAgent agent, SiteHome home, Clock clock) {
        this.agent = agent;
        this.home = home;
        this.clock = clock;
        this.status = SiteStatus.withoutCohort(home, clock, List.of());
        this.read = clock.instant();
    }

    @Override
    public void register(PrometheusMeterRegistry registry) {
        agent.observe(new SumMeters(registry));
        gauge(
                registry,
                "connected",
                "1 while the coordinator has welcomed this site",
                () -> agent.state().connected() ? 1 : 0);
        gauge(
                registry,
                "log.outbox.entries",
                "Entries that the federation's log has not acknowledged",
                agent::unlogged);
        ofStatus(
                registry,
                "epsilon.spent",
                "Privacy budget spent on this cohort",
                now -> now.privacy().epsilonSpent());
        ofStatus(
                registry,
                "epsilon.budget",
                "Privacy budget that the policy allows",
                now -> now.privacy().epsilonBudget());
        ofStatus(
                registry,
                "ledger.charges",
                "Charges in the privacy ledger",
                now -> now.privacy().charges());
        ofStatus(
                registry,
                "log.witnessed.entries",
                "Entries of the federation's log that this site has witnessed",
                now -> now.log() == null ? 0 : now.log().entries());
        ofStatus(
                registry,
                "log.refused.checkpoints",
                "Checkpoints that did not fit what this site had seen",
                now -> now.log() == null ? 0 : now.log().refused());
        certificate(registry, "tls", SiteStatus::tlsCertificateExpires);
        certificate(registry, "signing", SiteStatus::signingCertificateExpires);
        FunctionCounter.builder("commissure.agent.upload.bytes", agent, SiteAgent::uploadedBytes)
                .description("Bytes of masked vectors that the coordinator acknowledged")
                .register(registry);
        MultiGauge.builder("commissure.agent.info")
                .description("The version that runs")
                .register(registry)
                .register(List.of(MultiGauge.Row.of(Tags.of("version", SiteAgent.version()), 1)));
    }

    private static void gauge(
            PrometheusMeterRegistry registry, String rest, String description, Supplier<Number> value) {
        Gauge.builder("commissure.agent." + rest, value)
                .description(description)
                .register(registry);
    }

    private void ofStatus(
            PrometheusMeterRegistry registry, String rest, String description, ToDoubleFunction<SiteStatus> value) {
        gauge(registry, rest, description, () -> value.applyAsDouble(status));
    }

    private void certificate(PrometheusMeterRegistry registry, String purpose, Function<SiteStatus, String> ends) {
        Gauge.builder(
                        "commissure.agent.certificate.not.after.timestamp.seconds",
                        () -> Instant.parse(ends.apply(status)).getEpochSecond())
                .description("When a certificate of this site ends")
                .tag("certificate", purpose)
                .register(registry);
    }

    @Override
    public void refresh() {
        if (Duration.between(read, clock.instant()).compareTo(STATUS_AGE) > 0) {
            status = SiteStatus.withoutCohort(home, clock, List.of());
            read = clock.instant();
        }
    }

    /** An agent without a connection is healthy: it tries again by itself. */
    @Override
    public boolean healthy() {
        try {
            return agent.unlogged() >= 0;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
