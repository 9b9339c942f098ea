package org.commissure.privacy.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.Certificates;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of a log in one file that verifies anywhere: each with its C2SP tlog-proof under one
 * checkpoint, the certificates of their signers, the authority's, and the log's key. The entries
 * that introduce the witnesses' keys are always among them, so that the cosignatures verify too.
 *
 * <p>JSON, in the one spelling that {@link #of} gives it; nothing else is read.
 */
public final class LogBundle {
    private static final String FORMAT = "commissure-log-bundle-v1";
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private LogBundle() {}

    /**
     * @param kind {@code entries} or {@code receipt}
     * @param logKey a C2SP vkey
     * @param authority DER
     * @param certificates DER, of every signer, sorted by SHA-256
     */
    @JsonPropertyOrder({"format", "kind", "log_key", "authority", "certificates", "entries"})
    record Content(
            String format,
            BundleKind kind,
            @JsonProperty("log_key") String logKey,
            byte[] authority,
            List<byte[]> certificates,
            List<Leaf> entries) {}

    /**
     * @param leaf the serialised {@code Signed}
     * @param proof a tlog-proof
     */
    @JsonPropertyOrder({"leaf", "proof"})
    record Leaf(byte[] leaf, String proof) {}

    /**
     * Puts a bundle together.
     *
     * @param dir a log's folder, which the caller has verified
     * @param indices of the entries
     * @throws UserError if the folder cannot be read
     */
    public static byte[] of(Path dir, BundleKind kind, Collection<Long> indices) {
        return of(dir, kind, indices, witnessKeys(LogReader.read(dir)));
    }

    /** Those of {@code entries} that introduce a witness's key. */
    public static List<Long> witnessKeys(List<LoggedEntry> entries) {
        return entries.stream()
                .filter(logged -> logged.entry().getAction().equals(Actions.WITNESS_KEY))
                .map(LoggedEntry::index)
                .toList();
    }

    /**
     * As {@link #of(Path, BundleKind, Collection)}, without reading the log to its end.
     *
     * @param witnessKeys all {@link #witnessKeys} of the log
     */
    public static byte[] of(Path dir, BundleKind kind, Collection<Long> indices, Collection<Long> witnessKeys) {
        LogLayout layout = new LogLayout(dir);
        String note = layout.readCheckpoint();
        NoteKey.Verifier key = layout.readVerifierKey();
        long size = Checkpoint.open(note, key)
                .orElseThrow(() -> LogReader.damaged(layout.checkpoint() + " is not signed by the log"))
                .size();
        SortedSet<Long> wanted = new TreeSet<>(indices);
        witnessKeys.stream().filter(index -> index < size).forEach(wanted::add);
        TileFolder tiles = new TileFolder(dir);
        TreeProofs proofs = new TreeProofs(tiles::readHashes);
        List<Leaf> leaves = new ArrayList<>();
        SortedMap<String, byte[]> certificates = new TreeMap<>();
        try {
            for (long index : wanted) {
                byte[] leaf = tiles.readEntry(index, size);
                ByteString signer = Signed.parseFrom(leaf).getCertificateSha256();
                X509Certificate certificate = layout.readCertificate(signer)
                        .orElseThrow(() -> LogReader.damaged("the certificate of entry " + index + " is missing"));
                certificates.put(Certificates.fingerprint(certificate), Certificates.der(certificate));
                leaves.add(new Leaf(leaf, new TlogProof(index, proofs.inclusion(index, size), note).format()));
            }
        } catch (IOException e) {
            throw new UserError(
                    "the log in " + dir + " cannot be read: " + e.getMessage(), "run 'audit verify' on it", e);
        }
        return write(new Content(
                FORMAT,
                kind,
                key.text(),
                Certificates.der(Certificates.readPem(layout.authority())),
                List.copyOf(certificates.values()),
                leaves));
    }

    static byte[] write(Content content) {
        try {
            return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a bundle of plain values", e);
        }
    }

    /** Empty where {@code bundle} is not spelt exactly as {@link #write} would spell it. */
    static Optional<Content> read(byte[] bundle) {
        try {
            Content content = JSON.readValue(bundle, Content.class);
            boolean whole = content != null
                    && FORMAT.equals(content.format())
                    && content.kind() != null
                    && content.logKey() != null
                    && content.authority() != null
                    && isFull(content.certificates())
                    && isFull(content.entries())
                    && content.entries().stream().allMatch(leaf -> leaf.leaf() != null && leaf.proof() != null);
            return whole && Arrays.equals(write(content), bundle) ? Optional.of(content) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isFull(@Nullable List<?> parts) {
        return parts != null && parts.stream().noneMatch(Objects::isNull);
    }
}
