package org.commissure.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version of the schema comes in the words of both databases, or the one of them is broken. */
class SchemaTest {
    /** SQLite numbers rows by itself, and has no second process that could lead. */
    private static final Set<String> POSTGRESQL_ONLY = Set.of("run.rowid", "plan.rowid", "leader.epoch");

    @TempDir
    private Path folder;

    @Test
    void bothDatabasesHaveTheSameTablesAndColumns() {
        try (Database postgres = TestDatabase.POSTGRESQL.open(folder);
                Database sqlite = TestDatabase.SQLITE.open(folder)) {
            Set<String> there = columns(postgres);
            assertThat(there).containsAll(POSTGRESQL_ONLY);
            there.removeAll(POSTGRESQL_ONLY);
            assertThat(there).isEqualTo(columns(sqlite)).hasSizeGreaterThan(30);
        }
    }

    private static Set<String> columns(Database database) {
        return database.read(handle -> {
            Set<String> columns = new TreeSet<>();
            try (ResultSet found = handle.getConnection().getMetaData().getColumns(null, null, "%", "%")) {
                while (found.next()) {
                    String schema = found.getString("TABLE_SCHEM");
                    String table = found.getString("TABLE_NAME");
                    if ((schema == null || schema.equals("public"))
                            && !table.startsWith("flyway_")
                            && !table.startsWith("console_access_at")
                            && !table.startsWith("sqlite_")
                            && !table.endsWith("_pkey")
                            && !table.endsWith("_key")) {
                        columns.add(table + "." + found.getString("COLUMN_NAME"));
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return columns;
        });
    }
}
