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
        fuzz(
                "bundle",
                List.of(one, two),
                input -> BundleVerifier.verify(input, LogExpectation.NONE)
                        .verification()
                        .ok());
    }

    @Test
    void checkpointsAndConsistencyProofs() throws Exception {
        CheckpointOffer first;
        CheckpointOffer second;
        String key;
        try (TransparencyLog opened = TransparencyLog.open(home.resolve("log"), home.resolve("log.key"))) {
            key = opened.verifierKey();
            first = opened.offer(0);
            opened.append(List.of(entry), List.of(site.certificate()));
            second = opened.offer(first.oldSize() + 5);
        }
        Path folder = home.resolve("witness");
        Witness witness = Witness.open(folder, "NYU", key);
        assertThat(witness.judge(first, Instant.now())).isInstanceOf(WitnessAnswer.Cosigned.class);
        byte[] seen = Files.readAllBytes(folder.resolve("seen"));
        fuzz(
                "checkpoint",
                List.of(
                        first.note().getBytes(StandardCharsets.UTF_8),
                        second.note().getBytes(StandardCharsets.UTF_8)),
                input -> cosigns(
                        witness, new CheckpointOffer(new String(input, StandardCharsets.UTF_8), 5, second.proof())));
        byte[] proof = ByteString.copyFrom(
                        second.proof().stream().map(ByteString::copyFrom).toList())
                .toByteArray();
        fuzz(
                "consistency proof",
                List.of(proof),
                input -> cosigns(witness, new CheckpointOffer(second.note(), 5, cut(input))));
        assertThat(Files.readAllBytes(folder.resolve("seen"))).isEqualTo(seen);
        assertThat(witness.judge(second, Instant.now())).isInstanceOf(WitnessAnswer.Cosigned.class);
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
