package org.commissure.privacy.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.jspecify.annotations.Nullable;

/** Reads a log's entries. Checks only the checkpoint's signature: {@link LogVerifier} checks the rest. */
public final class LogReader {
    private LogReader() {}

    /**
     * All entries under the checkpoint, in order. The log may be appended to meanwhile.
     *
     * @throws UserError if {@code dir} is not a log, or an entry under the checkpoint cannot be read
     */
    public static List<LoggedEntry> read(Path dir) {
        return read(dir, 0);
    }

    /** As {@link #read(Path)}, from entry {@code from} on; empty where there are no more. */
    public static List<LoggedEntry> read(Path dir, long from) {
        return read(dir, from, Long.MAX_VALUE);
    }

    /** As {@link #read(Path, long)}, up to entry {@code until}, exclusively. */
    public static List<LoggedEntry> read(Path dir, long from, long until) {
        LogLayout layout = new LogLayout(dir);
        Checkpoint checkpoint = Checkpoint.open(layout.readCheckpoint(), layout.readVerifierKey())
                .orElseThrow(() -> damaged(layout.checkpoint() + " is not signed by the log", null));
        TileFolder tiles = new TileFolder(dir);
        List<LoggedEntry> read = new ArrayList<>();
        long next = from;
        long end = Math.min(until, checkpoint.size());
        try {
            while (next < end) {
                long tile = next / MerkleEdge.TILE_WIDTH;
                long first = tile * MerkleEdge.TILE_WIDTH;
                int width = (int) Math.min(MerkleEdge.TILE_WIDTH, checkpoint.size() - first);
                List<byte[]> leaves = tiles.readEntries(tile, width);
                int cut = (int) Math.min(leaves.size(), end - first);
                for (byte[] leaf : leaves.subList((int) Math.min(next - first, cut), cut)) {
                    LogEntry entry = LogEntry.parseFrom(EntryCheck.decode(leaf).getPayload());
                    read.add(new LoggedEntry(next, entry.getActor(), entry));
                    next++;
                }
                if (leaves.size() < width) {
                    throw damaged("entry " + next + " of the log in " + dir + " is missing", null);
                }
            }
        } catch (IOException | EntryRefusedException e) {
            throw damaged("entry " + next + " of the log in " + dir + " cannot be read", e);
        }
        return List.copyOf(read);
    }

    static UserError damaged(String what) {
        return damaged(what, null);
    }

    private static UserError damaged(String what, @Nullable Exception cause) {
        String remedy = "run 'audit verify' on the folder and restore it from its backup";
        return cause == null ? new UserError(what, remedy) : new UserError(what, remedy, cause);
    }
}
