package org.commissure.coordinator.storage;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.DenyList;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;

/**
 * The deny list in the database, signed. Another process may change it at any time; {@link #refresh} notices.
 * Thread-safe.
 */
public final class DenyLists implements Supplier<DenyList> {
    private final Database database;
    private final LogOutbox outbox;
    private final SigningIdentity coordinator;
    private final CertificateVerifier verifier;
    private volatile Newest newest = new Newest(DenyList.EMPTY, new byte[0]);

    /** @param signed empty for the list that nobody signed */
    private record Newest(DenyList list, byte[] signed) {}

    /**
     * @param coordinator signs new lists
     * @param verifier must not itself ask for the deny list
     */
    public DenyLists(Database database, LogOutbox outbox, SigningIdentity coordinator, CertificateVerifier verifier) {
        this.database = database;
        this.outbox = outbox;
        this.coordinator = coordinator;
        this.verifier = verifier;
        boolean unused = refresh();
    }

    @Override
    public DenyList get() {
        return newest.list();
    }

    /** As it travels to sites; empty if nobody was ever denied. */
    public byte[] signed() {
        return newest.signed().clone();
    }

    /** @return whether there is a newer list than before */
    public synchronized boolean refresh() {
        Optional<byte[]> stored = database.read(handle -> handle.createQuery(
                        "SELECT signed FROM deny_list WHERE sequence > :known ORDER BY sequence DESC LIMIT 1")
                .bind("known", newest.list().sequence())
                .map((row, context) -> row.getBytes("signed"))
                .findOne());
        if (stored.isEmpty()) {
            return false;
        }
        try {
            newest = new Newest(DenyList.open(stored.get(), verifier), stored.get());
            return true;
        } catch (CertificateRefusedException e) {
            throw new UserError(
                    "the deny list in the database is damaged: " + e.getMessage(),
                    "restore the newest backup of the whole home folder",
                    e);
        }
    }

    /**
     * Signs and stores the next list together with its log entry. A member who is denied is no enrolled site any more.
     *
     * @param change makes the next list of the newest
     */
    public synchronized void change(
            Role role, String name, UnaryOperator<DenyList> change, LogEntry entry, Clock clock) {
        database.write(handle -> {
            boolean unused = refresh();
            DenyList next = change.apply(get());
            handle.execute(
                    "INSERT INTO deny_list (sequence, signed) VALUES (?, ?)",
                    next.sequence(),
                    next.signed(verifier.federationId(), coordinator, clock));
            if (role == Role.SITE && next.standing(role, name).isPresent()) {
                handle.execute("DELETE FROM site WHERE name = ?", name);
                handle.execute("DELETE FROM invitation WHERE site = ? AND used_unix_ms IS NULL", name);
            }
            outbox.add(handle, List.of(entry));
        });
        boolean unused = refresh();
    }
}
