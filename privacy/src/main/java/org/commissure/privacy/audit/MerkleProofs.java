package org.commissure.privacy.audit;

import java.security.MessageDigest;
import java.util.List;

/**
 * Verifies Merkle proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2). Never throws for a bad proof,
 * whatever it holds.
 */
public final class MerkleProofs {
    private MerkleProofs() {}

    /**
     * Whether {@code leafHash} is leaf number {@code index} of the tree of {@code size} leaves with
     * {@code root}.
     */
    public static boolean includes(long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size || !areHashes(proof) || leafHash.length != MerkleHash.BYTES) {
            return false;
        }
        long node = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof) {
            if (last == 0) {
                return false; // the proof goes on above the root
            }
            if ((node & 1) == 1 || node == last) {
                hash = MerkleHash.node(sibling, hash);
                int levels = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= levels; // a last node without a right sibling rises until it is one
                last >>>= levels;
            } else {
                hash = MerkleHash.node(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && MessageDigest.isEqual(hash, root);
    }

    /**
     * Whether the tree of {@code newSize} leaves with {@code newRoot} extends the tree of {@code
     * oldSize} leaves with {@code oldRoot}, none of whose leaves changed. False for an empty old
     * tree: everything extends it, so that a proof of it proves nothing.
     */
    public static boolean extendsTree(long oldSize, long newSize, List<byte[]> proof, byte[] oldRoot, byte[] newRoot) {
        if (oldSize < 1 || oldSize > newSize || !areHashes(proof)) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && MessageDigest.isEqual(oldRoot, newRoot);
        }
        if (proof.isEmpty()) {
            return false;
        }
        long node = oldSize - 1;
        long last = newSize - 1;
        int levels = Long.numberOfTrailingZeros(~node); // the old tree's last complete subtree
        node >>>= levels;
        last >>>= levels;
        // Where the old tree is complete itself, its root is the seed and is left out of the proof.
        byte[] seed = node == 0 ? oldRoot : proof.getFirst();
        byte[] oldHash = seed;
        byte[] newHash = seed;
        for (byte[] sibling : node == 0 ? proof : proof.subList(1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = MerkleHash.node(sibling, oldHash);
                newHash = MerkleHash.node(sibling, newHash);
                int rise = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= rise;
                last >>>= rise;
            } else {
                newHash = MerkleHash.node(newHash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && MessageDigest.isEqual(oldHash, oldRoot) && MessageDigest.isEqual(newHash, newRoot);
    }

    private static boolean areHashes(List<byte[]> proof) {
        return proof.stream().allMatch(hash -> hash.length == MerkleHash.BYTES);
    }
}
