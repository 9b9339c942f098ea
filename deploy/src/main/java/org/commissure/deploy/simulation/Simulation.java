package org.commissure.deploy.simulation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.benchmark.CoordinatorMemory;
import org.commissure.deploy.benchmark.LocalFederation;
import org.commissure.deploy.benchmark.SizedStudy;
import org.commissure.deploy.benchmark.TrainingTimes;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.RunWatch;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.deploy.quickstart.ProgressView;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;

/** One scenario from the first invitation to the last released model. */
final class Simulation {
    private static final String RUN_ID = "simulation";
    private static final Duration LIMIT = Duration.ofHours(24);
    /** A slow machine is no reason to lose a site: what is asked is how long it takes. */
    private static final Duration PATIENCE = Duration.ofHours(6);

    private static final long SPARE_DISK_BYTES = 1L << 30;

    private final Launcher launcher;
    private final Scenario scenario;
    private final PrintStream progress;

    /** @param progress where the rounds are shown while they run */
    Simulation(Launcher launcher, Scenario scenario, PrintStream progress) {
        this.launcher = launcher;
        this.scenario = scenario;
        this.progress = progress;
    }

    /**
     * A round's TRAIN sum, by the coordinator's log.
     *
     * @param inviteSeconds until every site has answered its invitation
     * @param collectSeconds from then until the last vector is there: keys, shares, training, masks and transfer
     * @param openSeconds from then until the sum is released: votes, shares, masks of who vanished
     */
    record Round(double inviteSeconds, double collectSeconds, double openSeconds, int survivors) {
        double seconds() {
            return inviteSeconds + collectSeconds + openSeconds;
        }
    }

    /**
     * @param parameters of the model that was taken
     * @param openSeconds until every site had enrolled and was connected
     * @param coordinatorCpuSeconds for one round, its evaluation included
     * @param siteCpuSeconds the same of one site, the mean
     * @param ownMebibytes most memory that the coordinator's process held of its own
     * @param residentMebibytes the same with the pages of files that it maps
     * @param worstError of the released model against the survivors' updates, in units of the tolerance; at most 1 if exact
     */
    record Result(
            Scenario scenario,
            int parameters,
            double openSeconds,
            List<Round> rounds,
            double coordinatorCpuSeconds,
            double siteCpuSeconds,
            double ownMebibytes,
            double residentMebibytes,
            double worstError,
            double load) {
        boolean exact() {
            return worstError <= 1;
        }

        double modelMebibytes() {
            return parameters * (double) Float.BYTES / (1 << 20);
        }
    }

    /** @param folder empty; receives the federation, whose processes are gone afterwards */
    Result run(Path folder) throws IOException {
        requireDisk(folder);
        Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors());
        Set<Integer> leavers = scenario.leavers();
        int[] next = {0};
        long began = System.nanoTime();
        try (LocalFederation federation = new LocalFederation(
                launcher,
                folder,
                scenario.sites(),
                (name, home) -> new VirtualSite(scenario, next[0], leavers.contains(next[0]++), permits, name, home))) {
            StudyTemplate template = SizedStudy.template();
            for (String phase : List.of("invite", "keys", "upload", "vote", "unmask")) {
                template = template.with(phase + "_seconds", Long.toString(PATIENCE.toSeconds()));
            }
            StudyFile study =
                    SizedStudy.of(template, scenario.parameters(), scenario.rounds(), federation.atlas(), launcher);
            Path file = Files.writeString(folder.resolve("study.toml"), study.text());
            federation.open();
            double opened = secondsSince(began);
            Duration coordinatorBefore = federation.coordinatorCpu();
            Duration sitesBefore = ownCpu();
            try (CoordinatorMemory memory = new CoordinatorMemory(federation.coordinatorPid())) {
                end(federation.start(file, RUN_ID));
                federation.awaitEnd(RUN_ID, PATIENCE);
                return new Result(
                        scenario,
                        SizedStudy.parameters(study),
                        opened,
                        rounds(federation),
                        seconds(federation.coordinatorCpu().minus(coordinatorBefore)) / scenario.rounds(),
                        seconds(ownCpu().minus(sitesBefore)) / scenario.rounds() / scenario.sites(),
                        memory.ownMebibytes(),
                        memory.residentMebibytes(),
                        worstError(federation, study),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            }
        }
    }

    private void requireDisk(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        long needed = scenario.diskBytes() + SPARE_DISK_BYTES;
        if (free < needed) {
            throw new UserError(
                    "%s has %.1f GB free, but the simulation writes %.1f GB"
                            .formatted(folder, free / 1e9, needed / 1e9),
                    "choose another disk with --folder, or fewer sites or parameters");
        }
    }

    private void end(RunWatch watch) {
        ProgressView view = new ProgressView(progress, false);
        boolean ended = watch.until(
                run -> {
                    view.show(run);
                    return run.state().terminal();
                },
                LIMIT);
        RunSummary last = watch.newest().orElseThrow();
        if (!ended || last.state() != RunOutcome.FINISHED) {
            throw new UserError("the simulated run did not finish: " + last.reason(), "see the coordinator's log");
        }
    }

    private List<Round> rounds(LocalFederation federation) {
        TrainingTimes times = TrainingTimes.read(federation.log());
        List<Round> rounds = new ArrayList<>();
        for (int round = 1; round <= scenario.rounds(); round++) {
            double invited = times.seconds(round, Actions.SUM_STARTED, Actions.ROSTER_FIXED);
            double collected = times.seconds(round, Actions.SUM_STARTED, Actions.UPLOAD_COMPLETED);
            double released = times.seconds(round, Actions.SUM_STARTED, Actions.SUM_RELEASED);
            rounds.add(new Round(
                    invited,
                    collected - invited,
                    released - collected,
                    survivors(times, round).size()));
        }
        return rounds;
    }

    private static Set<Integer> survivors(TrainingTimes times, int round) {
        String names =
                Facts.text(times.last(round, Actions.SUM_RELEASED), "survivors").orElseThrow();
        return Arrays.stream(names.split(" "))
                .map(name -> Integer.parseInt(name.substring(name.length() - 3)) - 1)
                .collect(Collectors.toSet());
    }

    private double worstError(LocalFederation federation, StudyFile study) throws IOException {
        TrainingTimes times = TrainingTimes.read(federation.log());
        List<Set<Integer>> survivors = new ArrayList<>();
        for (int round = 1; round <= scenario.rounds(); round++) {
            survivors.add(survivors(times, round));
        }
        ModelStore models = new ModelStore(federation.run(RUN_ID).resolve("models"));
        return SumCheck.worst(
                models.open(hash(times, 1, "input_model_sha256")),
                models.open(hash(times, scenario.rounds(), "model_sha256")),
                survivors,
                study.study().secureAggregation().scaleLog2());
    }

    private static ByteString hash(TrainingTimes times, int round, String fact) {
        String hex = Facts.text(times.last(round, Actions.MODEL_RELEASED), fact).orElseThrow();
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    private static Duration ownCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
