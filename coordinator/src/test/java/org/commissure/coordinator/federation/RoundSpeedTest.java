package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How long a TRAIN sum takes without any training: real coordinator, mutual TLS on loopback, hybrid keys, signatures,
 * masks, durable chunks, transparency log and the new model, everything in one process. Asked for with {@code
 * -Dcommissure.speed=true}, because only a quiet machine says anything.
 */
class RoundSpeedTest {
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"3, 1000000, 0.5", "4, 13000000, 3.0"})
    @Timeout(300)
    void aRoundTakesLittleLongerThanItsTransfer(int sites, int parameters, double limitSeconds) throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("commissure.speed"), "run with -Dcommissure.speed=true");
        String[] names =
                IntStream.rangeClosed(1, sites).mapToObj("site-%d"::formatted).toArray(String[]::new);
        try (TestFederation federation = new TestFederation(folder, parameters, names)) {
            federation.connectAll();
            federation.start(Studies.text(ROUNDS, 1, 120), new float[parameters], "run-1");
            double transfer = Double.MAX_VALUE;
            for (int round = 1; round <= ROUNDS; round++) {
                int now = round;
                eventually(() -> TestCli.status(federation.home).history().size() > now
                        || TestCli.status(federation.home).state() != RunOutcome.RUNNING);
                transfer = Math.min(transfer, slowestUpload(federation));
            }
            eventually(() -> TestCli.status(federation.home).state() == RunOutcome.FINISHED);
            List<Double> seconds = seconds(LogReader.read(federation.home.log()).stream()
                    .map(LoggedEntry::entry)
                    .toList());
            double best = seconds.stream().min(Comparator.naturalOrder()).orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "round of %d sites x %,d parameters: %s s from invitation to release; slowest upload %.2f s%n",
                    sites,
                    parameters,
                    seconds,
                    transfer);
            assertThat(best - (parameters > 5_000_000 ? 0 : transfer)).isLessThan(limitSeconds);
        }
    }

    private static double slowestUpload(TestFederation federation) {
        return federation.sites.stream()
                .mapToDouble(site -> site.lastTrainUploadNanos / 1e9)
                .max()
                .orElseThrow();
    }

    private static List<Double> seconds(List<LogEntry> entries) {
        return IntStream.rangeClosed(1, ROUNDS)
                .mapToObj(
                        round -> (time(entries, "sum.released", round) - time(entries, "sum.started", round)) / 1000.0)
                .toList();
    }

    private static long time(List<LogEntry> entries, String action, int round) {
        return entries.stream()
                .filter(entry -> entry.getAction().equals(action)
                        && entry.getRound() == round
                        && entry.getFactList().stream()
                                .anyMatch(fact -> fact.getValue().equals("TRAIN")))
                .mapToLong(LogEntry::getTimeUnixMs)
                .findFirst()
                .orElseThrow();
    }
}
