package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransparencyLogTest {
    @TempDir
    private Path home;

    @Test
    void entriesAreThereInOrderAfterReopening() {
        LogFixture federation = new LogFixture(home);
        String checkpoint;
        try (TransparencyLog log = federation.create()) {
            assertThat(log.size()).isZero();
            assertThat(log.append(federation.entries(0, 3), certificates(federation)))
                    .isZero();
            assertThat(log.append(federation.entries(3, 1), List.of())).isEqualTo(3);
            checkpoint = log.checkpoint();
            assertThat(checkpoint).startsWith("commissure/net\n4\n");
            assertThat(log.checkpointSha256())
                    .isEqualTo(SignedMessages.sha256(ByteString.copyFromUtf8(checkpoint))
                            .toByteArray());
        }
        try (TransparencyLog log = federation.open()) {
            assertThat(log.size()).isEqualTo(4);
            assertThat(log.checkpoint()).isEqualTo(checkpoint);
            federation.append(log, 4, 2);
        }
        List<LoggedEntry> read = LogReader.read(federation.log);
        assertThat(read).extracting(LoggedEntry::index).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(read)
                .extracting(entry -> entry.entry().getDetail())
                .containsExactly("entry 0", "entry 1", "entry 2", "entry 3", "entry 4", "entry 5");
        assertThat(read.get(1).actorName()).isEqualTo("NYU");
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void sizesAroundTileBordersVerifyHoweverTheyWereAppended() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            int size = 0;
            for (int step : List.of(255, 1, 1, 254, 1, 300, 3)) {
                federation.append(log, size, step);
                size += step;
                assertThat(LogVerifier.verify(federation.log))
                        .as("size %d", size)
                        .returns(true, LogVerification::ok)
                        .returns((long) size, LogVerification::size);
            }
        }
        try (TransparencyLog log = federation.open()) {
            assertThat(log.size()).isEqualTo(815);
        }
        assertThat(LogReader.read(federation.log)).hasSize(815);
    }

    @Test
    void ofATileThatIsNotFullOneVersionIsKept() throws Exception {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            for (int size = 0; size < 270; size += 9) {
                federation.append(log, size, 9);
            }
        }
        assertThat(LogFixture.files(federation.log.resolve("tile")))
                .extracting(Path::toString)
                .containsExactly("0/000", "0/001.p/14", "1/000.p/1", "entries/000", "entries/001.p/14");
    }

    @Test
    void aRepeatedEntryIsFoundAndAnotherIsNot() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            assertThat(log.indexOf(federation.entries(0, 1).getFirst())).isEmpty();
            federation.append(log, 0, 300);
            for (int index : List.of(0, 255, 256, 299)) {
                assertThat(log.indexOf(federation.entries(index, 1).getFirst())).hasValue(index);
            }
            assertThat(log.indexOf(federation.entries(300, 1).getFirst())).isEmpty();
        }
    }

    @Test
    void anEntryThatWouldNotVerifyIsRefusedAndNothingIsAppended() {
        LogFixture federation = new LogFixture(home);
        SigningIdentity operator = federation.authority.issueSigning(Role.OPERATOR, "anna");
        SigningIdentity pitt = federation.authority.issueSigning(Role.SITE, "PITT");
        Signed good = federation.entries(0, 1).getFirst();
        Signed altered = good.toBuilder()
                .setPayload(good.getPayload().concat(ByteString.copyFrom(new byte[] {0x20, 2})))
                .build();
        LogEntry inAnothersName = LogEntries.of(Actions.COHORT_SEALED, Outcome.DONE, LogFixture.NOW)
                .actor("NYU")
                .build();
        LogEntry tooEarly = inAnothersName.toBuilder()
                .setTimeUnixMs(LogFixture.NOW.minus(Duration.ofDays(1)).toEpochMilli())
                .build();
        LogEntry unsorted = inAnothersName.toBuilder()
                .addFact(Fact.newBuilder().setName("b"))
                .addFact(Fact.newBuilder().setName("a"))
                .build();
        try (TransparencyLog log = federation.create()) {
            assertRefused(log, federation, altered, federation.coordinator, "does not fit the message");
            assertRefused(log, federation, pitt.sign(inAnothersName), pitt, "names 'NYU' as its actor");
            assertRefused(
                    log,
                    federation,
                    LogFixture.entry(operator, LogFixture.NOW, "x"),
                    operator,
                    "/coordinator-operator/anna");
            assertRefused(log, federation, federation.nyu.sign(tooEarly), federation.nyu, "is not valid before");
            assertRefused(log, federation, federation.nyu.sign(unsorted), federation.nyu, "not sorted");
            assertRefused(log, federation, pitt.sign(unsorted), federation.nyu, "not at hand");
            assertThat(log.size()).isZero();
            federation.append(log, 0, 1);
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void anEntryMayHaveUpTo65535Bytes() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            int overhead = sized(federation, 60_000).getSerializedSize() - 60_000;
            Signed largest = sized(federation, EntryCheck.MAXIMUM_BYTES - overhead);
            Signed tooLarge = sized(federation, EntryCheck.MAXIMUM_BYTES - overhead + 1);
            assertThat(largest.getSerializedSize()).isEqualTo(65_535);
            log.append(List.of(largest), certificates(federation));
            assertThatThrownBy(() -> log.append(List.of(tooLarge), certificates(federation)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("has 65536 bytes; a log holds at most 65535");
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void aSecondWriterIsRefused() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            assertThatThrownBy(federation::open)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("open in another process");
            assertThat(log.size()).isZero();
        }
        federation.open().close();
    }

    @Test
    void aLogIsNeitherBegunTwiceNorWithAnotherKey() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.create().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(federation.key)))
                .isEqualTo("rw-------");
        assertThatThrownBy(federation::create)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds a log already");
        Path other = home.resolve("other.key");
        TransparencyLog.create(home.resolve("other"), LogFixture.ORIGIN, federation.authority.certificate(), other)
                .close();
        assertThatThrownBy(() -> TransparencyLog.open(federation.log, other))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("was not signed with this log's key");
        assertThatThrownBy(() -> TransparencyLog.create(
                        home.resolve("x"), "x", federation.authority.certificate(), home.resolve("x/log.key")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("inside the log");
        assertThatThrownBy(() -> TransparencyLog.open(home.resolve("nowhere"), federation.key))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be opened");
    }

    @Test
    void threadsMayAppendAtOnce() throws Exception {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int j = 0; j < 5; j++) {
                        federation.append(log, 100 * number + 10 * j, 3);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(log.size()).isEqualTo(60);
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void anAppendWritesTheFilesAtTheRightEdgeAloneHoweverLongTheLogIs() throws IOException {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 20);
            long few = writtenBy(federation, () -> federation.append(log, 20, 10));
            federation.append(log, 30, 970);
            long many = writtenBy(federation, () -> federation.append(log, 1000, 10));
            assertThat(few).as("bundle, tile and checkpoint").isEqualTo(3);
            assertThat(many).isEqualTo(few);
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    /** How many of the log's files are new or different afterwards. */
    private static long writtenBy(LogFixture federation, Runnable append) throws IOException {
        Map<Path, ByteString> before = hashes(federation.log);
        append.run();
        return hashes(federation.log).entrySet().stream()
                .filter(file -> !file.getValue().equals(before.get(file.getKey())))
                .count();
    }

    private static Map<Path, ByteString> hashes(Path folder) throws IOException {
        Map<Path, ByteString> hashes = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(file, SignedMessages.sha256(ByteString.copyFrom(Files.readAllBytes(file))));
            }
        }
        return hashes;
    }

    private static void assertRefused(
            TransparencyLog log, LogFixture federation, Signed bad, SigningIdentity actor, String why) {
        List<Signed> entries = List.of(federation.entries(0, 1).getFirst(), bad);
        List<X509Certificate> actors = List.of(federation.coordinator.certificate(), actor.certificate());
        assertThatThrownBy(() -> log.append(entries, actors))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(why);
    }

    private static List<X509Certificate> certificates(LogFixture federation) {
        return List.of(federation.coordinator.certificate(), federation.nyu.certificate());
    }

    private static Signed sized(LogFixture federation, int characters) {
        return federation.nyu.sign(LogEntries.of(Actions.COHORT_SEALED, Outcome.DONE, LogFixture.NOW)
                .actor("NYU")
                .fact("x", "y".repeat(characters))
                .build());
    }
}
