package org.commissure.privacy.audit;

import com.google.protobuf.ByteString;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;

/**
 * Verifies a {@link LogBundle} from its bytes alone: form, every signature and certificate, every
 * inclusion proof, the checkpoint, and its cosignatures. What it cannot prove about itself is whose
 * log it is; {@link LogExpectation} brings that from outside.
 */
public final class BundleVerifier {
    private final LogExpectation expectation;
    private final List<LoggedEntry> entries = new ArrayList<>();
    private String authoritySha256 = "";
    private String verifierKey = "";
    private Optional<Checkpoint> checkpoint = Optional.empty();
    private List<Cosignature> cosignatures = List.of();

    private BundleVerifier(LogExpectation expectation) {
        this.expectation = expectation;
    }

    /**
     * @param verification as of a whole log
     * @param entries those of the bundle; empty where it does not verify
     * @param receipt what it proves, where it is a receipt that verifies
     */
    public record Verified(LogVerification verification, List<LoggedEntry> entries, Optional<Receipt> receipt) {}

    /** Never throws for a bad bundle, whatever it holds. */
    public static Verified verify(byte[] bundle, LogExpectation expectation) {
        BundleVerifier verifier = new BundleVerifier(expectation);
        Optional<LogBundle.Content> content = LogBundle.read(bundle);
        if (content.isEmpty()) {
            return verifier.refused("the file is not a bundle of log entries, or was altered");
        }
        try {
            return verifier.run(content.get());
        } catch (CertificateException | IllegalArgumentException | UserError e) {
            return verifier.refused("a certificate or key in the bundle cannot be read");
        }
    }

    private Verified run(LogBundle.Content content) throws CertificateException {
        NoteKey.Verifier key = NoteKey.Verifier.parse(NoteKey.Kind.LOG, content.logKey());
        verifierKey = key.text();
        X509Certificate authority = Certificates.fromDer(content.authority());
        authoritySha256 = Certificates.fingerprint(authority);
        if (expectation
                .authoritySha256()
                .filter(expected -> !expected.equals(authoritySha256))
                .isPresent()) {
            return refused("the bundle is of another federation: its authority has the fingerprint " + authoritySha256);
        }
        Map<ByteString, X509Certificate> actors = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
        for (byte[] der : content.certificates()) {
            X509Certificate actor = Certificates.fromDer(der);
            actors.put(SignedMessages.sha256(actor), actor);
        }
        EntryCheck check = new EntryCheck(authority);
        Cosignatures witnesses = new Cosignatures(key.name());
        Set<ByteString> signers = new HashSet<>();
        SignedNote note = null;
        for (LogBundle.Leaf leaf : content.entries()) {
            long before = entries.isEmpty() ? -1 : entries.getLast().index();
            Optional<TlogProof> proof = TlogProof.parse(leaf.proof());
            if (proof.isEmpty() || proof.get().index() <= before) {
                return bad(before + 1, "its proof was altered");
            }
            long index = proof.get().index();
            if (note == null) {
                note = SignedNote.parse(proof.get().checkpoint()).orElse(null);
                checkpoint = Checkpoint.open(proof.get().checkpoint(), key);
            }
            if (note == null
                    || checkpoint.isEmpty()
                    || !note.format().equals(proof.get().checkpoint())) {
                return bad(index, "its checkpoint was altered, or is not signed with the log's key");
            }
            if (!proof.get().proves(leaf.leaf(), checkpoint.get())) {
                return bad(index, "it is not the entry that the checkpoint covers, or its proof was altered");
            }
            try {
                Signed signed = EntryCheck.decode(leaf.leaf());
                X509Certificate actor = actors.get(signed.getCertificateSha256());
                if (actor == null) {
                    return bad(index, "the certificate of its signer is missing, or was altered");
                }
                signers.add(signed.getCertificateSha256());
                LogEntry entry = check.open(signed, actor);
                witnesses.introduce(entry);
                entries.add(new LoggedEntry(index, entry.getActor(), entry));
            } catch (EntryRefusedException e) {
                return bad(index, String.valueOf(e.getMessage()));
            }
        }
        if (note == null || checkpoint.isEmpty()) {
            return refused("the bundle holds no entry");
        }
        if (!isExact(content, actors, signers)) {
            return refused("the bundle holds a certificate that no entry needs, or was altered");
        }
        return judge(content, witnesses.judge(note, checkpoint.get().size(), key));
    }

    /** Whether the certificates are those of the signers, once each and sorted. */
    private static boolean isExact(
            LogBundle.Content content, Map<ByteString, X509Certificate> actors, Set<ByteString> signers) {
        List<ByteString> inFile = content.certificates().stream()
                .map(der -> SignedMessages.sha256(ByteString.copyFrom(der)))
                .toList();
        return inFile.equals(List.copyOf(actors.keySet())) && signers.equals(actors.keySet());
    }

    private Verified judge(LogBundle.Content content, Cosignatures.Judgement judged) {
        if (!judged.unproven().isEmpty()) {
            return refused("the cosignature of " + judged.unproven().getFirst()
                    + " was altered, or no entry of the bundle introduces its key");
        }
        cosignatures = judged.good();
        Optional<Receipt> receipt = Optional.empty();
        if (content.kind() == BundleKind.RECEIPT) {
            receipt = Receipt.provedBy(entries);
            if (receipt.isEmpty()) {
                return refused("the entries do not prove that an update was in an aggregate");
            }
        }
        return new Verified(result(true, Optional.empty(), Optional.empty()), List.copyOf(entries), receipt);
    }

    private Verified bad(long index, String problem) {
        return new Verified(
                result(false, Optional.of(new FirstBadEntry(index, problem)), Optional.empty()),
                List.of(),
                Optional.empty());
    }

    private Verified refused(String problem) {
        return new Verified(result(false, Optional.empty(), Optional.of(problem)), List.of(), Optional.empty());
    }

    private LogVerification result(boolean ok, Optional<FirstBadEntry> bad, Optional<String> problem) {
        return new LogVerification(
                ok,
                checkpoint.map(Checkpoint::size).orElse(0L),
                checkpoint.map(Checkpoint::rootHex).orElse(""),
                checkpoint.map(Checkpoint::origin).orElse(""),
                authoritySha256,
                verifierKey,
                ok ? cosignatures : List.of(),
                bad,
                problem);
    }
}
