package org.commissure.coordinator.federation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.commissure.protocol.UserError;

/** Held by the one process that serves a home, or that changes what a serving one relies on. */
final class ServeLock implements AutoCloseable {
    private final FileChannel channel;

    private ServeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Empty where another process has it. */
    static Optional<ServeLock> take(CoordinatorHome home) throws IOException {
        FileChannel channel = FileChannel.open(
                home.folder().resolve("serve.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isTaken(channel)) {
            return Optional.of(new ServeLock(channel));
        }
        channel.close();
        return Optional.empty();
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process serves it already
        }
    }

    static UserError servedAlready(CoordinatorHome home) {
        return new UserError(
                home.folder() + " is being served by another process", "stop that one first, or use another --home");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
