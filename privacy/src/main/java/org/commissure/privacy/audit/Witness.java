package org.commissure.privacy.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * One hospital's memory of the federation's log (C2SP tlog-witness, tlog-cosignature). It cosigns a
 * checkpoint only if the log extends the last one that it saw, and remembers it durably before it
 * says so; a coordinator that shows different hospitals different logs, or shortens one, is refused
 * by somebody. What was refused is kept: two checkpoints that do not fit, both signed by the log, are
 * the proof.
 *
 * <pre>
 * witness.key        the key, 0600
 * seen               the last checkpoint that was cosigned
 * refused/HASH.json  time, reason, the checkpoint seen and the one offered
 * </pre>
 *
 * <p>Thread-safe; for one process at a time.
 */
public final class Witness {
    /** Further refusals are only answered: an attacker fills neither the disk nor the log. */
    private static final int KEPT_REFUSALS = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final NoteKey key;
    private final NoteKey.Verifier log;
    private @Nullable Checkpoint seen;
    private String seenNote;
    private int kept;

    private Witness(Path folder, NoteKey key, NoteKey.Verifier log, String seenNote) {
        this.folder = folder;
        this.key = key;
        this.log = log;
        this.seenNote = seenNote;
        this.kept = refusals(folder).size();
        this.seen = seenNote.isEmpty() ? null : open(folder, seenNote, log);
    }

    /**
     * Opens a site's witness, and makes its key where there is none.
     *
     * @param logVerifierKey the line that enrolment stored
     * @throws UserError if a file is damaged: a witness that forgot is none
     */
    public static Witness open(Path folder, String site, String logVerifierKey) {
        try {
            NoteKey.Verifier log = NoteKey.Verifier.parse(NoteKey.Kind.LOG, logVerifierKey.strip());
            Path keyFile = folder.resolve("witness.key");
            if (!Files.exists(keyFile)) {
                NoteKey fresh = NoteKey.generate(NoteKey.Kind.WITNESS, Cosignatures.name(log.name(), site));
                DurableFile.writeSecret(keyFile, (fresh.secret() + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            NoteKey key = NoteKey.parseSecret(
                    NoteKey.Kind.WITNESS,
                    Files.readString(keyFile, StandardCharsets.US_ASCII).strip());
            return new Witness(folder, key, log, readSeen(folder));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    "the witness in " + folder + " cannot be opened: " + e.getMessage(),
                    "restore the folder from its backup; without one, move it away: the site then begins to watch"
                            + " the log anew, under a new key",
                    e);
        }
    }

    private static String readSeen(Path folder) throws IOException {
        try {
            return Files.readString(folder.resolve("seen"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static Checkpoint open(Path folder, String note, NoteKey.Verifier log) {
        return Checkpoint.open(note, log)
                .orElseThrow(() -> new UserError(
                        folder.resolve("seen") + " does not hold a checkpoint of the log " + log.name(),
                        "restore it from its backup, or from a checkpoint that you kept; do not just delete it: it is"
                                + " what exposes a log that was rewritten"));
    }

    /** The public key: what {@link Actions#WITNESS_KEY} tells the log. */
    public String verifierKey() {
        return key.verifier().text();
    }

    /** The entries that the last checkpoint seen covers; 0 where none was. */
    public synchronized long size() {
        return seen == null ? 0 : seen.size();
    }

    /** The last checkpoint seen: a signed note; empty where none was. */
    public synchronized Optional<String> seen() {
        return seenNote.isEmpty() ? Optional.empty() : Optional.of(seenNote);
    }

    /**
     * Judges what the log shows.
     *
     * @throws UserError if the disk does not take it; then nothing was signed
     */
    public synchronized WitnessAnswer judge(CheckpointOffer offer, Instant now) {
        Optional<Checkpoint> opened = Checkpoint.open(offer.note(), log);
        if (opened.isEmpty()) {
            return refuse(offer, "the checkpoint is not signed with the log's key", now);
        }
        Checkpoint shown = opened.get();
        if (seen != null && shown.size() < seen.size()) {
            return refuse(
                    offer,
                    "the log was shortened: it has " + shown.size() + " entries, and this site saw " + seen.size(),
                    now);
        }
        if (seen != null && shown.size() == seen.size()) {
            return shown.text().equals(seen.text())
                    ? cosign(offer, shown, now)
                    : refuse(offer, "the log was forked: another one of " + seen.size() + " entries was seen", now);
        }
        if (seen != null && offer.oldSize() != seen.size()) {
            return new WitnessAnswer.StandsElsewhere(seen.size());
        }
        if (seen != null && !shown.extendsLog(seen, offer.proof())) {
            return refuse(
                    offer,
                    "the log was forked, or its proof is wrong: " + shown.size() + " entries do not extend the "
                            + seen.size() + " that this site saw",
                    now);
        }
        return cosign(offer, shown, now);
    }

    private WitnessAnswer cosign(CheckpointOffer offer, Checkpoint shown, Instant now) {
        boolean isNew = seen == null || shown.size() > seen.size();
        if (isNew) {
            write(folder.resolve("seen"), offer.note().getBytes(StandardCharsets.UTF_8));
            seen = shown;
            seenNote = offer.note();
        }
        return new WitnessAnswer.Cosigned(key.cosign(shown.text(), now).format());
    }

    private WitnessAnswer refuse(CheckpointOffer offer, String reason, Instant now) {
        String hash = HexFormat.of()
                .formatHex(SignedMessages.sha256(ByteString.copyFromUtf8(offer.note()))
                        .toByteArray());
        Path file = folder.resolve("refused").resolve(hash + ".json");
        boolean first = kept < KEPT_REFUSALS && !Files.exists(file);
        if (first) {
            kept++;
            ObjectNode evidence = JSON.createObjectNode()
                    .put("time", now.toString())
                    .put("reason", reason)
                    .put("seen", seenNote)
                    .put("offered", offer.note())
                    .put("old_size", offer.oldSize());
            offer.proof().forEach(evidence.withArray("proof")::add);
            write(file, evidence.toPrettyString().getBytes(StandardCharsets.UTF_8));
        }
        return new WitnessAnswer.Refused(reason, first);
    }

    /** The files of what was refused, each a proof against the log. */
    public List<Path> refusals() {
        return refusals(folder);
    }

    /** As {@link #refusals()}, of a folder that another process may have open. */
    public static List<Path> refusals(Path folder) {
        Path refused = folder.resolve("refused");
        if (!Files.isDirectory(refused)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(refused)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(refused + " cannot be read", "check its permissions", e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            DurableFile.write(file, bytes);
        } catch (IOException e) {
            throw new UserError(
                    file + " cannot be written: " + e.getMessage(),
                    "free space or check the folder's permissions; until then this site cosigns nothing",
                    e);
        }
    }
}
