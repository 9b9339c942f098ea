package org.commissure.privacy.audit;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** Compares the stored hash tiles with those that the entries lead to. Not thread-safe. */
final class TileComparison {
    private final TileFolder tiles;
    private Optional<String> firstDifference = Optional.empty();
    private OptionalLong firstLeaf = OptionalLong.empty();
    private long firstCovered;

    TileComparison(TileFolder tiles) {
        this.tiles = tiles;
    }

    /** The first stored tile that differs, by its path. */
    Optional<String> firstDifference() {
        return firstDifference;
    }

    /** The first entry under the hash that differs in {@link #firstDifference}. */
    long firstCovered() {
        return firstCovered;
    }

    /** The first entry whose stored hash differs. */
    OptionalLong firstLeaf() {
        return firstLeaf;
    }

    /** @param hashes what the tile should hold */
    void compare(int level, long index, byte[] hashes) {
        byte[] stored;
        try {
            stored = tiles.readHashes(level, index, hashes.length / MerkleHash.BYTES);
        } catch (IOException e) {
            stored = new byte[0];
        }
        int at = Arrays.mismatch(hashes, stored);
        if (at < 0) {
            return;
        }
        if (firstDifference.isEmpty()) {
            firstDifference = Optional.of("tile/" + level + "/" + TileFolder.encode(index));
            firstCovered = (index * MerkleEdge.TILE_WIDTH + at / MerkleHash.BYTES) << (8 * level);
        }
        if (level == 0 && firstLeaf.isEmpty()) {
            firstLeaf = OptionalLong.of(index * MerkleEdge.TILE_WIDTH + at / MerkleHash.BYTES);
        }
    }

    /** Compares the tiles that are not full. */
    void comparePartials(MerkleEdge edge) {
        for (int level = 0; level < edge.levels(); level++) {
            byte[] hashes = edge.partial(level);
            if (hashes.length > 0) {
                compare(level, edge.size() >>> (8 * (level + 1)), hashes);
            }
        }
    }
}
