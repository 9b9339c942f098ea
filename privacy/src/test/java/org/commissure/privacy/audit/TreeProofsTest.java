package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreeProofsTest {
    /** A tree in memory: what tiles it has, and the root at each size. */
    private static final class Tree {
        final Map<String, byte[]> tiles = new HashMap<>();
        final Map<Long, byte[]> roots = new HashMap<>();
        final MerkleEdge edge = new MerkleEdge();

        Tree(int size, boolean keepRoots) {
            roots.put(0L, edge.root());
            for (int i = 0; i < size; i++) {
                edge.add(leaf(i), (level, index, hashes) -> tiles.put(level + "/" + index, hashes));
                if (keepRoots || i == size - 1) {
                    roots.put((long) i + 1, edge.root());
                }
            }
            for (int level = 0; level < edge.levels(); level++) {
                tiles.putIfAbsent(level + "/" + (edge.size() >>> (8 * (level + 1))), edge.partial(level));
            }
        }

        byte[] hashes(int level, long index, int width) {
            byte[] tile = tiles.getOrDefault(level + "/" + index, new byte[0]);
            return Arrays.copyOf(tile, Math.min(tile.length, width * MerkleHash.BYTES));
        }

        byte[] root(long size) {
            return Objects.requireNonNull(roots.get(size));
        }
    }

    private static byte[] leaf(long i) {
        return MerkleHash.leaf(ByteBuffer.allocate(8).putLong(i).array());
    }

    @Test
    void everyProofOfSmallTreesIsAccepted() throws Exception {
        Tree tree = new Tree(70, true);
        TreeProofs proofs = new TreeProofs(tree::hashes);
        for (long size = 1; size <= 70; size++) {
            assertThat(proofs.root(size)).isEqualTo(tree.root(size));
            for (long index = 0; index < size; index++) {
                assertThat(MerkleProofs.includes(
                                index, size, leaf(index), proofs.inclusion(index, size), tree.root(size)))
                        .as("leaf %d of %d", index, size)
                        .isTrue();
            }
            for (long old = 1; old <= size; old++) {
                assertThat(MerkleProofs.extendsTree(
                                old, size, proofs.consistency(old, size), tree.root(old), tree.root(size)))
                        .as("%d extends %d", size, old)
                        .isTrue();
            }
        }
    }

    @Test
    void proofsCrossTileBordersAndLevels() throws Exception {
        int size = 66_000; // three tile levels
        Tree tree = new Tree(size, true);
        TreeProofs proofs = new TreeProofs(tree::hashes);
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            long now = i < 8
                    ? new long[] {255, 256, 257, 65_535, 65_536, 65_537, 65_792, size}[i]
                    : 1 + random.nextInt(size);
            long index = random.nextLong(now);
            long old = 1 + random.nextLong(now);
            assertThat(MerkleProofs.includes(index, now, leaf(index), proofs.inclusion(index, now), tree.root(now)))
                    .as("leaf %d of %d", index, now)
                    .isTrue();
            assertThat(MerkleProofs.extendsTree(old, now, proofs.consistency(old, now), tree.root(old), tree.root(now)))
                    .as("%d extends %d", now, old)
                    .isTrue();
        }
    }

    @Test
    void whatIsNotStoredCannotBeProved() {
        Tree tree = new Tree(300, false);
        TreeProofs proofs = new TreeProofs(tree::hashes);
        assertThatThrownBy(() -> proofs.inclusion(5, 400)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> proofs.inclusion(300, 300)).isInstanceOf(IllegalArgumentException.class);
        assertThat(List.of(0L, 300L))
                .allSatisfy(old -> assertThat(proofs.consistency(old, 300)).isEmpty());
    }
}
