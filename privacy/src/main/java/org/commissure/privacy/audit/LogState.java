package org.commissure.privacy.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;

/**
 * What a writer keeps of a log: the right edge of its tree, the entries of the bundle that is not
 * full (at most 255, some 100 KiB), and the checkpoint. Immutable by convention: an append makes a
 * new state, so that one that fails leaves the old.
 */
final class LogState {
    private final MerkleEdge edge;
    private final List<byte[]> openBundle;
    private final String checkpoint;

    private LogState(MerkleEdge edge, List<byte[]> openBundle, String checkpoint) {
        this.edge = edge;
        this.openBundle = openBundle;
        this.checkpoint = checkpoint;
    }

    long size() {
        return edge.size();
    }

    String checkpoint() {
        return checkpoint;
    }

    /** The same log with one more signature under its checkpoint, which is durable when this returns. */
    LogState cosigned(SignedNote.Line line, LogLayout layout) throws IOException {
        String note = SignedNote.parse(checkpoint).orElseThrow().with(line).format();
        DurableFile.write(layout.checkpoint(), note.getBytes(StandardCharsets.UTF_8));
        return new LogState(edge, openBundle, note);
    }

    /** One hash tile that an append filled. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record FullTile(int level, long index, byte[] hashes) {}

    /** Writes entries, tiles and then the checkpoint; the files of the old state stay until it stands. */
    LogState append(List<Signed> entries, LogLayout layout, TileFolder tiles, NoteKey key) throws IOException {
        MerkleEdge next = edge.copy();
        List<byte[]> bundle = new ArrayList<>(openBundle);
        List<FullTile> full = new ArrayList<>();
        for (Signed entry : entries) {
            byte[] leaf = SignedMessages.canonical(entry).toByteArray();
            bundle.add(leaf);
            if (bundle.size() == MerkleEdge.TILE_WIDTH) {
                tiles.writeEntries(next.size() >>> 8, bundle);
                bundle = new ArrayList<>();
            }
            next.add(MerkleHash.leaf(leaf), (level, index, hashes) -> full.add(new FullTile(level, index, hashes)));
        }
        if (!bundle.isEmpty()) {
            tiles.writeEntries(next.size() >>> 8, bundle);
        }
        for (FullTile tile : full) {
            tiles.writeHashes(tile.level(), tile.index(), tile.hashes());
        }
        writeEdge(next, edge, tiles);
        String signed = key.sign(new Checkpoint(key.verifier().name(), next.size(), next.root()).text())
                .format();
        DurableFile.write(layout.checkpoint(), signed.getBytes(StandardCharsets.UTF_8));
        for (FullTile tile : full) {
            tiles.prunePartial(tile.level(), tile.index());
        }
        tiles.prune(next.size(), next.levels());
        return new LogState(next, bundle, signed);
    }

    /** Writes the tiles that are not full, but for those that did not change since {@code before}. */
    private static void writeEdge(MerkleEdge edge, MerkleEdge before, TileFolder tiles) throws IOException {
        for (int level = 0; level < edge.levels(); level++) {
            boolean unchanged = before.size() >>> (8 * level) == edge.size() >>> (8 * level);
            byte[] hashes = edge.partial(level);
            if (hashes.length > 0 && !unchanged) {
                tiles.writeHashes(level, edge.size() >>> (8 * (level + 1)), hashes);
            }
        }
    }

