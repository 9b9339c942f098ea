package org.commissure.coordinator.cli;

import java.nio.file.Path;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.storage.Database;
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

    /** The home's database, which a serving coordinator may have open as well. */
    Database openDatabase() {
        return home().openDatabase();
    }
}
