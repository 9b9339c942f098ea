package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Who calls the coordinator: its own operator, or a person with an identity of their own. */
final class ConnectionOption {
    @ArgGroup(multiplicity = "1")
    private Caller caller = new Caller();

    static final class Caller {
        @Option(names = "--home", paramLabel = "DIR", description = "The coordinator's folder: acts as its operator.")
        private @Nullable Path home;

        @Option(
                names = "--identity",
                paramLabel = "DIR",
                description = "A person's folder, as 'members install' left it: acts as that person.")
        private @Nullable Path identity;
    }

    /** The coordinator's own folder, where that was named. */
    Optional<CoordinatorHome> home() {
        return Optional.ofNullable(caller.home)
                .map(home -> new CoordinatorHome(home.toAbsolutePath().normalize()));
    }

    /** Where the caller's identity lies, and where the coordinator is. */
    PersonFolder person() {
        if (caller.identity != null) {
            return PersonFolder.installed(caller.identity);
        }
        return PersonFolder.operatorOf(home().orElseThrow());
    }

    OperatorClient connect() {
        return new OperatorClient(person());
    }
}
