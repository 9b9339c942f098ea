package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.commissure.coordinator.storage.PostgresConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** {@code --database} and what belongs to it. */
final class DatabaseOptions {
    @ArgGroup(exclusive = false)
    private @Nullable Server server;

    static final class Server {
        @Option(
                names = "--database",
                required = true,
                paramLabel = "URL",
                description = {
                    "Keep the state in PostgreSQL, jdbc:postgresql://HOST:5432/DATABASE, so that two replicas can serve"
                            + " one home (default: a file in the home).",
                    "Beyond this machine TLS is the default, with the server's certificate verified: name its"
                            + " authority with ?sslrootcert=FILE."
                })
        private String url = "";

        @Option(names = "--database-user", paramLabel = "NAME", description = "Who the coordinator is there.")
        private @Nullable String user;

        @Option(
                names = "--database-password-file",
                paramLabel = "FILE",
                description = "Holds the password alone (default: $COMMISSURE_DATABASE_PASSWORD, or ~/.pgpass).")
        private @Nullable Path passwordFile;
    }

    Optional<PostgresConfig> config() {
        return Optional.ofNullable(server)
                .map(named -> new PostgresConfig(
                        named.url,
                        Optional.ofNullable(named.user),
                        Optional.ofNullable(named.passwordFile)
                                .map(file -> file.toAbsolutePath().toString())));
    }
}
