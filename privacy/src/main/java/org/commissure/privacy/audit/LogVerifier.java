package org.commissure.privacy.audit;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;

/**
 * Verifies a log offline, from its folder alone: every entry's form, signature and certificate (as of
 * the entry's time), every stored hash, the signed checkpoint over them, and the witnesses' cosignatures. What a folder cannot
 * prove about itself is whose log it is and that it was never shortened; {@link LogExpectation}
 * brings that from outside. Reads a log that is being appended to as well.
 */
public final class LogVerifier {
    private final LogLayout layout;
    private final TileFolder tiles;
    private final LogExpectation expectation;
    private final Map<ByteString, Optional<X509Certificate>> actors = new HashMap<>();

    private String authoritySha256 = "";
    private String verifierKey = "";
    private String origin = "";
    private String rootHex = "";
    private List<Cosignature> cosignatures = List.of();
    private long size;

    private LogVerifier(Path dir, LogExpectation expectation) {
        this.layout = new LogLayout(dir);
        this.tiles = new TileFolder(dir);
        this.expectation = expectation;
    }

    /** As {@link #verify(Path, LogExpectation)} with nothing known from elsewhere. */
    public static LogVerification verify(Path dir) {
        return verify(dir, LogExpectation.NONE);
    }

    /** @throws UserError if {@code dir} is not a folder with a log; whatever else is wrong is in the result */
    public static LogVerification verify(Path dir, LogExpectation expectation) {
        if (!Files.exists(new LogLayout(dir).checkpoint()) && !Files.isDirectory(dir.resolve("tile"))) {
            throw new UserError(dir + " is not the folder of a log", "name the folder that holds 'checkpoint'");
        }
        LogVerifier verifier = new LogVerifier(dir, expectation);
        try {
            return verifier.run();
        } catch (UserError e) {
            return verifier.failed(String.valueOf(e.getMessage()));
        }
    }

    private LogVerification run() {
        NoteKey.Verifier key = layout.readVerifierKey();
        verifierKey = key.text();
        origin = key.name();
        X509Certificate authority = Certificates.readPem(layout.authority());
        authoritySha256 = Certificates.fingerprint(authority);
        if (expectation
                .authoritySha256()
                .filter(expected -> !expected.equals(authoritySha256))
                .isPresent()) {
            return refused("the log is of another federation: its authority has the fingerprint " + authoritySha256);
        }
        SortedMap<String, String> witnessed = WitnessNotes.read(layout);
        String note = layout.readCheckpoint();
        Optional<Checkpoint> opened = Checkpoint.open(note, key);
        if (opened.isEmpty()) {
            return failed("the checkpoint was altered, or is not signed with the key in trust/log.vkey");
        }
        Checkpoint checkpoint = opened.get();
        size = checkpoint.size();
        rootHex = checkpoint.rootHex();
        Optional<Checkpoint> earlier = expectation.earlierCheckpoint().flatMap(kept -> Checkpoint.open(kept, key));
        if (expectation.earlierCheckpoint().isPresent() && earlier.isEmpty()) {
            return refused("the earlier checkpoint is not signed with the key in trust/log.vkey");
        }
        if (earlier.filter(before -> before.size() > size).isPresent()) {
            String problem = "the log was truncated: it has " + size + " entries, but once had "
                    + earlier.get().size();
            return result(false, Optional.of(new FirstBadEntry(size, "the entry is missing")), Optional.of(problem));
        }
        WitnessNotes.Opened notes = WitnessNotes.open(witnessed, note, size, key);
        return notes.problem()
                .map(this::failed)
                .orElseGet(() -> readEntries(checkpoint, earlier, notes.notes(), new EntryCheck(authority)));
    }

    private LogVerification readEntries(
            Checkpoint checkpoint, Optional<Checkpoint> earlier, WitnessNotes witnesses, EntryCheck check) {
        MerkleEdge edge = new MerkleEdge();
        TileComparison stored = new TileComparison(tiles);
        Optional<FirstBadEntry> bad = Optional.empty();
        boolean forked = isForkedAt(edge, earlier);
        witnesses.at(edge);
        while (edge.size() < size && bad.isEmpty()) {
            int width = (int) Math.min(MerkleEdge.TILE_WIDTH, size - edge.size());
            List<byte[]> leaves = readBundle(edge.size() >>> 8, width);
            for (byte[] leaf : leaves) {
                if (bad.isEmpty()) {
                    bad = problemOf(leaf, edge.size(), check, witnesses.keys());
                }
                edge.add(MerkleHash.leaf(leaf), stored::compare);
                forked |= isForkedAt(edge, earlier);
                witnesses.at(edge);
            }
            if (leaves.size() < width && bad.isEmpty()) {
                bad = Optional.of(new FirstBadEntry(edge.size(), "the entry is missing or cut off"));
            }
        }
        stored.comparePartials(edge);
        if (bad.isEmpty() && checkpoint.hasRoot(edge.root())) {
            return judgeRest(forked, stored, witnesses.judge());
        }
        return firstOf(bad, stored.firstLeaf())
                .map(first -> result(false, Optional.of(first), Optional.empty()))
                .orElseGet(() -> failed("the root of the entries is not the one in the signed checkpoint"));
    }

