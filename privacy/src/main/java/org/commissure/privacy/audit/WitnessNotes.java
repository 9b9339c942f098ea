package org.commissure.privacy.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Checks the cosignatures of a log's folder while its entries are read: those under the newest
 * checkpoint and, in {@code witnesses/<site>}, those under the newest checkpoint that each witness
 * has cosigned. Not thread-safe.
 */
final class WitnessNotes {
    private final NoteKey.Verifier log;
    private final Cosignatures keys;
    private final List<Kept> kept = new ArrayList<>();
    private final Set<Kept> confirmed = new HashSet<>();

    private record Kept(String file, SignedNote note, Checkpoint checkpoint) {}

    private WitnessNotes(NoteKey.Verifier log) {
        this.log = log;
        this.keys = new Cosignatures(log.name());
    }

    /**
     * The notes as they lie in the folder. To be read before the checkpoint: a log that is appended to
     * meanwhile is then never shorter than what its witnesses saw.
     */
    static SortedMap<String, String> read(LogLayout layout) {
        SortedMap<String, String> notes = new TreeMap<>();
        for (Path file : files(layout.witnesses())) {
            String text;
            try {
                text = Files.readString(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                text = ""; // no note, which open says
            }
            notes.put("witnesses/" + file.getFileName(), text);
        }
        return notes;
    }

    /** The notes, or why they cannot be judged. */
    record Opened(WitnessNotes notes, Optional<String> problem) {}

    /**
     * @param read from the same folder before
     * @param note the newest checkpoint, whose signature by the log was verified
     */
    static Opened open(SortedMap<String, String> read, String note, long size, NoteKey.Verifier log) {
        WitnessNotes notes = new WitnessNotes(log);
        Optional<String> bad = notes.add("checkpoint", note) ? Optional.empty() : Optional.of("checkpoint");
        for (Map.Entry<String, String> file : read.entrySet()) {
            if (bad.isEmpty() && !notes.add(file.getKey(), file.getValue())) {
                bad = Optional.of(file.getKey());
            }
        }
        if (bad.isPresent()) {
            return new Opened(notes, bad.map(file -> file + " was altered"));
        }
        return new Opened(
                notes,
                notes.kept.stream()
                        .filter(one -> one.checkpoint().size() > size)
                        .map(one -> "the log was shortened after " + one.file() + " was written, or was being copied"
                                + " while it grew: copy it again")
                        .findFirst());
    }

    private boolean add(String file, String text) {
        Optional<SignedNote> note = SignedNote.parse(text);
        Optional<Checkpoint> checkpoint = Checkpoint.open(text, log);
        if (note.isEmpty() || checkpoint.isEmpty()) {
            return false;
        }
        kept.add(new Kept(file, note.get(), checkpoint.get()));
        return true;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !LogLayout.isTemporary(file)).sorted().toList();
        } catch (IOException e) {
            return List.of(folder); // reading it as a note names it
        }
    }

    /** The witnesses' keys are introduced by entries. */
    Cosignatures keys() {
        return keys;
    }

    /** Called at every size: compares what the witnesses saw with the tree that the entries give. */
    void at(MerkleEdge edge) {
        for (Kept one : kept) {
            if (one.checkpoint().size() == edge.size() && one.checkpoint().hasRoot(edge.root())) {
                confirmed.add(one);
            }
        }
    }

    /** After the last entry: every witness's newest cosignature, or the first that proves nothing. */
    Result judge() {
        List<Cosignature> good = new ArrayList<>();
        for (Kept one : kept) {
            if (!confirmed.contains(one)) {
                return new Result(
                        List.of(), Optional.of(one.file() + ": a witness saw another log than the entries give"));
            }
            Cosignatures.Judgement judged =
                    keys.judge(one.note(), one.checkpoint().size(), log);
            if (!judged.unproven().isEmpty()) {
                return new Result(
                        List.of(),
                        Optional.of(one.file() + ": the cosignature of "
                                + judged.unproven().getFirst() + " was altered, or no entry introduces its key"));
            }
            judged.good().stream()
                    .filter(found -> good.stream()
                            .noneMatch(
                                    other -> other.witness().equals(found.witness()) && other.size() >= found.size()))
                    .forEach(good::add);
        }
        return new Result(List.copyOf(good), Optional.empty());
    }

    /** @param good the newest cosignature of each witness */
    record Result(List<Cosignature> good, Optional<String> problem) {}
}
