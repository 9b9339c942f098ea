package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.LogEntry;
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
        try (LocalFederation federation = new LocalFederation(launcher, folder, sites)) {
            StudyFile study = study(federation);
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
        return ProcessHandle.of(federation.coordinatorPid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO)
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

    /** The count of parameters is linear in the width of the feed-forward layers. */
    private StudyFile study(LocalFederation federation) {
        StudyTemplate template = StudyTemplate.resource(RoundBenchmark.class, "study.toml")
                .with("sum_check", Boolean.toString(sumCheck));
        StudyFile narrow = width(template, 1).fill(rounds, federation.atlas(), launcher);
        long least = ModelShape.layout(narrow.study()).parameterCount();
        long more = ModelShape.layout(StudyFile.parse(narrow.text().replace("feed_forward = 1\n", "feed_forward = 2\n"))
                        .study())
                .parameterCount();
        long width = 1 + Math.round((parameters - least) / (double) (more - least));
        if (width < 1) {
            throw new UserError("--parameters is " + parameters, "the smallest model here has " + least);
        }
        return StudyFile.parse(narrow.text().replace("feed_forward = 1\n", "feed_forward = " + width + "\n"));
    }

    private static StudyTemplate width(StudyTemplate template, long width) {
        return template.with("feed_forward", Long.toString(width));
    }

    private List<Double> seconds(LocalFederation federation) {
        List<LogEntry> entries = LogReader.read(federation.log()).stream()
                .map(LoggedEntry::entry)
                .toList();
        return IntStream.rangeClosed(1, rounds)
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
                .orElseThrow(() -> new UserError(
                        "round " + round + " was not released", "see what the sites and the coordinator say above"));
    }

    /** Removes what a finished benchmark leaves. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
