package org.commissure.privacy.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The right edge of a Merkle tree that is cut into tiles of 8 levels: for each tile level, the
 * hashes of the one tile that is not full. Enough to append and to compute the root, with some 8 KiB
 * of memory per tile level, whatever the size of the tree.
 *
 * <p>Hash {@code i} of tile level 0 is leaf {@code i}; hash {@code i} of level {@code L+1} is the root
 * of tile {@code i} of level {@code L}. Not thread-safe.
 */
final class MerkleEdge {
    static final int TILE_WIDTH = 256;

    private final List<List<byte[]>> levels = new ArrayList<>();
    private long size;

    /** Told of each tile at the moment its last hash is known. */
    @FunctionalInterface
    interface FullTiles {
        void full(int level, long index, byte[] hashes);
    }

    MerkleEdge() {}

    private MerkleEdge(MerkleEdge other) {
        other.levels.forEach(level -> levels.add(new ArrayList<>(level)));
        size = other.size;
    }

    /** @param partialTiles the hashes of each level's tile that is not full, concatenated */
    static MerkleEdge restore(long size, List<byte[]> partialTiles) {
        MerkleEdge edge = new MerkleEdge();
        edge.size = size;
        partialTiles.forEach(tile -> edge.levels.add(split(tile)));
        return edge;
    }

    MerkleEdge copy() {
        return new MerkleEdge(this);
    }

    long size() {
        return size;
    }

    int levels() {
        return levels.size();
    }

    void add(byte[] leafHash, FullTiles sink) {
        add(0, leafHash, sink);
        size++;
    }

    private void add(int level, byte[] hash, FullTiles sink) {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        List<byte[]> tile = levels.get(level);
        tile.add(hash);
        if (tile.size() == TILE_WIDTH) {
            sink.full(level, size >>> (8 * (level + 1)), join(tile));
            byte[] root = rootOfFull(tile);
            tile.clear();
            add(level + 1, root, sink);
        }
    }

    /** The hashes of the level's tile that is not full, concatenated; may be empty. */
    byte[] partial(int level) {
        return join(levels.get(level));
    }

    /** RFC 6962, section 2.1: the complete subtrees, largest first, joined from the right. */
    byte[] root() {
        byte[] root = null;
        for (List<byte[]> tile : levels) {
            int end = tile.size();
            while (end > 0) {
                int width = Integer.lowestOneBit(end);
                byte[] subtree = rootOfFull(tile.subList(end - width, end));
                root = root == null ? subtree : MerkleHash.node(subtree, root);
                end -= width;
            }
        }
        return root == null ? MerkleHash.empty() : root;
    }

    static int widthAt(long size, int level) {
        return (int) ((size >>> (8 * level)) & (TILE_WIDTH - 1));
    }

    static byte[] rootOfFull(List<byte[]> hashes) {
        List<byte[]> row = hashes;
        while (row.size() > 1) {
            List<byte[]> above = new ArrayList<>(row.size() / 2);
            for (int i = 0; i < row.size(); i += 2) {
                above.add(MerkleHash.node(row.get(i), row.get(i + 1)));
            }
            row = above;
        }
        return row.getFirst();
    }

    static List<byte[]> split(byte[] hashes) {
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < hashes.length; at += MerkleHash.BYTES) {
            parts.add(Arrays.copyOfRange(hashes, at, at + MerkleHash.BYTES));
        }
        return parts;
    }

    private static byte[] join(List<byte[]> hashes) {
        byte[] joined = new byte[hashes.size() * MerkleHash.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, joined, i * MerkleHash.BYTES, MerkleHash.BYTES);
        }
        return joined;
    }
}
