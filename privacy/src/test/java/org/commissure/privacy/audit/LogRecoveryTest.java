package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A crash, at every moment of an append, and torn files. */
class LogRecoveryTest {
    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource({"0,2", "3,4", "250,5", "250,6", "250,20", "200,330"})
    void anAppendThatWasCutOffAnywhereIsUndoneOrWholeAndCanBeRepeated(int before, int added) throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(before);
        Path old = federation.copy(federation.log, "old");
        try (TransparencyLog log = federation.open()) {
            federation.append(log, before, added);
        }
        Path done = federation.copy(federation.log, "done");
        List<Path> written = LogFixture.files(done).stream()
                .filter(file -> isNew(old, done, file))
                .sorted((a, b) -> Integer.compare(step(a), step(b)))
                .toList();
        assertThat(written.getLast()).hasToString("checkpoint");

        for (int survived = 0; survived <= written.size(); survived++) {
            Path crashed = federation.copy(old, "crashed");
            for (Path file : written.subList(0, survived)) {
                put(crashed, file, Files.readAllBytes(done.resolve(file)));
            }
            boolean committed = survived == written.size();
            if (!committed) {
                Path next = written.get(survived);
                byte[] torn = half(Files.readAllBytes(done.resolve(next)));
                put(crashed, next.resolveSibling("." + next.getFileName() + ".1.tmp"), torn);
                if (!next.toString().equals("checkpoint") && !Files.exists(crashed.resolve(next))) {
                    put(crashed, next, torn); // as a disk that does not keep its promises may leave it
                }
            }
            try (TransparencyLog log = TransparencyLog.open(crashed, federation.key)) {
                assertThat(log.size()).as("after %d files", survived).isEqualTo(committed ? before + added : before);
                if (!committed) {
                    federation.append(log, before, added);
                }
            }
            assertThat(LogVerifier.verify(crashed)).returns(true, LogVerification::ok);
            assertSameFiles(crashed, done);
        }
    }

    @Test
    void whereverAWriteIsTornTheAcknowledgedEntriesStayAndTheNextAppendGoesOn() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(2);
        Path old = federation.copy(federation.log, "old");
        try (TransparencyLog log = federation.open()) {
            federation.append(log, 2, 1);
        }
        Path done = federation.copy(federation.log, "done");
        List<Path> written = LogFixture.files(done).stream()
                .filter(file -> isNew(old, done, file))
                .sorted((a, b) -> Integer.compare(step(a), step(b)))
                .toList();
        int torn = 0;
        for (int next = 0; next < written.size(); next++) {
            Path file = written.get(next);
            byte[] whole = Files.readAllBytes(done.resolve(file));
            boolean isCheckpoint = file.toString().equals("checkpoint");
            for (int length = 0; length < whole.length; length++) {
                Path crashed = federation.copy(old, "crashed");
                for (Path earlier : written.subList(0, next)) {
                    put(crashed, earlier, Files.readAllBytes(done.resolve(earlier)));
                }
                // The checkpoint is replaced by a rename; the others are new, and a disk may tear them in place.
                put(crashed, isCheckpoint ? Path.of(".checkpoint.1.tmp") : file, Arrays.copyOf(whole, length));
                try (TransparencyLog log = TransparencyLog.open(crashed, federation.key)) {
                    assertThat(log.size()).as("%s, %d bytes", file, length).isEqualTo(2);
                    federation.append(log, 2, 1);
                }
                assertThat(LogVerifier.verify(crashed)).returns(true, LogVerification::ok);
                torn++;
            }
        }
        assertThat(torn).isGreaterThan(500);
        assertSameFiles(home.resolve("crashed"), done);
    }

    @Test
    void aKilledWriterLosesNoAcknowledgedEntry() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(1);
        for (int kill = 0; kill < 4; kill++) {
            Process writer = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            AppendLoop.class.getName(),
                            home.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long acknowledged = 0;
            try (BufferedReader out = writer.inputReader()) {
                long until = 10 + 37L * kill;
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    acknowledged = Long.parseLong(line);
                    if (--until == 0) {
                        writer.toHandle().destroyForcibly(); // SIGKILL; lines that are in the pipe still count
                    }
                }
            }
            writer.waitFor();
            assertThat(acknowledged).isPositive();
            try (TransparencyLog log = federation.open()) {
                assertThat(log.size()).isGreaterThanOrEqualTo(acknowledged);
            }
            assertThat(LogVerifier.verify(federation.log)).returns(true, LogVerification::ok);
        }
    }

    /** Appends without end, and prints the log's size after each append. */
    static final class AppendLoop {
        private AppendLoop() {}

        public static void main(String[] arguments) {
            Path home = Path.of(arguments[0]);
            FederationAuthority authority = FederationAuthority.open(home.resolve("ca"), LogFixture.CLOCK);
            SigningIdentity site = authority.issueSigning(Role.SITE, "PITT");
            try (TransparencyLog log = TransparencyLog.open(home.resolve("log"), home.resolve("keys/log.key"))) {
                while (true) {
                    log.append(
                            List.of(LogFixture.entry(site, LogFixture.NOW, "entry " + log.size())),
                            List.of(site.certificate()));
                    System.out.println(log.size());
                }
            }
        }
    }

    @Test
    void lostOrTornTilesAreComputedAgainFromTheEntries() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(300);
        Path whole = federation.copy(federation.log, "whole");
        for (Path tile : LogFixture.files(whole)) {
            if (!tile.startsWith("tile") || tile.startsWith("tile/entries") || tile.equals(Path.of("tile/0/000"))) {
                continue;
            }
            for (boolean torn : new boolean[] {true, false}) {
                Path crashed = federation.copy(whole, "crashed");
                if (torn) {
                    Files.write(crashed.resolve(tile), half(Files.readAllBytes(whole.resolve(tile))));
                } else {
                    Files.delete(crashed.resolve(tile));
                }
                TransparencyLog.open(crashed, federation.key).close();
                assertSameFiles(crashed, whole);
            }
        }
    }

    @Test
    void aLogThatLacksEntriesUnderItsCheckpointIsNotContinued() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(10);
        Path bundle = federation.log.resolve("tile/entries/000.p/10");
        byte[] whole = Files.readAllBytes(bundle);
        for (int length : List.of(0, 1, whole.length / 2, whole.length - 1)) {
            Files.write(bundle, Arrays.copyOf(whole, length));
            assertThatThrownBy(federation::open)
                    .as("cut to %d bytes", length)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("was altered or lost data: entry")
                    .hasMessageContaining("is missing or cut off");
            assertThat(LogVerifier.verify(federation.log).firstBadEntry()).isPresent();
        }
        Files.delete(bundle);
        assertThatThrownBy(federation::open).isInstanceOf(UserError.class);
        whole[20] ^= 1;
        Files.write(bundle, whole);
        assertThatThrownBy(federation::open)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not those that its checkpoint was signed for");
    }

    @Test
    void aCreationThatWasCutOffCanBeRepeated() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.create().close();
        String key = Files.readString(federation.key);
        Files.delete(federation.log.resolve("checkpoint"));
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 1);
        }
        assertThat(Files.readString(federation.key)).isEqualTo(key);
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    @Test
    void aFailedAppendLeavesTheLogUsable() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(3);
        try (TransparencyLog log = federation.open()) {
            // A folder in the place of the next bundle makes the write fail, as a full disk would.
            Path obstacle = federation.log.resolve("tile/entries/000.p/5");
            Files.createDirectories(obstacle.resolve("x"));
            assertThatThrownBy(() -> federation.append(log, 3, 2))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("cannot be written");
            assertThat(log.size()).isEqualTo(3);
            Files.delete(obstacle.resolve("x"));
            Files.delete(obstacle);
            federation.append(log, 3, 2);
            assertThat(log.size()).isEqualTo(5);
        }
        assertThat(LogVerifier.verify(federation.log).ok()).isTrue();
    }

    /** The order in which an append writes. */
    private static int step(Path file) {
        return switch (file.getName(0).toString()) {
            case "certificates" -> 0;
            case "tile" -> file.startsWith("tile/entries") ? 1 : 2;
            default -> 3;
        };
    }

    private static boolean isNew(Path old, Path done, Path file) {
        try {
            return !Files.exists(old.resolve(file)) || Files.mismatch(old.resolve(file), done.resolve(file)) >= 0;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(Path folder, Path file, byte[] bytes) throws IOException {
        Path target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Files.write(target, bytes);
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static void assertSameFiles(Path actual, Path expected) throws IOException {
        assertThat(LogFixture.files(actual)).isEqualTo(LogFixture.files(expected));
        for (Path file : LogFixture.files(expected)) {
            assertThat(Files.mismatch(actual.resolve(file), expected.resolve(file)))
                    .as(file.toString())
                    .isEqualTo(-1L);
        }
    }
}