    private LogVerification judgeRest(boolean forked, TileComparison stored, WitnessNotes.Result witnessed) {
        if (forked) {
            return refused("the log was forked: it does not extend the earlier checkpoint");
        }
        cosignatures = witnessed.good();
        return stored.firstDifference()
                .map(tile -> result(
                        false,
                        Optional.of(new FirstBadEntry(
                                stored.firstCovered(), "its hash in " + tile + " was altered; the entry was not")),
                        Optional.of(
                                "the hashes in " + tile + " do not fit the entries, which are as they were signed")))
                .or(() -> witnessed.problem().map(this::failed))
                .or(() -> damagedCertificate().map(this::refused))
                .orElseGet(() -> result(true, Optional.empty(), Optional.empty()));
    }

    private static boolean isForkedAt(MerkleEdge edge, Optional<Checkpoint> earlier) {
        return earlier.isPresent()
                && earlier.get().size() == edge.size()
                && !earlier.get().hasRoot(edge.root());
    }

    private List<byte[]> readBundle(long index, int width) {
        try {
            return tiles.readEntries(index, width);
        } catch (IOException e) {
            return List.of();
        }
    }

    private Optional<FirstBadEntry> problemOf(byte[] leaf, long index, EntryCheck check, Cosignatures keys) {
        try {
            Signed signed = EntryCheck.decode(leaf);
            Optional<X509Certificate> actor =
                    actors.computeIfAbsent(signed.getCertificateSha256(), layout::readCertificate);
            if (actor.isEmpty()) {
                return Optional.of(new FirstBadEntry(
                        index, "the certificate of its signer is missing from certificates/, or was altered"));
            }
            keys.introduce(check.open(signed, actor.get()));
            return Optional.empty();
        } catch (EntryRefusedException e) {
            return Optional.of(new FirstBadEntry(index, String.valueOf(e.getMessage())));
        }
    }

    /** An entry in good form may still be another one than was logged; then its stored hash differs. */
    private static Optional<FirstBadEntry> firstOf(Optional<FirstBadEntry> bad, OptionalLong otherHash) {
        boolean otherIsFirst = otherHash.isPresent()
                && (bad.isEmpty() || otherHash.getAsLong() < bad.get().index());
        return otherIsFirst
                ? Optional.of(
                        new FirstBadEntry(otherHash.getAsLong(), "the entry is not the one whose hash was logged"))
                : bad;
    }

    /** Also certificates that no entry needs must be what their names say. */
    private Optional<String> damagedCertificate() {
        try (Stream<Path> files = Files.list(layout.certificates())) {
            return files.filter(file -> !isIntact(file))
                    .map(file -> "certificates/" + file.getFileName() + " does not hold the certificate of its name")
                    .findFirst();
        } catch (IOException e) {
            return Optional.of("the folder certificates/ cannot be read");
        }
    }

    private boolean isIntact(Path file) {
        if (LogLayout.isTemporary(file)) {
            return true;
        }
        try {
            return layout.certificate(SignedMessages.sha256(ByteString.copyFrom(Files.readAllBytes(file))))
                    .equals(file);
        } catch (IOException e) {
            return false;
        }
    }

    /** What vouches for the entries is damaged, so that none is vouched for. */
    private LogVerification failed(String problem) {
        return result(
                false, Optional.of(new FirstBadEntry(0, "nothing vouches for it: " + problem)), Optional.of(problem));
    }

    /** Something is wrong that no entry is to blame for. */
    private LogVerification refused(String problem) {
        return result(false, Optional.empty(), Optional.of(problem));
    }

    private LogVerification result(boolean ok, Optional<FirstBadEntry> bad, Optional<String> problem) {
        return new LogVerification(
                ok, size, rootHex, origin, authoritySha256, verifierKey, ok ? cosignatures : List.of(), bad, problem);
    }
}