    /**
     * Reads the state under the checkpoint, computes tiles again where they do not lead to its root,
     * and removes what lies beyond it.
     *
     * @throws UserError if the checkpoint or the entries under it are not what was signed
     */
    static LogState recover(LogLayout layout, TileFolder tiles, NoteKey key) {
        String note = layout.readCheckpoint();
        Checkpoint checkpoint = Checkpoint.open(note, key.verifier())
                .orElseThrow(() -> new UserError(
                        layout.checkpoint() + " was not signed with this log's key, or was altered",
                        "restore the log and its key from one backup"));
        try {
            removeTemporaries(layout);
            MerkleEdge edge;
            try {
                edge = edgeFromTiles(checkpoint.size(), tiles);
            } catch (IOException e) {
                edge = new MerkleEdge(); // read from the entries below
            }
            int width = MerkleEdge.widthAt(checkpoint.size(), 0);
            List<byte[]> open = readOpenBundle(checkpoint.size() >>> 8, width, tiles);
            if (!checkpoint.hasRoot(edge.root()) || !isHashedIn(open, edge)) {
                edge = edgeFromEntries(checkpoint, layout, tiles);
            }
            tiles.prune(checkpoint.size(), Math.max(1, edge.levels()));
            tiles.prunePartialsBehind(checkpoint.size(), edge.levels());
            return new LogState(edge, open, note);
        } catch (IOException e) {
            throw new UserError(
                    "the log in " + layout.folder() + " cannot be read: " + e.getMessage(),
                    "'audit verify' names the first bad entry; restore the folder from its backup",
                    e);
        }
    }

    private static MerkleEdge edgeFromTiles(long size, TileFolder tiles) throws IOException {
        List<byte[]> partials = new ArrayList<>();
        for (int level = 0; size >>> (8 * level) > 0; level++) {
            int width = MerkleEdge.widthAt(size, level);
            byte[] hashes = width == 0 ? new byte[0] : tiles.readHashes(level, size >>> (8 * (level + 1)), width);
            if (hashes.length != width * MerkleHash.BYTES) {
                throw new IOException("a tile is too short");
            }
            partials.add(hashes);
        }
        return MerkleEdge.restore(size, partials);
    }

    private static List<byte[]> readOpenBundle(long index, int width, TileFolder tiles) throws IOException {
        return width == 0 ? List.of() : tiles.readEntries(index, width);
    }

    private static boolean isHashedIn(List<byte[]> open, MerkleEdge edge) {
        if (edge.levels() == 0) {
            return open.isEmpty();
        }
        List<byte[]> hashes = MerkleEdge.split(edge.partial(0));
        if (hashes.size() != open.size()) {
            return false;
        }
        for (int i = 0; i < hashes.size(); i++) {
            if (!Arrays.equals(hashes.get(i), MerkleHash.leaf(open.get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** Hashes all entries again and writes their tiles, if they lead to the checkpoint's root. */
    private static MerkleEdge edgeFromEntries(Checkpoint checkpoint, LogLayout layout, TileFolder tiles)
            throws IOException {
        MerkleEdge edge = new MerkleEdge();
        List<FullTile> full = new ArrayList<>();
        while (edge.size() < checkpoint.size()) {
            int width = (int) Math.min(MerkleEdge.TILE_WIDTH, checkpoint.size() - edge.size());
            List<byte[]> entries = tiles.readEntries(edge.size() >>> 8, width);
            for (byte[] entry : entries) {
                edge.add(
                        MerkleHash.leaf(entry), (level, index, hashes) -> full.add(new FullTile(level, index, hashes)));
            }
            if (entries.size() < width) {
                throw lost(layout, "entry " + edge.size() + " of " + checkpoint.size() + " is missing or cut off");
            }
        }
        if (!checkpoint.hasRoot(edge.root())) {
            throw lost(layout, "its entries are not those that its checkpoint was signed for");
        }
        for (FullTile tile : full) {
            tiles.writeHashes(tile.level(), tile.index(), tile.hashes());
        }
        writeEdge(edge, new MerkleEdge(), tiles);
        return edge;
    }

    private static UserError lost(LogLayout layout, String what) {
        return new UserError(
                "the log in " + layout.folder() + " was altered or lost data: " + what,
                "restore the folder from its backup, newest copy first; it is not continued as it is");
    }

    private static void removeTemporaries(LogLayout layout) throws IOException {
        try (Stream<Path> files = Files.walk(layout.folder())) {
            for (Path file : files.filter(LogLayout::isTemporary).toList()) {
                Files.delete(file);
            }
        }
    }
}
