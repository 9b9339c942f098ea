package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.privacy.audit.Actions;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.compute.ModelShape;

/**
 * Rounds of a real federation on this machine in which nobody trains: invitation, hybrid keys, signatures, shares,
 * model download, noise, masks, ledger, durable uploads, votes, unmasking, the new model and every log entry. Times are
 * the coordinator's own, from its log.
 */
final class RoundBenchmark {
    private static final String RUN_ID = "benchmark";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int TRANSFERS = 5;

    private final Launcher launcher;
    private final int sites;
    private final int parameters;
    private final int rounds;
    private final boolean sumCheck;

    /**
     * @param parameters about so many; the nearest model is taken
     * @param sumCheck whether the survivors check every sum
     */
    RoundBenchmark(Launcher launcher, int sites, int parameters, int rounds, boolean sumCheck) {
        this.launcher = launcher;
        this.sites = sites;
        this.parameters = parameters;
        this.rounds = rounds;
        this.sumCheck = sumCheck;
    }

    /**
     * @param parameters of the model that was taken
     * @param roundSeconds of each round's TRAIN sum, from its first invitation to its release
     * @param transferSeconds the best of several plain transfers of the same bytes
     * @param cpuSeconds of the coordinator and of all sites for one round, its evaluation included; says more than
     *     seconds on a machine that has other work
     * @param ownMebibytes most memory that the coordinator's process held of its own; 0 where it cannot be had
     * @param residentMebibytes the same with the pages of files that it shares
     * @param load average number of runnable threads of the machine in the last minute
     */
    record Result(
            int sites,
            int parameters,
            List<Double> roundSeconds,
            double transferSeconds,
            double cpuSeconds,
            double ownMebibytes,
            double residentMebibytes,
            double load) {
        double best() {
            return roundSeconds.stream().min(Comparator.naturalOrder()).orElseThrow();
        }

        double median() {
            List<Double> sorted = roundSeconds.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }

        /** Four bytes a parameter. */
        double modelMebibytes() {
            return parameters * (double) Float.BYTES / (1 << 20);
        }
    }

    /** @param folder empty; receives the federation, whose processes are gone afterwards */
    Result run(Path folder) throws IOException, InterruptedException {
        try (LocalFederation federation = new LocalFederation(launcher, folder, sites, LocalFederation::agent)) {
            StudyTemplate template = SizedStudy.template().with("sum_check", Boolean.toString(sumCheck));
            StudyFile study = SizedStudy.of(template, parameters, rounds, federation.atlas(), launcher);
            Path file = Files.writeString(folder.resolve("study.toml"), study.text());
            long count = ModelShape.layout(study.study()).parameterCount();
            federation.open();
            Duration before = cpu(federation);
            try (CoordinatorMemory memory = new CoordinatorMemory(federation.coordinatorPid())) {
                federation.train(file, RUN_ID, LIMIT);
                Duration used = cpu(federation).minus(before);
                return new Result(
                        sites,
                        Math.toIntExact(count),
                        seconds(federation),
                        transferSeconds(federation, count),
                        used.toNanos() / 1e9 / rounds,
                        memory.ownMebibytes(),
                        memory.residentMebibytes(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            }
        }
    }

    /** Of the coordinator and of this process, in which the sites are. */
    private static Duration cpu(LocalFederation federation) {
        return federation
                .coordinatorCpu()
                .plus(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }

    private double transferSeconds(LocalFederation federation, long count) throws IOException, InterruptedException {
        PlainTransfer transfer = new PlainTransfer(
                federation.coordinatorTls(), federation.siteTls(), count * Float.BYTES, (count + 1) * Integer.BYTES);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < TRANSFERS; i++) {
            best = Math.min(best, transfer.seconds());
        }
        return best;
    }

    private List<Double> seconds(LocalFederation federation) {
        TrainingTimes times = TrainingTimes.read(federation.log());
        return IntStream.rangeClosed(1, rounds)
                .mapToObj(round -> times.seconds(round, Actions.SUM_STARTED, Actions.SUM_RELEASED))
                .toList();
    }
}
