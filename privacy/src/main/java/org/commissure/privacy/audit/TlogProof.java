package org.commissure.privacy.audit;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The proof that one leaf is under a checkpoint, in one text (C2SP tlog-proof, version 1, without
 * extra data).
 *
 * @param index of the leaf, from 0
 * @param path the inclusion proof, from the leaf up
 * @param checkpoint a signed note
 */
record TlogProof(long index, List<byte[]> path, String checkpoint) {
    private static final String HEADER = "c2sp.org/tlog-proof@v1\n";
    private static final String INDEX = "index ";
    /** No tree is higher. */
    private static final int MAXIMUM_HASHES = 63;

    String format() {
        StringBuilder text =
                new StringBuilder(HEADER).append(INDEX).append(index).append('\n');
        path.forEach(
                hash -> text.append(Base64.getEncoder().encodeToString(hash)).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }

    /** Reads a proof; empty where it is not spelt exactly as {@link #format} would spell it. */
    static Optional<TlogProof> parse(String text) {
        int split = text.indexOf("\n\n");
        if (!text.startsWith(HEADER + INDEX) || split < 0) {
            return Optional.empty();
        }
        List<String> lines = text.substring(HEADER.length(), split).lines().toList();
        if (lines.isEmpty() || lines.size() > 1 + MAXIMUM_HASHES) {
            return Optional.empty();
        }
        try {
            List<byte[]> path = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                path.add(Base64.getDecoder().decode(line));
            }
            TlogProof proof = new TlogProof(
                    Long.parseLong(lines.getFirst().substring(INDEX.length())),
                    List.copyOf(path),
                    text.substring(split + 2));
            return proof.format().equals(text) ? Optional.of(proof) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether {@code leaf} is where the proof says under {@code opened}, which is its checkpoint. */
    boolean proves(byte[] leaf, Checkpoint opened) {
        return opened.includes(index, leaf, path);
    }
}
