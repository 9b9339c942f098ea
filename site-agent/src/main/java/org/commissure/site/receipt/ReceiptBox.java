package org.commissure.site.receipt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.audit.BundleVerifier;
import org.commissure.privacy.audit.LogExpectation;
import org.commissure.privacy.audit.Receipt;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.enrolment.SiteHome;

/**
 * The folder {@code receipts} of a site's home: one file for each released sum that the site's masked vector is in.
 * Nothing is kept, and nothing listed as good, that does not verify against the authority and the log key of the
 * site's own enrolment. Thread-safe.
 */
public final class ReceiptBox {
    private final Path folder;
    private final String site;
    private final LogExpectation expectation;
    private final String logKey;

    private ReceiptBox(Path folder, String site, LogExpectation expectation, String logKey) {
        this.folder = folder;
        this.site = site;
        this.expectation = expectation;
        this.logKey = logKey;
    }

    /**
     * @param problem why the file proves nothing; empty where it verifies
     * @param receipt what it proves
     */
    public record Checked(Path file, Optional<Receipt> receipt, String problem) {
        /** For programs. */
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("file", file.toString());
            facts.put("verified", receipt.isPresent());
            facts.put("problem", problem);
            receipt.ifPresent(proved -> {
                facts.put("run", proved.run());
                facts.put("round", proved.round());
                facts.put("attempt", proved.attempt());
                facts.put("sum", proved.sum());
                facts.put("masked_sha256", proved.maskedSha256());
                facts.put("sum_sha256", proved.sumSha256());
                facts.put("survivors", proved.survivors());
            });
            return facts;
        }
    }

    /** @throws UserError if the folder is not an enrolled site's */
    public static ReceiptBox open(SiteHome home) {
        try {
            return new ReceiptBox(
                    home.receipts(),
                    home.readSettings().site(),
                    new LogExpectation(
                            Optional.of(Certificates.fingerprint(new IdentityStore(home.identity()).loadAuthority())),
                            Optional.empty()),
                    Files.readString(home.logVerifierKey(), StandardCharsets.UTF_8)
                            .strip());
        } catch (IOException e) {
            throw new UserError(home.logVerifierKey() + " cannot be read", "enrol the site again", e);
        }
    }

    /** Whether the receipt of a sum is here already. */
    public boolean has(SumId sum) {
        return Files.exists(file(sum));
    }

    /**
     * Verifies a receipt and keeps it.
     *
     * @return why it was not kept; empty where it was
     * @throws UserError if the disk does not take it
     */
    public Optional<String> keep(SumId sum, byte[] bundle) {
        Checked checked = check(file(sum), bundle);
        if (checked.receipt().isEmpty()) {
            return Optional.of(checked.problem());
        }
        Receipt receipt = checked.receipt().get();
        if (!receipt.run().equals(sum.getRunId())
                || receipt.round() != sum.getRound()
                || receipt.attempt() != sum.getAttempt()
                || !receipt.sum().equals(sum.getKind().name())) {
            return Optional.of("it is about another sum");
        }
        try {
            DurableFile.write(file(sum), bundle);
            return Optional.empty();
        } catch (IOException e) {
            throw new UserError(
                    file(sum) + " cannot be written: " + e.getMessage(), "free space; it is fetched again", e);
        }
    }

    /** Every file, by name, each verified now. */
    public List<Checked> list() {
        return files().stream().map(this::check).toList();
    }

    /** The files that {@link #list} verifies, by name. */
    public List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(folder + " cannot be read", "check its permissions", e);
        }
    }

    /** One file, wherever it lies. @throws UserError if it cannot be read */
    public Checked check(Path file) {
        try {
            return check(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "check the name", e);
        }
    }

    private Checked check(Path file, byte[] bundle) {
        BundleVerifier.Verified verified = BundleVerifier.verify(bundle, expectation);
        if (!verified.verification().ok()) {
            String what = verified.verification()
                    .problem()
                    .or(() -> verified.verification()
                            .firstBadEntry()
                            .map(bad -> "entry " + bad.index() + ": " + bad.problem()))
                    .orElse("it does not verify");
            return new Checked(file, Optional.empty(), what);
        }
        if (!verified.verification().verifierKey().equals(logKey)) {
            return new Checked(file, Optional.empty(), "it is of a log with another key than this federation's");
        }
        return verified.receipt()
                .filter(receipt -> receipt.site().equals(site))
                .map(receipt -> new Checked(file, Optional.of(receipt), ""))
                .orElseGet(() -> new Checked(file, Optional.empty(), "it is no receipt of this site"));
    }

    private Path file(SumId sum) {
        return folder.resolve("receipt-%s-round-%d-%s-%d.json"
                .formatted(
                        sum.getRunId().replaceAll("[^A-Za-z0-9._-]", "_"),
                        sum.getRound(),
                        sum.getKind().name().toLowerCase(Locale.ROOT),
                        sum.getAttempt()));
    }
}
