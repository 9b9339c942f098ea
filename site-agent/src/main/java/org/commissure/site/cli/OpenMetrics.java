package org.commissure.site.cli;

import java.time.Clock;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.protocol.metrics.MetricsAddress;
import org.commissure.protocol.metrics.MetricsServer;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.metrics.AgentMeters;
import org.commissure.site.round.SiteAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics beside an agent, if they are wanted and can be had: rounds do not depend on them. */
final class OpenMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenMetrics.class);

    private final Optional<MetricsServer> server;

    private OpenMetrics(Optional<MetricsServer> server) {
        this.server = server;
    }

    /** Never fails: metrics that do not start are told, and the agent serves without. */
    static OpenMetrics beside(SiteAgent agent, SiteHome home, Optional<MetricsAddress> address) {
        return new OpenMetrics(address.flatMap(wanted -> start(agent, home, wanted)));
    }

    private static Optional<MetricsServer> start(SiteAgent agent, SiteHome home, MetricsAddress address) {
        try {
            return Optional.of(
                    MetricsServer.open(address, home.directory(), new AgentMeters(agent, home, Clock.systemUTC())));
        } catch (UserError e) {
            LOG.warn("the site serves without metrics: {}; remedy: {}", e.getMessage(), e.remedy());
            return Optional.empty();
        }
    }

    void tell() {
        server.ifPresent(opened -> LOG.info("the site's metrics are at port {} of loopback", opened.port()));
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
    }
}
