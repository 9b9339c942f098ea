package org.commissure.privacy.audit;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What a log commits to (C2SP tlog-checkpoint): its origin, its size and its root, on one line each. */
final class Checkpoint {
    private final String origin;
    private final long size;
    private final byte[] root;

    Checkpoint(String origin, long size, byte[] root) {
        this.origin = origin;
        this.size = size;
        this.root = root.clone();
    }

    String origin() {
        return origin;
    }

    long size() {
        return size;
    }

    String rootHex() {
        return HexFormat.of().formatHex(root);
    }

    boolean hasRoot(byte[] other) {
        return Arrays.equals(root, other);
    }

    /** Whether {@code leaf} is number {@code index} of the log, by an inclusion proof. */
    boolean includes(long index, byte[] leaf, List<byte[]> path) {
        return MerkleProofs.includes(index, size, MerkleHash.leaf(leaf), path, root);
    }

    /** Whether this log extends {@code earlier}, by a consistency proof; everything extends the empty log. */
    boolean extendsLog(Checkpoint earlier, List<byte[]> proof) {
        return (earlier.size == 0 && proof.isEmpty())
                || MerkleProofs.extendsTree(earlier.size, size, proof, earlier.root, root);
    }

    /** The text that is signed. */
    String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /** Reads {@code note} and checks the log's signature; empty where it is not exactly one of the log. */
    static Optional<Checkpoint> open(String note, NoteKey.Verifier log) {
        Optional<SignedNote> signed = SignedNote.parse(note);
        if (signed.isEmpty() || !signed.get().isSignedBy(log)) {
            return Optional.empty();
        }
        List<String> lines = signed.get().text().lines().toList();
        if (lines.size() != 3) {
            return Optional.empty(); // extension lines: none are in use
        }
        try {
            Checkpoint checkpoint = new Checkpoint(
                    lines.get(0),
                    Long.parseLong(lines.get(1)),
                    Base64.getDecoder().decode(lines.get(2)));
            boolean exact = checkpoint.text().equals(signed.get().text())
                    && checkpoint.size >= 0
                    && checkpoint.root.length == MerkleHash.BYTES
                    && checkpoint.origin.equals(log.name());
            return exact ? Optional.of(checkpoint) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
