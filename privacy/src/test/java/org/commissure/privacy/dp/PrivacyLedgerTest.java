package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivacyLedgerTest {
    private static final double DELTA = 1e-5;
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    @TempDir
    private Path folder;

    private Path file = Path.of("set before each test");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("ledger.jsonl");
    }

    @Test
    void whatWasChargedIsThereAfterOpeningAgain() {
        List<Charge> charged = write(3);
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            assertThat(ledger.charges()).isEqualTo(charged);
            assertThat(ledger.spent(DELTA)).isEqualTo(RdpAccountant.epsilon(0.1, 1.1, 60, DELTA));
        }
        assertThat(LedgerContents.read(file).charges()).isEqualTo(charged);
    }

    @Test
    void anEmptyLedgerHasSpentNothing() {
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            assertThat(ledger.spent(DELTA).epsilon()).isZero();
            assertThat(ledger.charges()).isEmpty();
        }
        assertThat(LedgerContents.read(folder.resolve("absent")).charges()).isEmpty();
    }

    @Test
    void theSameUpdateIsChargedOnce() throws IOException {
        write(1);
        byte[] before = Files.readAllBytes(file);
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            ledger.charge(charge(1, 1, 20, NOW.plusSeconds(99)));
            assertThat(ledger.charges()).hasSize(1);
            assertThatThrownBy(() -> ledger.charge(charge(1, 1, 21, NOW)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("run-1, round 1, attempt 1");
            assertThat(file).hasBinaryContent(before);
            ledger.charge(charge(1, 2, 21, NOW)); // another attempt costs again
            assertThat(ledger.charges()).hasSize(2);
        }
    }

    @Test
    void theBudgetQuestionChargesNothingAndCountsAChargedUpdateOnce() {
        write(2);
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            Guarantee spent = ledger.spent(DELTA);
            Guarantee after = ledger.after(charge(3, 1, 20, NOW), DELTA);
            assertThat(after.epsilon())
                    .isCloseTo(RdpAccountant.epsilon(0.1, 1.1, 60, DELTA).epsilon(), within(1e-12));
            assertThat(ledger.after(charge(2, 1, 20, NOW), DELTA)).isEqualTo(spent);
            assertThat(ledger.spent(DELTA)).isEqualTo(spent);
        }
    }

    @Test
    void aLastLineTornAtAnyByteIsDroppedAndTheRepairRecorded() throws IOException {
        List<Charge> charged = write(3);
        byte[] whole = Files.readAllBytes(file);
        int lastLine = lineStart(whole, 3);
        for (int length = lastLine + 1; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            boolean onlyLineEndMissing = length == whole.length - 1;
            List<Charge> kept = onlyLineEndMissing ? charged : charged.subList(0, 2);
            int torn = onlyLineEndMissing ? 0 : length - lastLine;

            assertThat(LedgerContents.read(file).tornBytes()).isEqualTo(torn);
            try (PrivacyLedger ledger = PrivacyLedger.open(file, Clock.fixed(NOW, ZoneOffset.UTC))) {
                assertThat(ledger.charges()).as("cut after %d bytes", length).isEqualTo(kept);
                assertThat(ledger.contents().repairs()).containsExactly(new LedgerContents.Repair(NOW, torn));
                ledger.charge(charge(9, 1, 20, NOW));
            }
            try (PrivacyLedger again = PrivacyLedger.open(file)) {
                assertThat(again.charges()).hasSize(kept.size() + 1);
                assertThat(again.contents().repairs()).hasSize(1);
            }
        }
    }

    @Test
    void anyFlippedBitIsDetectedAndItsLineNamed() throws IOException {
        write(3);
        byte[] whole = Files.readAllBytes(file);
        int line = 1;
        for (int position = 0; position < whole.length; position++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] altered = whole.clone();
                altered[position] ^= (byte) (1 << bit);
                Files.write(file, altered);
                assertThatThrownBy(() -> LedgerContents.read(file))
                        .as("bit %d of byte %d", bit, position)
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("line " + line + " of the privacy ledger")
                        .hasMessageContaining("was altered");
            }
            byte[] left = Files.readAllBytes(file);
            assertThatThrownBy(() -> PrivacyLedger.open(file).close()).hasMessageContaining("was altered");
            assertThat(file).hasBinaryContent(left); // nothing was "repaired" away
            if (whole[position] == '\n') {
                line++;
            }
        }
        assertThat(line).isEqualTo(4);
    }

    @Test
    void aRemovedOrRepeatedLineIsDetected() throws IOException {
        write(3);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThatThrownBy(() -> PrivacyLedger.open(file)).hasMessageContaining("line 2");
        Files.write(file, List.of(lines.get(1), lines.get(2)));
        assertThatThrownBy(() -> PrivacyLedger.open(file)).hasMessageContaining("line 1");
        Files.write(file, List.of(lines.get(0), lines.get(0)));
        assertThatThrownBy(() -> PrivacyLedger.open(file)).hasMessageContaining("line 2");
    }

    @Test
    void theHeadTellsARemovedLastLine() throws IOException {
        write(2);
        String head = LedgerContents.read(file).head();
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, 1));
        assertThat(LedgerContents.read(file).head()).isNotEqualTo(head);
    }

    @Test
    void aRunIdCannotForgeALine() {
        String hostile = "x\",\"sha256\":\"" + "0".repeat(64) + "\"}\n{\"sequence\":2";
        Charge charge = new Charge(hostile, 1, 1, Charge.GAUSSIAN, 1, 1.1, 0.1, 20, DELTA, NOW);
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            ledger.charge(charge);
        }
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            assertThat(ledger.charges()).containsExactly(charge);
        }
    }

    @Test
    void onlyOneWriterHasTheLedger() throws Exception {
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            assertThatThrownBy(() -> PrivacyLedger.open(file))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("in use");
            assertThat(otherProcess()).contains("in use by another site agent");
            assertThatThrownBy(() -> PrivacyLedger.open(file)).hasMessageContaining("in use");
            ledger.charge(charge(1, 1, 20, NOW));
        }
        assertThat(otherProcess()).contains("opened with 1 charges");
    }

    @Test
    void aFolderThatIsNotThereIsAClearError() {
        assertThatThrownBy(() -> PrivacyLedger.open(folder.resolve("absent").resolve("ledger.jsonl")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void aFailedWriteChargesNothingAndSaysSo() {
        PrivacyLedger ledger = PrivacyLedger.open(file);
        ledger.charge(charge(1, 1, 20, NOW));
        ledger.close();
        assertThatThrownBy(() -> ledger.charge(charge(2, 1, 20, NOW)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nothing was charged");
        assertThat(ledger.charges()).hasSize(1);
        assertThat(LedgerContents.read(file).charges()).hasSize(1);
    }

    @Test
    void manyChargesOfOneStudyComposeAsOne() {
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            for (int round = 1; round <= 300; round++) {
                ledger.charge(charge(round, 1, 20, NOW));
            }
            assertThat(ledger.spent(DELTA).epsilon())
                    .isCloseTo(RdpAccountant.epsilon(0.1, 1.1, 6000, DELTA).epsilon(), within(1e-9));
        }
    }

    @Test
    void aChargeOutsideItsRangesDoesNotExist() {
        assertThatThrownBy(() -> new Charge("r", 1, 1, "laplace", 1, 1, 0.1, 1, DELTA, NOW))
                .hasMessageContaining("supported: gaussian");
        assertThatThrownBy(() -> new Charge("r", 1, 1, Charge.GAUSSIAN, 1, 0, 0.1, 1, DELTA, NOW))
                .hasMessageContaining("noise multiplier");
        assertThatThrownBy(() -> new Charge("r", 1, 1, Charge.GAUSSIAN, 1, 1, 0, 1, DELTA, NOW))
                .hasMessageContaining("sampling rate");
        assertThatThrownBy(() -> new Charge("r", 1, 1, Charge.GAUSSIAN, 1, 1, 0.1, 0, DELTA, NOW))
                .hasMessageContaining("steps");
    }

    private List<Charge> write(int rounds) {
        try (PrivacyLedger ledger = PrivacyLedger.open(file)) {
            for (int round = 1; round <= rounds; round++) {
                ledger.charge(charge(round, 1, 20, NOW));
            }
            return ledger.charges();
        }
    }

    private static Charge charge(int round, int attempt, long steps, Instant when) {
        return new Charge("run-1", round, attempt, Charge.GAUSSIAN, 1, 1.1, 0.1, steps, DELTA, when);
    }

    private static int lineStart(byte[] bytes, int line) {
        int start = 0;
        for (int i = 0, seen = 1; seen < line; i++) {
            if (bytes[i] == '\n') {
                seen++;
                start = i + 1;
            }
        }
        return start;
    }

    private String otherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerOpener.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** What the other process does. */
    static final class LedgerOpener {
        private LedgerOpener() {}

        public static void main(String[] args) {
            try (PrivacyLedger ledger = PrivacyLedger.open(Path.of(args[0]))) {
                System.out.println("opened with " + ledger.charges().size() + " charges");
            } catch (UserError e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
