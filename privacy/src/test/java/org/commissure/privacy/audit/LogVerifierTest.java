package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogVerifierTest {
    @TempDir
    private Path home;

    @Test
    void aFlippedBitInAnyFileIsDetectedAndAnEntryNamed() throws Exception {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            Witness witness = federation.witness();
            federation.introduce(log, witness);
            federation.append(log, 0, 3);
            LogFixture.cosign(log, witness, LogFixture.NOW);
            federation.append(log, 3, 2);
        }
        assertThat(LogFixture.files(federation.log)).contains(Path.of("witnesses/NYU"));
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (Path file : LogFixture.files(federation.log)) {
            Path path = federation.log.resolve(file);
            byte[] whole = Files.readAllBytes(path);
            for (int at = 0; at < whole.length; at += 1 + random.nextInt(11)) {
                LogVerification found = verifyFlipped(federation.log, path, whole, at, 1 << random.nextInt(8));
                assertThat(found.ok()).as("%s, byte %d", file, at).isFalse();
                assertThat(found.firstBadEntry()).as("%s, byte %d", file, at).isPresent();
            }
            Files.write(path, whole);
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void aFlippedBitInAnEntryNamesThatEntry() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(5);
        Path bundle = federation.log.resolve("tile/entries/000.p/5");
        byte[] whole = Files.readAllBytes(bundle);
        List<byte[]> entries = EntryBundle.decode(whole, 5);
        Random random = new Random(5);
        int start = 0;
        for (int k = 0; k < entries.size(); k++) {
            int end = start + 2 + entries.get(k).length; // the length's two bytes belong to the entry
            for (int at = start; at < end; at += at < start + 2 ? 1 : 1 + random.nextInt(9)) {
                LogVerification found = verifyFlipped(federation.log, bundle, whole, at, 1 << random.nextInt(8));
                assertThat(found.firstBadEntry())
                        .as("byte %d", at)
                        .map(FirstBadEntry::index)
                        .hasValue((long) k);
            }
            start = end;
        }
    }

    @Test
    void inALongLogTheDamagedEntryOrTileIsNamed() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(600);
        Path bundle = federation.log.resolve("tile/entries/001");
        byte[] whole = Files.readAllBytes(bundle);
        byte[] target = EntryBundle.decode(whole, 256).get(400 - 256);
        int offset = 0;
        for (byte[] entry : EntryBundle.decode(whole, 400 - 256)) {
            offset += 2 + entry.length;
        }
        LogVerification entry = verifyFlipped(federation.log, bundle, whole, offset + target.length / 2, 4);
        assertThat(entry.firstBadEntry()).map(FirstBadEntry::index).hasValue(400L);
        Files.write(bundle, whole);

        Map<String, Long> firstCovered = Map.of("tile/0/000", 1L, "tile/0/002.p/88", 513L, "tile/1/000.p/2", 256L);
        for (String tile : firstCovered.keySet()) {
            Path path = federation.log.resolve(tile);
            byte[] hashes = Files.readAllBytes(path);
            LogVerification found = verifyFlipped(federation.log, path, hashes, 33, 1);
            assertThat(found.firstBadEntry()).map(FirstBadEntry::index).isEqualTo(Optional.of(firstCovered.get(tile)));
            assertThat(found.problem().orElseThrow()).contains(tile.replaceAll("\\.p/.*", ""));
            Files.write(path, hashes);
        }
    }

    @Test
    void anEntryReplacedByAnotherGoodOneIsNamed() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(5);
        Path bundle = federation.log.resolve("tile/entries/000.p/5");
        List<byte[]> entries = EntryBundle.decode(Files.readAllBytes(bundle), 5);
        entries.set(
                3, LogFixture.entry(federation.nyu, LogFixture.NOW, "history").toByteArray());
        Files.write(bundle, EntryBundle.encode(entries));
        LogVerification found = LogVerifier.verify(federation.log);
        assertThat(found.firstBadEntry())
                .contains(new FirstBadEntry(3, "the entry is not the one whose hash was logged"));
    }

    @Test
    void anEntryForgedByTheLogsOwnerIsNamedThoughTreeAndCheckpointFit() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(4);
        // The owner of the log's key puts words into NYU's mouth and signs everything anew.
        Signed real = federation.entries(1, 1).getFirst();
        Signed forged = federation
                .coordinator
                .sign(LogReader.read(federation.log).get(1).entry().toBuilder()
                        .setDetail("agreed")
                        .build())
                .toBuilder()
                .setCertificateSha256(real.getCertificateSha256())
                .build();
        Path bundle = federation.log.resolve("tile/entries/000.p/4");
        List<byte[]> entries = EntryBundle.decode(Files.readAllBytes(bundle), 4);
        entries.set(1, forged.toByteArray());
        Files.write(bundle, EntryBundle.encode(entries));
        resign(federation, entries);
        LogVerification found = LogVerifier.verify(federation.log);
        assertThat(found.firstBadEntry()).map(FirstBadEntry::index).hasValue(1L);
        assertThat(found.firstBadEntry().orElseThrow().problem()).contains("does not fit the message");
    }

    @Test
    void anActorsCertificateIsJudgedAtTheEntrysTime() {
        LogFixture federation = new LogFixture(home);
        SigningIdentity brief = federation.authority.issueSigning(
                Role.SITE, "PITT", LogFixture.NOW, LogFixture.NOW.plus(Duration.ofDays(2)));
        try (TransparencyLog log = federation.create()) {
            // The machine's clock is long past these dates, and the entry still verifies.
            log.append(
                    List.of(LogFixture.entry(brief, LogFixture.NOW.plus(Duration.ofDays(1)), "in time")),
                    List.of(brief.certificate()));
            assertThatThrownBy(() -> log.append(
                            List.of(LogFixture.entry(brief, LogFixture.NOW.plus(Duration.ofDays(3)), "late")),
                            List.of(brief.certificate())))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("expired on 2026-03-03T12:00:00Z");
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void anEntryOfAForeignAuthoritysMemberIsNamed() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(4);
        FederationAuthority foreign =
                FederationAuthority.create(home.resolve("foreign"), "net", Clock.fixed(LogFixture.NOW, ZoneOffset.UTC));
        Files.writeString(federation.log.resolve("trust/authority.pem"), Certificates.pem(foreign.certificate()));
        LogVerification found = LogVerifier.verify(federation.log);
        assertThat(found.firstBadEntry()).map(FirstBadEntry::index).hasValue(0L);
        assertThat(found.firstBadEntry().orElseThrow().problem()).contains("issued by another federation");
        assertThat(found.authoritySha256()).isEqualTo(Certificates.fingerprint(foreign.certificate()));
    }

    @Test
    void aTruncatedLogIsRefusedAgainstAnEarlierCheckpoint() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(5);
        Path rolledBack = federation.copy(federation.log, "rolled-back");
        String kept;
        try (TransparencyLog log = federation.open()) {
            federation.append(log, 5, 3);
            kept = log.checkpoint();
        }
        LogExpectation expectation = new LogExpectation(Optional.empty(), Optional.of(kept));
        assertThat(LogVerifier.verify(federation.log, expectation).ok()).isTrue();
        assertThat(LogVerifier.verify(rolledBack, expectation).problem())
                .hasValue("the log was truncated: it has 5 entries, but once had 8");
    }

    @Test
    void aForkedLogIsRefusedAgainstAnEarlierCheckpoint() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(5);
        Path fork = federation.copy(federation.log, "fork");
        String kept;
        try (TransparencyLog log = federation.open()) {
            federation.append(log, 5, 3);
            kept = log.checkpoint();
            federation.append(log, 8, 3);
        }
        try (TransparencyLog log = TransparencyLog.open(fork, federation.key)) {
            federation.append(log, 50, 9);
        }
        LogExpectation expectation = new LogExpectation(Optional.empty(), Optional.of(kept));
        assertThat(LogVerifier.verify(federation.log, expectation).ok()).isTrue();
        assertThat(LogVerifier.verify(fork).ok()).isTrue();
        assertThat(LogVerifier.verify(fork, expectation).problem().orElseThrow())
                .contains("the log was forked");
        LogExpectation altered = new LogExpectation(Optional.empty(), Optional.of(kept.replace("\n8\n", "\n7\n")));
        assertThat(LogVerifier.verify(federation.log, altered).problem().orElseThrow())
                .contains("the earlier checkpoint is not signed");
    }

    @Test
    void anotherFederationsLogIsRefusedByItsFingerprint() {
        LogFixture federation = new LogFixture(home);
        federation.createWith(1);
        String fingerprint = Certificates.fingerprint(federation.authority.certificate());
        assertThat(LogVerifier.verify(federation.log, authority(fingerprint)).ok())
                .isTrue();
        assertThat(LogVerifier.verify(federation.log, authority("00".repeat(32)))
                        .problem()
                        .orElseThrow())
                .contains("of another federation")
                .contains(fingerprint);
    }

    @Test
    void whatIsNoLogIsAUserError() {
        assertThatThrownBy(() -> LogVerifier.verify(home))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not the folder of a log");
    }

    private static LogExpectation authority(String sha256) {
        return new LogExpectation(Optional.of(sha256), Optional.empty());
    }

    private static LogVerification verifyFlipped(Path log, Path file, byte[] whole, int at, int bit)
            throws IOException {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) bit;
        Files.write(file, damaged);
        return LogVerifier.verify(log);
    }

    private static void resign(LogFixture federation, List<byte[]> entries) throws IOException {
        MerkleEdge edge = new MerkleEdge();
        entries.forEach(entry -> edge.add(MerkleHash.leaf(entry), (level, index, hashes) -> {}));
        Files.write(federation.log.resolve("tile/0/000.p/" + entries.size()), edge.partial(0));
        NoteKey key = NoteKey.parseSecret(
                NoteKey.Kind.LOG, Files.readString(federation.key).strip());
        Checkpoint checkpoint = new Checkpoint(LogFixture.ORIGIN, edge.size(), edge.root());
        Files.writeString(
                federation.log.resolve("checkpoint"),
                key.sign(checkpoint.text()).format());
    }
}
