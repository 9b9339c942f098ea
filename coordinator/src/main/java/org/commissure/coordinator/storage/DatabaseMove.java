package org.commissure.coordinator.storage;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.commissure.protocol.UserError;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Copies everything that a SQLite file holds into an empty schema of PostgreSQL, in one transaction there, while nobody
 * writes here. Before it commits, the rows of each table are compared by an order-free hash.
 */
public final class DatabaseMove {
    /** Others refer to them. */
    private static final List<String> FIRST = List.of("run", "plan");

    /** Numbered by the database, in the order of insertion; nothing refers to it. */
    private static final Set<String> OWN_NUMBER = Set.of("console_access.id");

    /** One row from the beginning. */
    private static final String POSITION = "log_position";

    private DatabaseMove() {}

    /**
     * Copies all tables.
     *
     * @param from a SQLite file of the newest version; not changed
     * @param to empty, of the newest version; all of it or nothing is there afterwards
     * @return rows of each table
     * @throws UserError if {@code to} holds something already, or holds something else afterwards
     */
    public static SortedMap<String, Long> copy(Database from, Database to) {
        return from.writing(source -> to.writing(target -> {
            try {
                return copy(source, target);
            } catch (SQLException e) {
                throw new UserError(
                        "the database cannot be copied: " + e.getMessage(),
                        "check both databases; nothing was written",
                        e);
            }
        }));
    }

    private static SortedMap<String, Long> copy(Handle source, Handle target) throws SQLException {
        SortedMap<String, Long> held =
                new TreeMap<>(DatabaseFacts.rows(target, target.getConnection().getMetaData()));
        held.keySet().removeAll(Set.of(POSITION, "leader"));
        held.values().removeIf(rows -> rows == 0);
        long given = target.createQuery("SELECT given FROM " + POSITION)
                .mapTo(Long.class)
                .one();
        if (!held.isEmpty() || given > 0) {
            throw new UserError(
                    "the database to move to is not empty: "
                            + (held.isEmpty()
                                    ? "a coordinator has written " + given + " log entries from it"
                                    : "there are rows in " + String.join(", ", held.keySet())),
                    "name an empty database");
        }
        target.execute("DELETE FROM " + POSITION);
        SortedMap<String, Long> rows =
                DatabaseFacts.rows(source, source.getConnection().getMetaData());
        List<String> tables = new ArrayList<>(FIRST);
        rows.keySet().stream().filter(table -> !FIRST.contains(table)).forEach(tables::add);
        for (String table : tables) {
            copy(table, source, target);
        }
        return rows;
    }

    private static void copy(String table, Handle source, Handle target) throws SQLException {
        List<String> columns = columns(table, source);
        String listed = String.join(", ", columns);
        String read = "SELECT " + listed + " FROM " + table;
        BigInteger hash = BigInteger.ZERO;
        try (PreparedStatement from = source.getConnection().prepareStatement(read + " ORDER BY rowid");
                ResultSet row = from.executeQuery();
                PreparedStatement into = target.getConnection()
                        .prepareStatement("INSERT INTO " + table + " (" + listed + ") VALUES ("
                                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")")) {
            while (row.next()) {
                List<@Nullable Object> values = values(row, columns.size());
                hash = hash.add(hash(values));
                for (int i = 0; i < values.size(); i++) {
                    into.setObject(i + 1, values.get(i));
                }
                into.executeUpdate();
            }
        }
        BigInteger arrived = BigInteger.ZERO;
        try (PreparedStatement again = target.getConnection().prepareStatement(read);
                ResultSet row = again.executeQuery()) {
            while (row.next()) {
                arrived = arrived.add(hash(values(row, columns.size())));
            }
        }
        if (!arrived.equals(hash)) {
            throw new UserError(
                    "table " + table + " does not hold in PostgreSQL what it holds in the file",
                    "nothing was written there and nothing changed here; report this");
        }
    }

    private static List<String> columns(String table, Handle source) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (ResultSet found = source.getConnection().getMetaData().getColumns(null, null, table, "%")) {
            while (found.next()) {
                String name = found.getString("COLUMN_NAME");
                if (!OWN_NUMBER.contains(table + "." + name)) {
                    columns.add(name);
                }
            }
        }
        return columns.stream().sorted().toList();
    }

    /** Numbers as long, text as every store writes it, bytes, or null. */
    private static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            Object value = row.getObject(i);
            values.add(
                    switch (value) {
                        case null -> null;
                        case Number number -> number.longValue();
                        case String text -> Texts.storable(text);
                        default -> value;
                    });
        }
        return values;
    }

    private static BigInteger hash(List<@Nullable Object> values) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        for (Object value : values) {
            byte[] bytes = switch (value) {
                case null -> new byte[0];
                case Long number ->
                    ByteBuffer.allocate(Long.BYTES).putLong(number).array();
                case String text -> text.getBytes(StandardCharsets.UTF_8);
                case byte[] blob -> blob;
                default -> throw new IllegalStateException("a value of an unknown kind: " + value.getClass());
            };
            digest.update((byte) (value == null ? 0 : 1));
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return new BigInteger(1, digest.digest());
    }
}
