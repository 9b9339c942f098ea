package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.SortedMap;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.Studies;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DatabaseFacts;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.coordinator.storage.PostgresServer;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A federation's state moves from its file into a real PostgreSQL server, and the federation goes on. */
@Timeout(120)
class DatabaseMoveTest {
    @TempDir
    Path folder;

    @Test
    void afterTheMoveEarlierRunsAreThereAndTheNextOneRuns() throws Exception {
        PostgresConfig server = PostgresServer.newDatabase();
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            federation.connectAll();
            run(federation, "run-1");
            CoordinatorHome home = federation.home;
            assertThatThrownBy(() -> home.moveDatabase(server))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("is being served by another process");
            federation.coordinator.close();
            SortedMap<String, Long> before = tables(home);
            SortedMap<String, Long> moved = home.moveDatabase(server);
            assertThat(moved).containsEntry("run", 1L).containsEntry("site", 3L).isEqualTo(before);
            assertThat(tables(home)).containsAllEntriesOf(before);
            assertThat(home.config().database()).hasValue(server);
            assertThat(home.databaseFile()).doesNotExist();
            assertThat(home.movedDatabaseFile()).isNotEmptyFile();
            assertThatThrownBy(() -> home.moveDatabase(server))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("already");

            federation.coordinator = Coordinator.open(home, Clock.systemUTC());
            federation.connectAll();
            run(federation, "run-2");
            assertThat(TestCli.run("run", "status", "--home", home.folder().toString(), "--run-id", "run-1"))
                    .isZero();
        }
    }

    @Test
    void aServerThatHoldsAFederationIsRefusedAndTheHomeStaysAsItWas() throws Exception {
        PostgresConfig server = PostgresServer.newDatabase();
        CoordinatorHome other = new CoordinatorHome(folder.resolve("other"));
        other.create(new CoordinatorConfig("other", "localhost", 0).withDatabase(server), Clock.systemUTC());
        CoordinatorHome home = new CoordinatorHome(folder.resolve("home"));
        home.create(new CoordinatorConfig("test", "localhost", 0), Clock.systemUTC());
        SortedMap<String, Long> before = tables(home);
        assertThatThrownBy(() -> home.moveDatabase(server))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not empty: there are rows in log_outbox");
        assertThat(tables(home)).isEqualTo(before);
        assertThat(home.config().database()).isEmpty();
        assertThat(home.movedDatabaseFile()).doesNotExist();
    }

    private static void run(TestFederation federation, String id) throws Exception {
        federation.start(Studies.text(1, 2, 20), new float[TestFederation.PARAMETERS], id);
        Path card = federation.home.runs().resolve(id + "/model-card.md");
        eventually(() -> Files.exists(card));
    }

    private static SortedMap<String, Long> tables(CoordinatorHome home) {
        try (Database database = home.openDatabase()) {
            return DatabaseFacts.rows(database);
        }
    }
}
