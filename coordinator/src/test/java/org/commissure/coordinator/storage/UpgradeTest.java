package org.commissure.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.protocol.UserError;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases as every earlier version left them, opened by this one. */
class UpgradeTest {
    /** Rows of each table, by the version that made it; spelled out, because the code of those versions is gone. */
    private static final Map<Integer, List<String>> ROWS = new TreeMap<>(Map.of(
            1,
                    List.of(
                            "INSERT INTO site (name, tls_sha256, signing_certificate, enrolled_unix_ms)"
                                    + " VALUES ('NYU', x'0102', x'0304', 17)",
                            "INSERT INTO invitation VALUES (x'05', 'UCLA', 18, NULL)",
                            "INSERT INTO run VALUES ('run-1', 19, 1)",
                            "INSERT INTO run_event VALUES ('run-1', 1, 'RunCancelled',"
                                    + " '{\"kind\":\"RunCancelled\",\"atUnixMs\":20,\"reason\":\"why\"}')",
                            "INSERT INTO log_outbox (signed, certificate) VALUES (x'06', x'07')",
                            "DELETE FROM log_outbox",
                            "INSERT INTO log_outbox (signed, certificate) VALUES (x'08', x'09')",
                            "INSERT INTO log_submission VALUES (x'0a', 0)"),
            10,
                    List.of(
                            "INSERT INTO plan VALUES (x'0b', x'0c', 21)",
                            "INSERT INTO plan_decision VALUES (x'0b', 'NYU', 'plan.approved', '', 22)"),
            20,
                    List.of(
                            "UPDATE site SET previous_tls_sha256 = x'0d', tls_expires_unix_ms = 23",
                            "INSERT INTO deny_list VALUES (1, x'0e')",
                            "INSERT INTO run_approval VALUES (x'0b', 'anna', x'0f', x'10')"),
            30,
                    List.of(
                            "INSERT INTO console_user VALUES ('anna', 'officer', '$argon2id$…', 24)",
                            "INSERT INTO console_access (at_unix_ms, person, address, what, outcome)"
                                    + " VALUES (25, 'anna', '::1', 'GET /', 'ok')")));

    private static final List<String> TABLES = List.of(
            "site",
            "invitation",
            "run",
            "run_event",
            "log_outbox",
            "log_submission",
            "plan",
            "plan_decision",
            "deny_list",
            "run_approval",
            "console_user",
            "console_access");

    @TempDir
    private Path folder;

    /** A database of version {@code version} with a row in each of its tables. @return every row, by table */
    private Map<String, List<Map<String, Object>>> older(Path file, int version) {
        var unused = Flyway.configure()
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:db/coordinator")
                .target(Integer.toString(version))
                .load()
                .migrate();
        try (Handle handle = open(file)) {
            ROWS.forEach((since, rows) -> {
                if (since <= version) {
                    rows.forEach(handle::execute);
                }
            });
            return rows(handle);
        }
    }

    private static Handle open(Path file) {
        return Jdbi.create("jdbc:sqlite:" + file).open();
    }

    private static Map<String, List<Map<String, Object>>> rows(Handle handle) {
        Map<String, List<Map<String, Object>>> rows = new TreeMap<>();
        List<String> present = handle.createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                .mapTo(String.class)
                .list();
        for (String table : TABLES) {
            if (present.contains(table)) {
                rows.put(
                        table,
                        handle.createQuery("SELECT * FROM " + table).mapToMap().list());
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 20, 30})
    void aDatabaseOfAnEarlierVersionKeepsEveryRow(int version) {
        Path file = folder.resolve("coordinator.db");
        Map<String, List<Map<String, Object>>> before = older(file, version);
        Database.open(file).close();
        Map<String, List<Map<String, Object>>> after;
        try (Handle handle = open(file)) {
            after = rows(handle);
        }
        assertThat(before).isNotEmpty();
        assertThat(after.keySet()).containsExactlyInAnyOrderElementsOf(TABLES);
        before.forEach((table, rows) -> {
            assertThat(rows).as(table).isNotEmpty();
            List<Map<String, Object>> kept = after.getOrDefault(table, List.of());
            assertThat(kept).as(table).hasSameSizeAs(rows);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(kept.get(i)).as(table).containsAllEntriesOf(rows.get(i));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 20, 30})
    void leavesGivenOutAndEventsOfRunsAreReadAsBefore(int version) {
        Path file = folder.resolve("coordinator.db");
        var unused = older(file, version);
        try (Database database = Database.open(file)) {
            assertThat(Continuity.of(database).given()).isEqualTo(2);
            assertThat(Continuity.of(database).firstWaiting()).hasValue(1);
            assertThat(Continuity.of(database).newestRun()).containsExactly(new RunEvent.RunCancelled(20, "why"));
        }
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAsItIs() {
        Path file = folder.resolve("coordinator.db");
        Database.open(file).close();
        Map<String, List<Map<String, Object>>> before;
        try (Handle handle = open(file)) {
            handle.execute(
                    "INSERT INTO flyway_schema_history SELECT MAX(installed_rank) + 1, '9999', 'of the future', 'SQL',"
                            + " 'V9999__of_the_future.sql', 1, 'x', '2099-01-01 00:00:00.000', 1, 1 FROM"
                            + " flyway_schema_history");
            before = rows(handle);
        }
        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("newer version of Commissure");
        try (Handle handle = open(file)) {
            assertThat(rows(handle)).isEqualTo(before);
        }
    }
}
