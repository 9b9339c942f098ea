package org.commissure.privacy.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes Merkle proofs from stored tiles (RFC 9162, sections 2.1.3.1 and 2.1.4.1), for any tree that
 * the stored one extends. Keeps the tiles that it read, 8 KiB each. Not thread-safe.
 */
final class TreeProofs {
    private static final int LEVELS_IN_TILE = 8;

    private final Tiles tiles;
    private final Map<String, byte[]> read = new HashMap<>();

    /** Where tiles come from. */
    @FunctionalInterface
    interface Tiles {
        /** The first {@code width} hashes of a tile; fewer bytes where they are not stored. */
        byte[] hashes(int level, long index, int width) throws IOException;
    }

    TreeProofs(Tiles tiles) {
        this.tiles = tiles;
    }

    /**
     * That leaf {@code index} is in the tree of {@code size} leaves.
     *
     * @throws IOException if a tile is missing
     */
    List<byte[]> inclusion(long index, long size) throws IOException {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("leaf " + index + " of a tree of " + size);
        }
        List<byte[]> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + Long.highestOneBit(to - from - 1);
            if (index < middle) {
                path.addFirst(root(middle, to));
                to = middle;
            } else {
                path.addFirst(root(from, middle));
                from = middle;
            }
        }
        return path;
    }

    /**
     * That the tree of {@code newSize} leaves extends the one of {@code oldSize}; empty where the old
     * one is empty or the same.
     *
     * @throws IOException if a tile is missing
     */
    List<byte[]> consistency(long oldSize, long newSize) throws IOException {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("a tree of " + oldSize + " leaves in one of " + newSize);
        }
        List<byte[]> proof = new ArrayList<>();
        if (oldSize == 0 || oldSize == newSize) {
            return proof;
        }
        long from = 0;
        long to = newSize;
        while (oldSize < to) {
            long middle = from + Long.highestOneBit(to - from - 1);
            if (oldSize <= middle) {
                proof.addFirst(root(middle, to));
                to = middle;
            } else {
                proof.addFirst(root(from, middle));
                from = middle;
            }
        }
        if (from > 0) {
            proof.addFirst(root(from, to)); // else it is the old tree itself, whose root the verifier has
        }
        return proof;
    }

    /** The root of the tree of the first {@code size} leaves. */
    byte[] root(long size) throws IOException {
        return size == 0 ? MerkleHash.empty() : root(0, size);
    }

    private byte[] root(long from, long to) throws IOException {
        long width = to - from;
        if (Long.bitCount(width) == 1) {
            return complete(Long.numberOfTrailingZeros(width), from / width);
        }
        long middle = from + Long.highestOneBit(width - 1);
        return MerkleHash.node(root(from, middle), root(middle, to));
    }

    /** The root of a complete subtree of 2^height leaves. */
    private byte[] complete(int height, long index) throws IOException {
        int level = height / LEVELS_IN_TILE;
        int rest = height % LEVELS_IN_TILE;
        long first = index << rest;
        int offset = (int) (first % MerkleEdge.TILE_WIDTH);
        int end = offset + (1 << rest);
        byte[] hashes = hashes(level, first / MerkleEdge.TILE_WIDTH, end);
        return MerkleEdge.rootOfFull(
                MerkleEdge.split(Arrays.copyOfRange(hashes, offset * MerkleHash.BYTES, end * MerkleHash.BYTES)));
    }

    private byte[] hashes(int level, long index, int width) throws IOException {
        String name = level + "/" + index;
        byte[] known = read.get(name);
        if (known == null || known.length < width * MerkleHash.BYTES) {
            known = tiles.hashes(level, index, width);
            if (known.length < width * MerkleHash.BYTES) {
                throw new IOException("tile/" + level + "/" + TileFolder.encode(index) + " is cut off");
            }
            read.put(name, known);
        }
        return known;
    }
}
