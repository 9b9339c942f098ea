package org.commissure.site.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** {@code --coordinator}: where else the coordinator may be. */
final class ReplicasOption {
    @Option(
            names = "--coordinator",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "further addresses of the coordinator, tried in turn until one answers; each must show a"
                    + " certificate of this federation's coordinator")
    private List<String> addresses = List.of();

    List<String> addresses() {
        return addresses;
    }
}
