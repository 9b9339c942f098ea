package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.identity.Certificates;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogBundleTest {
    private static final String MASKED = "cd".repeat(32);

    @TempDir
    private Path home;

    @Test
    void chosenEntriesVerifyAloneWithTheirCosignatures() {
        LogFixture federation = witnessed(300);
        byte[] bundle = LogBundle.of(federation.log, BundleKind.ENTRIES, List.of(7L, 299L));
        BundleVerifier.Verified found = BundleVerifier.verify(bundle, LogExpectation.NONE);
        assertThat(found.verification().ok()).isTrue();
        assertThat(found.verification().size()).isEqualTo(301);
        assertThat(found.verification().cosignatures()).hasSize(1);
        assertThat(found.entries()).extracting(LoggedEntry::index).containsExactly(0L, 7L, 299L);
        assertThat(found.receipt()).isEmpty();
        String authority = Certificates.fingerprint(federation.authority.certificate());
        assertThat(verify(bundle, authority)).isTrue();
        assertThat(verify(bundle, "00".repeat(32))).isFalse();
    }

    @Test
    void noByteOfABundleCanChange() {
        LogFixture federation = witnessed(5);
        byte[] bundle = LogBundle.of(federation.log, BundleKind.ENTRIES, List.of(2L));
        for (int at = 0; at < bundle.length; at++) {
            byte[] flipped = bundle.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            assertThat(BundleVerifier.verify(flipped, LogExpectation.NONE)
                            .verification()
                            .ok())
                    .as("byte %d of %s", at, new String(bundle, StandardCharsets.UTF_8))
                    .isFalse();
        }
    }

    @Test
    void aReceiptProvesThatAnUpdateWasOneOfThree() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 3);
            append(federation, log, federation.sum("run-1", 2, "TRAIN", MASKED, "NYU PITT UM1"));
            append(federation, log, federation.sum("run-1", 2, "EVALUATE", "ef".repeat(32), "NYU PITT UM1"));
            append(federation, log, federation.sum("run-1", 3, "TRAIN", "01".repeat(32), "PITT UM1 YALE"));
        }
        List<LoggedEntry> entries = LogReader.read(federation.log);
        List<Receipt> receipts = Receipt.of("NYU", entries);
        assertThat(receipts).extracting(Receipt::sum).containsExactly("TRAIN", "EVALUATE"); // dropped in round 3
        assertThat(Receipt.of("PITT", entries)).isEmpty();
        Receipt first = receipts.getFirst();
        assertThat(first.maskedSha256()).isEqualTo(MASKED);
        assertThat(first.survivors()).containsExactly("NYU", "PITT", "UM1");

        byte[] file = LogBundle.of(federation.log, BundleKind.RECEIPT, first.entries());
        assertThat(BundleVerifier.verify(file, LogExpectation.NONE).receipt()).hasValue(first);
        List<Long> without = first.entries().subList(1, first.entries().size());
        byte[] unproven = LogBundle.of(federation.log, BundleKind.RECEIPT, without);
        assertThat(BundleVerifier.verify(unproven, LogExpectation.NONE)
                        .verification()
                        .problem())
                .hasValue("the entries do not prove that an update was in an aggregate");
    }

    @Test
    void anUploadOfOtherBytesThanTheSiteMaskedProvesNothing() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            List<Signed> masked =
                    federation.sum("run-1", 2, "TRAIN", MASKED, "NYU PITT UM1").subList(0, 1);
            List<Signed> rest = federation
                    .sum("run-1", 2, "TRAIN", "ee".repeat(32), "NYU PITT UM1")
                    .subList(1, 4);
            append(federation, log, masked);
            append(federation, log, rest);
        }
        assertThat(Receipt.of("NYU", LogReader.read(federation.log))).isEmpty();
    }

    @Test
    void whatLeftIsJoinedWithPurposeAndEpsilon() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            append(
                    federation,
                    log,
                    List.of(
                            federation.coordinator.sign(LogEntries.of(Actions.RUN_STARTED, Outcome.DONE, LogFixture.NOW)
                                    .actor("coordinator")
                                    .run("run-1")
                                    .fact("purpose", "epilepsy research")
                                    .build()),
                            federation.nyu.sign(LogEntries.of(Actions.PRIVACY_CHARGED, Outcome.DONE, LogFixture.NOW)
                                    .actor("NYU")
                                    .run("run-1")
                                    .round(2)
                                    .attempt(1)
                                    .fact("epsilon_spent", "1.500000")
                                    .fact("epsilon_left", "7.500000")
                                    .fact("delta", 1e-5)
                                    .build())));
            append(federation, log, federation.sum("run-1", 2, "TRAIN", MASKED, "NYU PITT UM1"));
            append(federation, log, federation.sum("run-1", 2, "EVALUATE", "ef".repeat(32), "NYU PITT UM1"));
        }
        List<LoggedEntry> all = LogReader.read(federation.log);
        LogQuery march = new LogQuery(
                Optional.of("NYU"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2026-03-01T00:00:00Z")),
                Optional.of(Instant.parse("2026-04-01T00:00:00Z")));
        List<Departure> left = Departure.of(march.of(all), all);
        assertThat(left).extracting(Departure::sum).containsExactly("TRAIN", "EVALUATE");
        assertThat(left).allSatisfy(one -> assertThat(one.purpose()).hasValue("epilepsy research"));
        assertThat(left.getFirst().epsilon())
                .hasValue(new Departure.Epsilon(1.5, Optional.of(7.5), Optional.of(1e-5), 1));
        assertThat(left.getLast().epsilon()).isEmpty();
        assertThat(left.getFirst().receipt()).map(Receipt::maskedSha256).hasValue(MASKED);
        LogQuery april =
                new LogQuery(Optional.of("NYU"), Optional.empty(), Optional.empty(), march.until(), Optional.empty());
        assertThat(april.of(all)).isEmpty();
    }

    private LogFixture witnessed(int entries) {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            Witness witness = federation.witness();
            federation.introduce(log, witness);
            federation.append(log, 0, entries);
            LogFixture.cosign(log, witness, LogFixture.NOW);
        }
        return federation;
    }

    private static boolean verify(byte[] bundle, String authority) {
        return BundleVerifier.verify(bundle, new LogExpectation(Optional.of(authority), Optional.empty()))
                .verification()
                .ok();
    }

    private static void append(LogFixture federation, TransparencyLog log, List<Signed> entries) {
        log.append(entries, List.of(federation.coordinator.certificate(), federation.nyu.certificate()));
    }
}
