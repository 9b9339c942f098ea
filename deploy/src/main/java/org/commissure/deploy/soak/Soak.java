package org.commissure.deploy.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.benchmark.LocalFederation;
import org.commissure.deploy.benchmark.SizedStudy;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.RunWatch;
import org.commissure.deploy.federation.Waiting;
import org.commissure.protocol.loopback.LoopbackPorts;

/**
 * One run after another, in a federation whose processes are killed meanwhile. The first site is never killed, and the
 * coordinator in the first half only, so that their memory can be watched over a long life.
 */
final class Soak {
    private static final List<String> SITES = List.of("A", "B", "C", "D");
    private static final String SPARED = SITES.getFirst();
    private static final Duration CONNECT = Duration.ofMinutes(2);
    private static final Duration RUN = Duration.ofMinutes(15);
    private static final Duration STEP = Duration.ofMillis(250);
    private static final Duration SAMPLE = Duration.ofSeconds(5);
    private static final Duration CHECK_LOG = Duration.ofMinutes(5);

    private final Launcher launcher;
    private final Plan plan;
    private final PrintStream progress;
    private final List<MemoryTrend.Recorder> recorders = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private long beganNanos;
    private long sampledNanos;
    private long logCheckedNanos;
    private int runs;
    private int rounds;
    private int released;

    /**
     * @param duration from when everybody is connected; a run that has begun ends
     * @param rounds of one run
     * @param meanKillPause from a restart to the next kill
     * @param pause between runs
     * @param seed of who is killed when
     */
    record Plan(Duration duration, int rounds, Duration meanKillPause, Duration pause, long seed) {}

    /** @param wrong every invariant that did not hold */
    record Result(
            Duration took,
            int runs,
            int rounds,
            int released,
            int kills,
            List<MemoryTrend> memory,
            List<String> wrong) {
        Result {
            memory = List.copyOf(memory);
            wrong = List.copyOf(wrong);
        }

        boolean passed() {
            return wrong.isEmpty() && memory.stream().noneMatch(trend -> trend.verdict() == MemoryTrend.Verdict.GROWS);
        }
    }

    Soak(Launcher launcher, Plan plan, PrintStream progress) {
        this.launcher = launcher;
        this.plan = plan;
        this.progress = progress;
    }

    /** @param folder empty; receives the federation, whose processes are gone afterwards */
    Result run(Path folder) throws IOException {
        try (ProcessFederation federation = new ProcessFederation(launcher, folder)) {
            Path study = open(federation, folder);
            Path model = federation.initialModel(study, folder.resolve("initial.safetensors"));
            Killer killer = new Killer(federation, new Random(plan.seed()), plan.meanKillPause());
            Invariants invariants = new Invariants(federation, SITES, folder);
            beganNanos = System.nanoTime();
            logCheckedNanos = beganNanos;
            recorders.add(new MemoryTrend.Recorder(
                    "site " + SPARED, federation.site(SPARED).pid()));
            Optional<MemoryTrend.Recorder> coordinator = Optional.empty();
            while (elapsed().compareTo(plan.duration()) < 0) {
                if (coordinator.isEmpty() && inSecondHalf()) {
                    coordinator = Optional.of(new MemoryTrend.Recorder(
                            Killer.COORDINATOR, federation.coordinator().pid()));
                    recorders.add(coordinator.get());
                }
                oneRun(federation, study, model, killer, invariants);
                Waiting.until(() -> false, plan.pause());
            }
            wrong.addAll(invariants.ofLog());
            wrong.addAll(invariants.ofOutput());
            return new Result(
                    elapsed(),
                    runs,
                    rounds,
                    released,
                    killer.kills(),
                    recorders.stream().map(MemoryTrend.Recorder::trend).toList(),
                    wrong);
        }
    }

    private Path open(ProcessFederation federation, Path folder) throws IOException {
        federation.generateCohorts(String.join(",", SITES), 16, 8);
        List<String> policy =
                List.of("--policy", LocalFederation.writePolicy(folder).toString());
        federation.initialise("soak", LoopbackPorts.free());
        federation.startCoordinator();
        for (String site : SITES) {
            federation.join(site, federation.cohorts().resolve("site-" + site), policy);
            federation.startSite(site);
        }
        SITES.forEach(site -> federation.site(site).await("connected to the coordinator", CONNECT));
        return SizedStudy.writeTrained(federation, plan.rounds());
    }

    private void oneRun(ProcessFederation federation, Path study, Path model, Killer killer, Invariants invariants)
            throws IOException {
        String name = "soak-%04d".formatted(++runs);
        // The coordinator is spared in the second half; a run that began in the first is held to what was due then.
        List<String> victims = Stream.concat(
                        SITES.stream().filter(site -> !site.equals(SPARED)),
                        inSecondHalf() ? Stream.of() : Stream.of(Killer.COORDINATOR))
                .toList();
        federation.startRun(name, study, model);
        RunWatch watch = federation.watch();
        long limit = System.nanoTime() + RUN.toNanos();
        while (!ended(watch) && System.nanoTime() < limit) {
            killer.step(victims);
            sample();
            Waiting.until(() -> ended(watch), STEP);
        }
        killer.revive();
        if (!ended(watch)) {
            wrong.add(name + " has not ended after " + RUN.toMinutes() + " minutes; last seen: " + watch.newest());
            return;
        }
        RunSummary run = watch.newest().orElseThrow();
        rounds += run.history().size();
        released += (int) run.history().stream()
                .filter(round -> round.outcome() == RoundOutcome.RELEASED)
                .count();
        wrong.addAll(invariants.ofRun(name, run));
        wrong.addAll(invariants.tidy());
        if (System.nanoTime() - logCheckedNanos > CHECK_LOG.toNanos()) {
            wrong.addAll(invariants.ofLog());
            logCheckedNanos = System.nanoTime();
        }
        progress.printf(
                "%s %s: %d rounds, %d released so far, %d kills, %d broken invariants, %d min left%n",
                name,
                run.state(),
                rounds,
                released,
                killer.kills(),
                wrong.size(),
                Math.max(0, plan.duration().minus(elapsed()).toMinutes()));
    }

    private void sample() {
        if (System.nanoTime() - sampledNanos > SAMPLE.toNanos()) {
            sampledNanos = System.nanoTime();
            recorders.forEach(MemoryTrend.Recorder::sample);
        }
    }

    private static boolean ended(RunWatch watch) {
        return watch.newest().filter(run -> run.state().terminal()).isPresent();
    }

    private boolean inSecondHalf() {
        return elapsed().compareTo(plan.duration().dividedBy(2)) >= 0;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }
}
