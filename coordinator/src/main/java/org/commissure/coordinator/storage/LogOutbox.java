package org.commissure.coordinator.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.audit.EntryCheck;
import org.commissure.privacy.audit.EntryRefusedException;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;
import org.jdbi.v3.core.Handle;

/**
 * Signed entries on their way into the transparency log. A row is written in the same transaction as
 * the fact it tells, and its number fixes its place in the log, so that a crash between the two
 * neither loses an entry nor doubles one. Thread-safe, across processes too.
 */
public final class LogOutbox {
    private final Database database;
    private final SigningIdentity coordinator;
    private final EntryCheck check;

    /** @param authority that every entry's signer must belong to */
    public LogOutbox(Database database, SigningIdentity coordinator, X509Certificate authority) {
        this.database = database;
        this.coordinator = coordinator;
        this.check = new EntryCheck(authority);
    }

    /** One leaf that is due. */
    public record Row(long leaf, Signed signed, X509Certificate certificate) {}

    /** Adds the coordinator's own entries in their own transaction. */
    public void add(LogEntry... entries) {
        database.write(handle -> add(handle, List.of(entries)));
    }

    /** Adds the coordinator's own entries to a transaction that is under way. */
    void add(Handle handle, List<LogEntry> entries) {
        for (LogEntry entry : entries) {
            insert(handle, coordinator.sign(entry), coordinator.certificate());
        }
    }

    /**
     * Adds what a site submitted; the caller has verified it.
     *
     * @return its leaf in the log, the same for the same entry however often it is submitted
     */
    public long submit(Signed entry, X509Certificate certificate) {
        byte[] sha256 = SignedMessages.sha256(entry.toByteString()).toByteArray();
        return database.writing(handle -> {
            Optional<Long> before = handle.createQuery("SELECT leaf FROM log_submission WHERE entry_sha256 = :sha256")
                    .bind("sha256", sha256)
                    .mapTo(Long.class)
                    .findOne();
            if (before.isPresent()) {
                return before.get();
            }
            long leaf = insert(handle, entry, certificate);
            handle.execute("INSERT INTO log_submission (entry_sha256, leaf) VALUES (?, ?)", sha256, leaf);
            return leaf;
        });
    }

    /** What the log would refuse must not get this far: it would block everything behind it. */
    private long insert(Handle handle, Signed signed, X509Certificate certificate) {
        try {
            var unused = check.open(signed, certificate);
        } catch (EntryRefusedException e) {
            throw new UserError(
                    "an entry cannot be logged: " + e.getMessage(), "check the coordinator's clock and certificate", e);
        }
        try {
            long row = handle.createQuery("UPDATE log_position SET given = given + 1 RETURNING given")
                    .mapTo(Long.class)
                    .one();
            handle.execute(
                    "INSERT INTO log_outbox (leaf, signed, certificate) VALUES (?, ?, ?)",
                    row,
                    signed.toByteArray(),
                    certificate.getEncoded());
            return row - 1; // rows count from 1, leaves from 0
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without an encoding", e);
        }
    }

    /** Up to {@code limit} rows from {@code leaf} on. */
    public List<Row> from(long leaf, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT leaf, signed, certificate FROM log_outbox WHERE leaf > :leaf ORDER BY leaf LIMIT :limit")
                .bind("leaf", leaf)
                .bind("limit", limit)
                .map((row, context) -> new Row(
                        row.getLong("leaf") - 1,
                        signed(row.getBytes("signed")),
                        certificate(ByteString.copyFrom(row.getBytes("certificate")))))
                .list());
    }

    /** Forgets rows that are durable in the log. */
    public void forget(long logSize) {
        database.write(handle -> handle.execute("DELETE FROM log_outbox WHERE leaf <= ?", logSize));
    }

    /** How many leaves were ever given out. */
    public long given() {
        return given(database);
    }

    static long given(Database database) {
        return database.read(handle -> handle.createQuery("SELECT given FROM log_position")
                .mapTo(Long.class)
                .one());
    }

    static X509Certificate certificate(ByteString der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate in the database cannot be read", e);
        }
    }

    private static Signed signed(byte[] bytes) {
        try {
            return Signed.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an entry in the log's outbox cannot be read", e);
        }
    }
}
