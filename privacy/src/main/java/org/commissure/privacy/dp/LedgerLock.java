package org.commissure.privacy.dp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.commissure.protocol.UserError;

/**
 * Held by the one writer of a ledger. The lock has a file of its own, because a repair replaces the
 * ledger's. Ends with the process, however that ends.
 */
final class LedgerLock implements AutoCloseable {
    /**
     * What this process holds. Asking the operating system again from here would be harmful: POSIX
     * drops a process's lock as soon as that process closes any handle of the same file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path held;
    private final FileChannel channel;

    private LedgerLock(Path held, FileChannel channel) {
        this.held = held;
        this.channel = channel;
    }

    /** @throws UserError if another agent, in this process or another, holds it */
    static LedgerLock acquire(Path ledger) throws IOException {
        Path folder = ledger.toAbsolutePath().getParent();
        if (folder == null) {
            throw inUse(ledger); // the root folder is no file
        }
        Path held = folder.toRealPath().resolve(ledger.getFileName() + ".lock");
        if (!HELD.add(held)) {
            throw inUse(ledger);
        }
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(held, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                locked = channel.tryLock() != null;
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
            if (!locked) {
                throw inUse(ledger);
            }
            return new LedgerLock(held, channel);
        } finally {
            if (!locked) {
                HELD.remove(held);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) { // a second close must not release a later holder's entry
            try {
                channel.close();
            } finally {
                HELD.remove(held); // last: until then nobody here may touch the file
            }
        }
    }

    private static UserError inUse(Path ledger) {
        return new UserError(
                "the privacy ledger " + ledger + " is in use by another site agent",
                "stop the other agent; two may not share one home folder");
    }
}
