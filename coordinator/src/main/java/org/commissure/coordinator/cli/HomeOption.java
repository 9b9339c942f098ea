package org.commissure.coordinator.cli;

import java.nio.file.Path;
import org.commissure.coordinator.federation.CoordinatorHome;
import picocli.CommandLine.Option;

/** {@code --home}, the same on every command. */
final class HomeOption {
    @Option(
            names = "--home",
            required = true,
            paramLabel = "DIR",
            description = "The coordinator's folder: identities, database, log, runs.")
    private Path folder = Path.of(".");

    CoordinatorHome home() {
        return new CoordinatorHome(folder.toAbsolutePath().normalize());
    }
}
