package org.commissure.privacy.audit;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A text with signature lines below it (C2SP signed-note).
 *
 * @param text ends with a newline
 */
record SignedNote(String text, List<Line> signatures) {
    private static final String DASH = "— ";

    /**
     * @param keyName who signed
     * @param bytes four bytes of key id, then the signature
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(String keyName, byte[] bytes) {
        String format() {
            return DASH + keyName + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
        }
    }

    String format() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(line -> note.append(line.format()));
        return note.toString();
    }

    /** This note with one more signature line, which replaces an earlier one of the same signer. */
    SignedNote with(Line added) {
        Stream<Line> others = signatures.stream().filter(line -> !line.keyName().equals(added.keyName()));
        return new SignedNote(text, Stream.concat(others, Stream.of(added)).toList());
    }

    /** Reads a note; empty where it is not spelt exactly as {@link #format} would, or somebody signed twice. */
    static Optional<SignedNote> parse(String note) {
        int split = note.lastIndexOf("\n\n");
        if (split < 0 || !note.endsWith("\n")) {
            return Optional.empty();
        }
        String text = note.substring(0, split + 1);
        List<Line> lines = new ArrayList<>();
        for (String line : note.substring(split + 2).lines().toList()) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3) {
                return Optional.empty();
            }
            try {
                lines.add(new Line(parts[1], Base64.getDecoder().decode(parts[2])));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        SignedNote parsed = new SignedNote(text, List.copyOf(lines));
        long signers = lines.stream().map(Line::keyName).distinct().count();
        return lines.isEmpty() || signers < lines.size() || !parsed.format().equals(note)
                ? Optional.empty()
                : Optional.of(parsed);
    }

    /** Whether the owner of {@code key} signed the text; signatures by others do not matter. */
    boolean isSignedBy(NoteKey.Verifier key) {
        return signatures.stream().anyMatch(line -> key.signed(text, line));
    }
}
