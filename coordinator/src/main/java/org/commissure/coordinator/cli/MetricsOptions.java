package org.commissure.coordinator.cli;

import java.util.Optional;
import org.commissure.protocol.metrics.MetricsAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Prometheus finds what is exported. */
final class MetricsOptions {
    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve metrics for Prometheus (/metrics) and health (/healthz) there; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(
            names = "--metrics-address",
            paramLabel = "IP",
            description = "Address of this machine for them. They are plain text and open to whoever reaches it: sites'"
                    + " names, phases, sizes; so an inner network only (default: ${DEFAULT-VALUE}).")
    private String address = MetricsAddress.LOOPBACK;

    Optional<MetricsAddress> address() {
        return port == null ? Optional.empty() : Optional.of(new MetricsAddress(address, port));
    }

    /** @param served the port that is listened on */
    String url(int served) {
        return "http://" + address + ":" + served + "/metrics";
    }
}
