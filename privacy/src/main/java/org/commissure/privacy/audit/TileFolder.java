package org.commissure.privacy.audit;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.commissure.privacy.durable.DurableFile;

/**
 * The files of a log (C2SP tlog-tiles): {@code tile/<level>/<index>[.p/<width>]} with up to 256
 * hashes, {@code tile/entries/<index>[.p/<width>]} with up to 256 entries. Of a tile that is not full
 * only the widest version is kept, because every narrower one is a prefix of it. Not thread-safe.
 */
final class TileFolder {
    static final String ENTRIES = "entries";

    private final Path tiles;

    /** @param log the log's folder */
    TileFolder(Path log) {
        this.tiles = log.resolve("tile");
    }

    /** The C2SP form of a tile index: groups of three digits, all but the last behind an x. */
    static String encode(long index) {
        StringBuilder path = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x%03d/".formatted(rest % 1000));
        }
        return path.toString();
    }

    /** The tile's first {@code width} hashes; fewer bytes where the file is too short. */
    byte[] readHashes(int level, long index, int width) throws IOException {
        byte[] hashes = read(Integer.toString(level), index, width);
        return Arrays.copyOf(hashes, Math.min(hashes.length, width * MerkleHash.BYTES));
    }

    /** The bundle's first {@code width} entries; fewer where the file is too short. */
    List<byte[]> readEntries(long index, int width) throws IOException {
        return EntryBundle.decode(read(ENTRIES, index, width), width);
    }

    /**
     * One entry of a log of {@code size} entries.
     *
     * @throws IOException if it is missing
     */
    byte[] readEntry(long index, long size) throws IOException {
        long bundle = index / MerkleEdge.TILE_WIDTH;
        int width = (int) Math.min(MerkleEdge.TILE_WIDTH, size - bundle * MerkleEdge.TILE_WIDTH);
        List<byte[]> entries = readEntries(bundle, width);
        int at = (int) (index % MerkleEdge.TILE_WIDTH);
        if (at >= entries.size()) {
            throw new IOException("entry " + index + " is missing or cut off");
        }
        return entries.get(at);
    }

    void writeHashes(int level, long index, byte[] hashes) throws IOException {
        DurableFile.write(file(Integer.toString(level), index, hashes.length / MerkleHash.BYTES), hashes);
    }

    void writeEntries(long index, List<byte[]> entries) throws IOException {
        DurableFile.write(file(ENTRIES, index, entries.size()), EntryBundle.encode(entries));
    }

    /** Deletes what a log of {@code size} entries with {@code levels} tile levels does not need at its edge. */
    void prune(long size, int levels) throws IOException {
        pruneEdge(ENTRIES, size >>> 8, MerkleEdge.widthAt(size, 0));
        for (int level = 0; level < levels; level++) {
            pruneEdge(Integer.toString(level), size >>> (8 * (level + 1)), MerkleEdge.widthAt(size, level));
        }
    }

    /** Deletes the partial versions of a tile that has become full. */
    void prunePartial(int level, long index) throws IOException {
        deletePartials(partialFolder(Integer.toString(level), index), 0);
        if (level == 0) {
            deletePartials(partialFolder(ENTRIES, index), 0);
        }
    }

    /** Deletes all partial versions but those at the edge, in time proportional to the log's size. */
    void prunePartialsBehind(long size, int levels) throws IOException {
        if (!Files.isDirectory(tiles)) {
            return;
        }
        Set<Path> edge = new HashSet<>();
        edge.add(partialFolder(ENTRIES, size >>> 8));
        for (int level = 0; level < levels; level++) {
            edge.add(partialFolder(Integer.toString(level), size >>> (8 * (level + 1))));
        }
        List<Path> behind;
        try (Stream<Path> folders = Files.walk(tiles)) {
            behind = folders.filter(folder -> folder.getFileName().toString().endsWith(".p"))
                    .filter(folder -> !edge.contains(folder))
                    .toList();
        }
        for (Path folder : behind) {
            deletePartials(folder, 0);
        }
    }

    private void pruneEdge(String kind, long edge, int width) throws IOException {
        deletePartials(partialFolder(kind, edge), width);
        // What an interrupted append wrote beyond the edge; it may have filled several tiles.
        for (long index = edge; Files.deleteIfExists(full(kind, index)); index++) {
            deletePartials(partialFolder(kind, index + 1), 0);
        }
    }

    private static void deletePartials(Path folder, int keptWidth) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> versions;
        try (Stream<Path> files = Files.list(folder)) {
            versions = files.toList();
        }
        for (Path version : versions) {
            if (!version.getFileName().toString().equals(Integer.toString(keptWidth))) {
                Files.delete(version);
            }
        }
        if (keptWidth == 0) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                throw new IOException(folder + " holds something that is not the log's", e);
            }
        }
    }

    /**
     * A reader may hold a checkpoint older than the files, so wider versions serve as well. They are
     * tried from narrow to wide: a writer adds the wider one before it deletes the narrower.
     */
    private byte[] read(String kind, long index, int width) throws IOException {
        for (int candidate = width; candidate <= MerkleEdge.TILE_WIDTH; candidate++) {
            Path version = file(kind, index, candidate);
            if (!Files.exists(version)) {
                continue;
            }
            try {
                return Files.readAllBytes(version);
            } catch (NoSuchFileException e) {
                // a wider one replaced it just now
            }
        }
        throw new NoSuchFileException(file(kind, index, width).toString());
    }

    /** Whether exactly this version of a tile is there. */
    boolean hasHashes(int level, long index, int width) {
        return Files.exists(file(Integer.toString(level), index, width));
    }

    /** Whether exactly this version of a bundle is there. */
    boolean hasEntries(long index, int width) {
        return Files.exists(file(ENTRIES, index, width));
    }

    /**
     * A tile's path below the log's folder or address.
     *
     * @param kind a level, or {@code entries}
     */
    static String path(String kind, long index, int width) {
        return "tile/" + kind + "/" + encode(index) + (width == MerkleEdge.TILE_WIDTH ? "" : ".p/" + width);
    }

    private Path file(String kind, long index, int width) {
        return width == MerkleEdge.TILE_WIDTH
                ? full(kind, index)
                : partialFolder(kind, index).resolve(Integer.toString(width));
    }

    private Path full(String kind, long index) {
        return tiles.resolve(kind).resolve(encode(index));
    }

    private Path partialFolder(String kind, long index) {
        return tiles.resolve(kind).resolve(encode(index) + ".p");
    }
}
