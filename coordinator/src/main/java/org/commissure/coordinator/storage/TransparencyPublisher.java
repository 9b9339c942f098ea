package org.commissure.coordinator.storage;

import com.google.protobuf.ByteString;
import java.util.List;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.protocol.UserError;

/**
 * Appends the outbox to the transparency log in the outbox's order. Row k becomes leaf k − 1, so the
 * log's own size says where to go on: after a crash nothing is lost and nothing doubled. Thread-safe.
 */
public final class TransparencyPublisher implements LogPublisher, AutoCloseable {
    private static final int BATCH = 256;

    private final LogOutbox outbox;
    private final TransparencyLog log;

    /** @throws UserError if the log holds more than this database ever gave it */
    public TransparencyPublisher(LogOutbox outbox, TransparencyLog log) {
        this.outbox = outbox;
        this.log = log;
        if (log.size() > outbox.given()) {
            throw new UserError(
                    "the transparency log has " + log.size() + " entries, but the database only knows of "
                            + outbox.given(),
                    "the database was replaced by an older copy; restore the newest backup of the whole home folder");
        }
    }

    @Override
    public synchronized void publish() {
        while (true) {
            List<LogOutbox.Row> rows = outbox.from(log.size(), BATCH);
            if (rows.isEmpty()) {
                return;
            }
            if (rows.getFirst().leaf() != log.size()) {
                throw new IllegalStateException("the log's outbox begins at leaf "
                        + rows.getFirst().leaf() + ", but the log has " + log.size() + " entries");
            }
            log.append(
                    rows.stream().map(LogOutbox.Row::signed).toList(),
                    rows.stream().map(LogOutbox.Row::certificate).distinct().toList());
            outbox.forget(log.size());
        }
    }

    /** Publishes what is due, then gives the checkpoint over it. */
    @Override
    public synchronized ByteString checkpointSha256() {
        publish();
        return ByteString.copyFrom(log.checkpointSha256());
    }

    @Override
    public void close() {
        log.close();
    }
}
