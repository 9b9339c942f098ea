package org.commissure.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas in one JVM, on one real server. */
@Timeout(60)
class LeadershipTest {
    private static final String INSERT = "INSERT INTO run (id, started_unix_ms) VALUES (?, 0)";

    private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> standingBy = new LinkedBlockingQueue<>();
    private PostgresConfig config;

    @BeforeEach
    void open() {
        config = PostgresServer.newDatabase();
    }

    private Leadership lead(String name) {
        try {
            return Leadership.await(config, () -> standingBy.add(name), why -> lost.add(name + ": " + why));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> runs(Database database) {
        return database.read(handle ->
                handle.createQuery("SELECT id FROM run").mapTo(String.class).list());
    }

    /** As when a network breaks, or a process does not get the processor for too long. */
    private void endSessionsOf(String application) {
        String name = config.url().substring(config.url().lastIndexOf('/') + 1);
        PostgresServer.administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name
                + "' AND application_name = '" + application + "'");
    }

    @Test
    void theNextReplicaLeadsOnceTheFirstHasLeftAndNotBefore() throws Exception {
        Leadership first = lead("first");
        CompletableFuture<Leadership> second = CompletableFuture.supplyAsync(() -> lead("second"));
        assertThat(standingBy.poll(20, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(second).isNotDone();
        first.close();
        second.get(20, TimeUnit.SECONDS).close();
        assertThat(lost).isEmpty();
    }

    @Test
    void aLeaderOfYesterdayLearnsItAndWritesNothing() throws Exception {
        try (Database old = Database.open(config);
                Database present = Database.open(config);
                Leadership first = lead("first")) {
            first.begin(old);
            old.write(handle -> handle.execute(INSERT, "before"));

            endSessionsOf("commissure leader");
            try (Leadership second = lead("second")) {
                second.begin(present);
                assertThat(lost.poll(20, TimeUnit.SECONDS)).startsWith("first: the session with the leader's lock");
                assertThatThrownBy(() -> old.write(handle -> handle.execute(INSERT, "late")))
                        .hasMessage("this process does not lead any more");
                present.write(handle -> handle.execute(INSERT, "after"));
                assertThat(runs(present)).containsExactlyInAnyOrder("before", "after");
                assertThat(lost).isEmpty();
            }
        }
    }

    @Test
    void aWriterThatWakesUpUnderTheLockOfTheNextLeaderIsToldBeforeItNoticesItself() throws Exception {
        try (Database old = Database.open(config);
                Database present = Database.open(config);
                Leadership first = lead("first")) {
            first.begin(old);
            // Nothing but the number tells: the first one's own session is as it was.
            present.write(handle -> handle.execute("UPDATE leader SET epoch = epoch + 1"));
            assertThatThrownBy(() -> old.write(handle -> handle.execute(INSERT, "late")))
                    .hasMessage("this process does not lead any more");
            assertThat(lost.poll()).contains("leader number 2 has taken over from number 1");
            assertThat(runs(present)).isEmpty();
        }
    }

    @Test
    void aDatabaseThatIsLostInTheMiddleOfAWriteEndsTheLeaderAndADefectOfAStatementDoesNot() throws Exception {
        try (Database database = Database.open(config);
                Leadership leader = lead("first")) {
            leader.begin(database);
            assertThatThrownBy(() -> database.write(handle -> handle.execute("INSERT INTO nowhere VALUES (1)")))
                    .isInstanceOf(JdbiException.class);
            assertThat(lost).isEmpty();
            assertThatThrownBy(() -> database.write(handle -> {
                        endSessionsOf("commissure coordinator");
                        handle.execute(INSERT, "late");
                    }))
                    .isInstanceOf(JdbiException.class);
            assertThat(lost.poll()).startsWith("first: the database is lost");
        }
        try (Database again = Database.open(config)) {
            assertThat(runs(again)).isEmpty();
        }
    }

    /** What a caller who is no leader does, such as a command of the operator, works beside it. */
    @Test
    void whoDoesNotLeadMayWriteBesideTheLeader() throws Exception {
        try (Database database = Database.open(config);
                Database command = Database.open(config);
                Leadership leader = lead("first")) {
            leader.begin(database);
            command.write(handle -> handle.execute(INSERT, "by command"));
            database.write(handle -> handle.execute(INSERT, "by leader"));
            assertThat(runs(database)).containsExactlyInAnyOrder("by command", "by leader");
            assertThat(lost).isEmpty();
        }
    }
}
