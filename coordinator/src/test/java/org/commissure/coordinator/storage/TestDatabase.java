package org.commissure.coordinator.storage;

import java.nio.file.Path;
import java.util.Optional;

/** The databases that every store is tested against. */
public enum TestDatabase {
    SQLITE,
    POSTGRESQL;

    /** What stands in a new federation's configuration. Skips the test where there is no server. */
    public Optional<PostgresConfig> config() {
        return this == POSTGRESQL ? Optional.of(PostgresServer.newDatabase()) : Optional.empty();
    }

    /** A new database. Skips the test where there is no server. */
    public Database open(Path folder) {
        return config().map(Database::open).orElseGet(() -> Database.open(folder.resolve("coordinator.db")));
    }
}
