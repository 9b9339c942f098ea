package org.commissure.coordinator.round;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of runs in virtual time: reordering, duplication, loss, crashes and restarts of sites and
 * of the coordinator, late answers. {@code -Dcommissure.schedule=SEED} replays one of them, {@code
 * -Dcommissure.schedules=N} plays another number.
 */
class ScheduleTest {
    private static final int SCHEDULES = Integer.getInteger("commissure.schedules", 10_000);
    private static final long FIRST_SEED = 20_260_101;

    @TempDir(cleanup = CleanupMode.ALWAYS)
    Path folder;

    @Test
    void everyScheduleEndsWithExactSumsOrCleanAborts() throws Exception {
        SimulatedCrypto crypto = new SimulatedCrypto(inMemory(folder));
        String replay = System.getProperty("commissure.schedule");
        Map<String, Integer> outcomes = new TreeMap<>();
        long first = replay == null ? FIRST_SEED : Long.parseLong(replay);
        long started = System.nanoTime();
        for (long seed = first; seed < first + (replay == null ? SCHEDULES : 1); seed++) {
            try {
                outcomes.merge(play(crypto, seed), 1, Integer::sum);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "schedule " + seed + " fails; replay it with: mvn -pl coordinator -am test -Dtest=ScheduleTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dcommissure.schedule=" + seed,
                        e);
            }
        }
        System.out.printf(
                "schedules: %s; %d distinct steps and judgements; %.1f s%n",
                outcomes, crypto.computed(), (System.nanoTime() - started) / 1e9);
    }

    /** Every tenth schedule is a whole run of three sums, the others are one sum of two attempts. */
    private static String play(SimulatedCrypto crypto, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = random.nextInt(3, 6);
        Simulation simulation = new Simulation(crypto, n, 2, SimulatedFaults.random(random));
        if (seed % 10 == 0) {
            return "run " + simulation.play().outcome();
        }
        simulation.playFirstSum();
        return simulation.opened(SumKind.EVALUATE, 0, 1).isPresent()
                ? "sum at the first attempt"
                : simulation.opened(SumKind.EVALUATE, 0, 2).isPresent() ? "sum at the second attempt" : "no sum";
    }

    /** Masked vectors are forced to disk; a file system in memory makes that cheap. */
    static Path inMemory(Path otherwise) throws java.io.IOException {
        Path memory = Path.of("/dev/shm");
        if (!Files.isWritable(memory)) {
            return otherwise;
        }
        Path folder = Files.createTempDirectory(memory, "commissure-simulation");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> inside = Files.walk(folder)) {
            inside.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (java.io.IOException e) {
            System.err.println("left behind: " + folder);
        }
    }
}
