package org.commissure.coordinator.storage;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What can be told of a database without what is in it: versions, numbers of rows, what kinds of events runs had. */
public final class DatabaseFacts {
    private static final int RUNS = 5;
    private static final int EVENTS = 100;

    private DatabaseFacts() {}

    /** Kind and version of the server, version of the tables, rows of each. */
    public static Map<String, Object> tables(Database database) {
        return database.read(handle -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            try {
                DatabaseMetaData data = handle.getConnection().getMetaData();
                facts.put("kind", data.getDatabaseProductName() + " " + data.getDatabaseProductVersion());
                facts.put("schema_version", schemaVersion(handle));
                facts.put("rows", rows(handle, data));
            } catch (SQLException e) {
                throw new IllegalStateException("the database does not describe itself", e);
            }
            return facts;
        });
    }

    private static String schemaVersion(Handle handle) {
        return handle.createQuery(
                        "SELECT version FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY installed_rank"
                                + " DESC LIMIT 1")
                .mapTo(String.class)
                .one();
    }

    /** Rows of every table of ours, by name. */
    public static SortedMap<String, Long> rows(Database database) {
        return database.read(handle -> {
            try {
                return rows(handle, handle.getConnection().getMetaData());
            } catch (SQLException e) {
                throw new IllegalStateException("the database does not describe itself", e);
            }
        });
    }

    static SortedMap<String, Long> rows(Handle handle, DatabaseMetaData data) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet tables = data.getTables(null, handle.getConnection().getSchema(), "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME"));
            }
        }
        SortedMap<String, Long> rows = new TreeMap<>();
        for (String name : names) {
            if (!name.startsWith("flyway_") && !name.startsWith("sqlite_")) {
                rows.put(
                        name,
                        handle.createQuery("SELECT count(*) FROM " + name)
                                .mapTo(Long.class)
                                .one());
            }
        }
        return rows;
    }

    private record Run(String id, long startedUnixMs, boolean written) {}

    /** The newest runs, newest first: when they began, whether their folder is complete, the kinds of the last events. */
    public static List<Map<String, Object>> runs(Database database) {
        return database.read(handle -> handle
                .createQuery(
                        "SELECT id, started_unix_ms, written FROM run ORDER BY started_unix_ms DESC, id LIMIT " + RUNS)
                .map((row, context) -> new Run(row.getString(1), row.getLong(2), row.getInt(3) == 1))
                .list()
                .stream()
                .map(run -> facts(handle, run))
                .toList());
    }

    private static Map<String, Object> facts(Handle handle, Run run) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("run", run.id());
        facts.put("started", Instant.ofEpochMilli(run.startedUnixMs()).toString());
        facts.put("folder_complete", run.written());
        facts.put(
                "events",
                handle.createQuery("SELECT count(*) FROM run_event WHERE run_id = :id")
                        .bind("id", run.id())
                        .mapTo(Long.class)
                        .one());
        facts.put(
                "last_events",
                handle.createQuery("SELECT kind FROM run_event WHERE run_id = :id ORDER BY seq DESC LIMIT " + EVENTS)
                        .bind("id", run.id())
                        .mapTo(String.class)
                        .list()
                        .reversed());
        return facts;
    }
}
