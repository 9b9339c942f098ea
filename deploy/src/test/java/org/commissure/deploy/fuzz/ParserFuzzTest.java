package org.commissure.deploy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.BundleKind;
import org.commissure.privacy.audit.BundleVerifier;
import org.commissure.privacy.audit.CheckpointOffer;
import org.commissure.privacy.audit.EntryCheck;
import org.commissure.privacy.audit.EntryRefusedException;
import org.commissure.privacy.audit.LogBundle;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.LogExpectation;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.audit.Witness;
import org.commissure.privacy.audit.WitnessAnswer;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Throws mutated inputs at every parser that reads what others wrote. A parser may refuse in its own
 * way; it may not crash, hang, or accept. {@code -Dfuzz.inputs} changes the number, {@code -Dfuzz.seed}
 * replays a failure.
 */
class ParserFuzzTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 100_000);
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @TempDir
    private Path home;

    private TransparencyLog log;
    private X509Certificate authority;
    private SigningIdentity site;
    private Signed entry;

    /** Reads one input; true means that it was taken for good. */
    @FunctionalInterface
    interface Parser {
        boolean accepts(byte[] input) throws Exception;
    }

    @BeforeEach
    void makeALog() {
        FederationAuthority federation = FederationAuthority.create(home.resolve("ca"), "net", Clock.systemUTC());
        authority = federation.certificate();
        site = federation.issueSigning(Role.SITE, "NYU");
        entry = seal(0);
        log = TransparencyLog.create(home.resolve("log"), "commissure/net", authority, home.resolve("log.key"));
        for (int i = 0; i < 5; i++) {
            log.append(List.of(seal(i)), List.of(site.certificate()));
        }
        log.close();
    }

    /** Different ones: of equal entries, a proof of one is a proof of another. */
    private Signed seal(int round) {
        return site.sign(LogEntries.of(Actions.COHORT_SEALED, Outcome.DONE, Instant.now())
                .actor("NYU")
                .run("run-1")
                .round(round)
                .fact("internal_sha256", "ab".repeat(32))
                .build());
    }

    @Test
    void entries() {
        EntryCheck check = new EntryCheck(authority);
        fuzz("entry", List.of(entry.toByteArray()), input -> {
            try {
                var unused = check.open(EntryCheck.decode(input), site.certificate());
                return true;
            } catch (EntryRefusedException e) {
                return false;
            }
        });
    }

    @Test
    void bundles() {
        byte[] one = LogBundle.of(home.resolve("log"), BundleKind.ENTRIES, List.of(3L));
        byte[] two = LogBundle.of(home.resolve("log"), BundleKind.ENTRIES, List.of(0L, 4L));
        fuzz("bundle", List.of(one, two), input -> {
            BundleVerifier.Verified verified = BundleVerifier.verify(input, LogExpectation.NONE);
            return verified.verification().ok() && !isTheLogsOwn(input, verified);
        });
    }

    /** A splice may cut between two entries, and is then the very bundle that the log gives of those. */
    private boolean isTheLogsOwn(byte[] bundle, BundleVerifier.Verified verified) {
        List<Long> indices = verified.entries().stream().map(LoggedEntry::index).toList();
        return Arrays.equals(bundle, LogBundle.of(home.resolve("log"), BundleKind.ENTRIES, indices));
    }

    @Test
    void aSpliceOfTwoBundlesBetweenTheirEntriesIsTheLogsOwnAndNothingElseIs() {
        byte[] spliced = LogBundle.of(home.resolve("log"), BundleKind.ENTRIES, List.of(3L, 4L));
        BundleVerifier.Verified verified = BundleVerifier.verify(spliced, LogExpectation.NONE);
        assertThat(verified.verification().ok()).isTrue();
        assertThat(isTheLogsOwn(spliced, verified)).isTrue();
        assertThat(isTheLogsOwn(Arrays.copyOf(spliced, spliced.length - 1), verified))
                .isFalse();
    }

    @Test
    void checkpoints() throws Exception {
        Growth growth = growTheLog();
        Path folder = home.resolve("witness");
        Witness witness = witnessOf(growth, folder);
        Set<String> signed = Set.of(text(growth.first.note()), text(growth.second.note()));
        fuzz(
                "checkpoint",
                List.of(
                        growth.first.note().getBytes(StandardCharsets.UTF_8),
                        growth.second.note().getBytes(StandardCharsets.UTF_8)),
                input -> {
                    String note = new String(input, StandardCharsets.UTF_8);
                    // A note may carry more signatures, which nobody knows; the log's own must be on a text of the log.
                    return cosigns(witness, new CheckpointOffer(note, 5, growth.second.proof()))
                            && !signed.contains(text(note));
                });
        assertThat(signed).contains(text(Files.readString(folder.resolve("seen"))));
        assertThat(witness.judge(growth.second, Instant.now())).isInstanceOf(WitnessAnswer.Cosigned.class);
    }

    @Test
    void consistencyProofs() throws Exception {
        Growth growth = growTheLog();
        Path folder = home.resolve("witness");
        Witness witness = witnessOf(growth, folder);
        byte[] seen = Files.readAllBytes(folder.resolve("seen"));
        byte[] proof = ByteString.copyFrom(
                        growth.second.proof().stream().map(ByteString::copyFrom).toList())
                .toByteArray();
        fuzz(
                "consistency proof",
                List.of(proof),
                input -> cosigns(witness, new CheckpointOffer(growth.second.note(), 5, cut(input))));
        assertThat(Files.readAllBytes(folder.resolve("seen"))).isEqualTo(seen);
        assertThat(witness.judge(growth.second, Instant.now())).isInstanceOf(WitnessAnswer.Cosigned.class);
    }

    /** The log's checkpoint, and the next with the proof that it extends that. */
    private record Growth(String key, CheckpointOffer first, CheckpointOffer second) {}

    private Growth growTheLog() {
        try (TransparencyLog opened = TransparencyLog.open(home.resolve("log"), home.resolve("log.key"))) {
            CheckpointOffer first = opened.offer(0);
            opened.append(List.of(entry), List.of(site.certificate()));
            return new Growth(opened.verifierKey(), first, opened.offer(first.oldSize() + 5));
        }
    }

    /** One that saw the first checkpoint. */
    private static Witness witnessOf(Growth growth, Path folder) {
        Witness witness = Witness.open(folder, "NYU", growth.key);
        assertThat(witness.judge(growth.first, Instant.now())).isInstanceOf(WitnessAnswer.Cosigned.class);
        return witness;
    }

    /** What the signatures of a note are on. */
    private static String text(String note) {
        return note.substring(0, note.lastIndexOf("\n\n") + 1);
    }

    private static boolean cosigns(Witness witness, CheckpointOffer offer) {
        return witness.judge(offer, Instant.EPOCH) instanceof WitnessAnswer.Cosigned;
    }

    private static List<byte[]> cut(byte[] hashes) {
        return IntStream.range(0, (hashes.length + 31) / 32)
                .mapToObj(i -> Arrays.copyOfRange(hashes, 32 * i, Math.min(hashes.length, 32 * (i + 1))))
                .toList();
    }

    /** One line a parser: its name, good samples, and how it is asked. */
    private static void fuzz(String name, List<byte[]> samples, Parser parser) {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println(name + ": " + INPUTS + " mutated inputs, -Dfuzz.seed=" + seed);
        samples.forEach(sample -> assertThat(sample).isNotEmpty());
        Mutations mutations = new Mutations(samples, seed);
        assertTimeoutPreemptively(LIMIT, () -> {
            for (int i = 0; i < INPUTS; i++) {
                byte[] input = mutations.next();
                boolean accepted;
                try {
                    accepted = parser.accepts(input);
                } catch (Throwable problem) {
                    throw new AssertionError(
                            name + " " + i + " crashed on " + HexFormat.of().formatHex(input), problem);
                }
                if (accepted) {
                    throw new AssertionError(
                            name + " " + i + " accepted " + HexFormat.of().formatHex(input));
                }
            }
        });
    }
}
