package org.commissure.site.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.function.Supplier;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.Signed;
import org.jdbi.v3.core.Handle;

/**
 * Log entries that this site signed. An entry is persisted before it is sent, and sent again after
 * every reconnect until the coordinator names its index in the log. Thread-safe.
 */
public final class LogOutbox {
    private final SiteDatabase database;

    public LogOutbox(SiteDatabase database) {
        this.database = database;
    }

    /** The name by which a receipt refers to an entry. */
    public static ByteString hash(Signed entry) {
        return SignedMessages.sha256(SignedMessages.canonical(entry));
    }

    /** Adds an entry; part of the caller's transaction. */
    public void add(Handle handle, Signed entry) {
        handle.createUpdate("INSERT OR IGNORE INTO log_entry (entry_sha256, entry) VALUES (:hash, :entry)")
                .bind("hash", hash(entry).toByteArray())
                .bind("entry", SignedMessages.canonical(entry).toByteArray())
                .execute();
    }

    /** Adds an entry in a transaction of its own. */
    public void add(Signed entry) {
        database.transaction(handle -> add(handle, entry));
    }

    /**
     * Adds an entry unless one was added under that name before, also by an earlier process.
     *
     * @param name of what the entry tells, for ever
     */
    public void addOnce(String name, Supplier<Signed> entry) {
        database.transaction(handle -> {
            int added = handle.createUpdate("INSERT OR IGNORE INTO site_setting (name, value) VALUES (:name, x'')")
                    .bind("name", "logged " + name)
                    .execute();
            if (added == 1) {
                add(handle, entry.get());
            }
        });
    }

    /** Entries without a receipt, in the order they were signed. */
    public List<Signed> pending() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT entry FROM log_entry WHERE log_index IS NULL ORDER BY sequence")
                        .map((row, context) -> parse(row.getBytes("entry")))
                        .list());
    }

    public void received(ByteString entrySha256, long index) {
        database.transaction(handle -> handle.createUpdate(
                        "UPDATE log_entry SET log_index = :index WHERE entry_sha256 = :hash AND log_index IS NULL")
                .bind("index", index)
                .bind("hash", entrySha256.toByteArray())
                .execute());
    }

    /** Drops entries that no log will take any more, because the site left the federation they are for. */
    public void forgetUnsent() {
        database.transaction(handle -> handle.execute("DELETE FROM log_entry WHERE log_index IS NULL"));
    }

    /** Whether the entry of that hash is known to be in the log. */
    public boolean isLogged(ByteString entrySha256) {
        return database.jdbi()
                        .withHandle(
                                handle -> handle.createQuery("SELECT count(*) FROM log_entry WHERE entry_sha256 = :hash"
                                                + " AND log_index IS NOT NULL")
                                        .bind("hash", entrySha256.toByteArray())
                                        .mapTo(Long.class)
                                        .one())
                > 0;
    }

    private static Signed parse(byte[] bytes) {
        try {
            return Signed.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the site's database holds a log entry that cannot be decoded", e);
        }
    }
}
