package org.commissure.site.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
                    "INSERT INTO site_setting VALUES ('salt', x'01')",
                    "INSERT INTO secure_sum VALUES ('run', 1, 'TRAIN', 1, 'uploaded', x'02', x'03', x'04', '', 5, 6)",
                    "INSERT INTO sealed_cohort VALUES ('run', x'05', x'06', x'07')",
                    "INSERT INTO log_entry (entry_sha256, entry) VALUES (x'08', x'09')"),
            10,
            List.of(
                    "INSERT INTO plan VALUES (x'0a', x'0b', 12)",
                    "INSERT INTO plan_decision (plan_sha256, action, steward, terms, signature, reason, decided_ms)"
                            + " VALUES (x'0a', 'approve', 'anna', '{}', x'0c', '', 13)",
                    "INSERT INTO plan_run VALUES (x'0a', 'run')",
                    "INSERT INTO consent_change (patient, withdrawn, changed_ms) VALUES (x'0d', 1, 14)")));

    private static final List<String> TABLES = List.of(
            "site_setting",
            "secure_sum",
            "sealed_cohort",
            "log_entry",
            "plan",
            "plan_decision",
            "plan_run",
            "consent_change");

    @TempDir
    private Path folder;

    /** A database of version {@code version} with a row in each of its tables. @return every row, by table */
    private Map<String, List<Map<String, Object>>> older(Path file, int version) {
        var unused = Flyway.configure()
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:db/site")
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
    @ValueSource(ints = {1, 10})
    void aDatabaseOfAnEarlierVersionKeepsEveryRow(int version) {
        Path file = folder.resolve("site.db");
        Map<String, List<Map<String, Object>>> before = older(file, version);
        SiteDatabase unused = SiteDatabase.open(file);
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

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAsItIs() {
        Path file = folder.resolve("site.db");
        SiteDatabase unused = SiteDatabase.open(file);
        Map<String, List<Map<String, Object>>> before;
        try (Handle handle = open(file)) {
            handle.execute(
                    "INSERT INTO flyway_schema_history SELECT MAX(installed_rank) + 1, '9999', 'of the future', 'SQL',"
                            + " 'V9999__of_the_future.sql', 1, 'x', '2099-01-01 00:00:00.000', 1, 1 FROM"
                            + " flyway_schema_history");
            before = rows(handle);
        }
        assertThatThrownBy(() -> SiteDatabase.open(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("newer version of Commissure");
        try (Handle handle = open(file)) {
            assertThat(rows(handle)).isEqualTo(before);
        }
    }
}
