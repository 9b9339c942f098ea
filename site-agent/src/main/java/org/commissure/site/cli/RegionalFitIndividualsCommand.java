package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.fit.FitCheckpointException;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.IndividualFits;
import org.commissure.models.meanfield.fit.SubjectTask;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A model of each subject, which stays where it is. */
@Command(
        name = "fit-individuals",
        mixinStandardHelpOptions = true,
        description = {
            "Fit a regional model to every subject of a folder, starting from the group's parameters: they are the"
                    + " prior, so a short scan stays near the group. Only connectivity is fitted; ks is reported where a"
                    + " scan is long enough for windows of a minute.",
            "The results are as private as the scans. They are written to --out, readable by their owner only, and"
                    + " nothing of them is printed or sent. A subject whose result is there already is not computed again,"
                    + " so a run that was stopped just goes on.",
            "Subjects that cannot be used (other regions, a constant region, too few frames, another repetition time"
                    + " than --tr in the folder's participants.tsv) are left out with a reason."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every subject was fitted or left out with a reason",
            "1:no subject could be used",
            "2:usage",
            "3:failed or stopped"
        },
        footer = {
            "",
            "Example, after the group was fitted with 'site regional fit rmfm':",
            "  commissure site regional fit-individuals --series cohort --params rmfm/parameters.json --sc sc.csv --tr"
                    + " 2 --out individual",
            "The same on the hospital's Spark cluster, whose workers see /shared/job:",
            "  commissure site regional fit-individuals --series cohort --params rmfm/parameters.json --sc sc.csv --tr"
                    + " 2 --out individual --cluster spark://head:7077 --job-folder /shared/job"
        })
final class RegionalFitIndividualsCommand implements Callable<Integer> {
    private static final String OWNER_ONLY = "rwx------";
    private static final double REPETITION_TIME_TOLERANCE_SECONDS = 1e-3;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--series",
            required = true,
            paramLabel = "FOLDER",
            description = "parcel series: a cohort's sub-*/func/*_timeseries.npy, or .npy, .csv, .tsv files named by"
                    + " subject; regions × frames, or frames × regions")
    private Path series = Path.of("");

    @Option(
            names = "--params",
            required = true,
            paramLabel = "FILE",
            description = "the group's parameters; the first candidate is the prior")
    private Path parameters = Path.of("");

    @Option(
            names = "--sc",
            required = true,
            paramLabel = "FILE",
            description = "the group's structural connectivity, regions × regions")
    private Path connectome = Path.of("");

    @Option(names = "--tr", required = true, paramLabel = "SECONDS", description = "repetition time of the scans")
    private double repetitionTimeSeconds;

    @Mixin
    private RegionalPresetOption preset = new RegionalPresetOption("wang2018");

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Gauss-Newton steps for each subject (default: ${DEFAULT-VALUE})")
    private int iterations = 8;

    @Option(
            names = "--prior-variance",
            paramLabel = "V",
            description = "of each logarithm around the group; smaller stays closer (default: ${DEFAULT-VALUE})")
    private double priorVariance = 0.05;

    @Mixin
    private RegionalClusterOptions cluster = new RegionalClusterOptions();

    @Option(names = "--jobs", paramLabel = "N", description = "subjects at a time (default: one per core)")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Mixin
    private RegionalNoiseOption noise = new RegionalNoiseOption();

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "folder for the results")
    private Path out = Path.of("");

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() throws IOException {
        if (jobs < 1 || iterations < 1 || !(priorVariance > 0) || !(repetitionTimeSeconds >= 0.01)) {
            throw new UserError(
                    "--jobs, --iterations, --prior-variance or --tr is out of range",
                    "give at least one job and iteration, a positive variance, and a --tr of at least 0.01 s");
        }
        Map<String, String> leftOut = new TreeMap<>();
        List<SubjectTask> tasks = tasks(leftOut);
        makeFolder();
        Optional<List<IndividualFits.Ended>> run = tasks.isEmpty() ? Optional.of(List.of()) : fit(tasks);
        if (run.isEmpty()) {
            return 0;
        }
        List<IndividualFits.Ended> ended = run.get();
        int fitted = 0;
        for (IndividualFits.Ended one : ended) {
            if (one.result().isPresent()) {
                fitted++;
            } else {
                leftOut.put(one.subject(), one.problem());
            }
        }
        report(ended, fitted, leftOut);
        return fitted == 0 ? 1 : 0;
    }

    private void makeFolder() {
        try {
            Files.createDirectories(out);
            if (Files.getFileStore(out).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(out, PosixFilePermissions.fromString(OWNER_ONLY));
            }
        } catch (IOException e) {
            throw new UserError("cannot make the folder " + out, "check the path and its permissions", e);
        }
    }

    private List<SubjectTask> tasks(Map<String, String> leftOut) {
        Connectome group = RegionalModelOptions.connectome(connectome);
        RegionalParameters prior =
                RegionalModelOptions.candidates(parameters, group, connectome).getFirst();
        SubjectTask.Settings settings =
                new SubjectTask.Settings(preset.haemodynamics(), iterations, priorVariance, noise.seed());
        List<SubjectTask> tasks = new ArrayList<>();
        Map<String, Path> files = RegionalSeriesFolder.of(series).bySubject();
        Map<String, Double> stated = statedRepetitionTimes(files);
        files.forEach((subject, file) -> {
            double seconds = stated.getOrDefault(subject, repetitionTimeSeconds);
            if (Math.abs(seconds - repetitionTimeSeconds) > REPETITION_TIME_TOLERANCE_SECONDS) {
                leftOut.put(
                        subject,
                        "the folder states a repetition time of " + seconds + " s, but --tr is "
                                + repetitionTimeSeconds);
                return;
            }
            try {
                tasks.add(SubjectTask.of(
                        subject,
                        RegionalSeriesFolder.series(file, group.regions()),
                        repetitionTimeSeconds,
                        group,
                        prior,
                        settings));
            } catch (IOException | IllegalArgumentException e) {
                leftOut.put(subject, String.valueOf(e.getMessage()));
            }
        });
        return tasks;
    }

    private Map<String, Double> statedRepetitionTimes(Map<String, Path> files) {
        try {
            return CohortFolder.repetitionTimes(series, files);
        } catch (IOException e) {
            throw new UserError("cannot read the folder " + series, "check its permissions", e);
        }
    }

    /** Empty where a cluster's user has to submit a script first; what to do is printed. */
    private Optional<List<IndividualFits.Ended>> fit(List<SubjectTask> tasks) throws IOException {
        CommandSpec command = Objects.requireNonNull(spec, "picocli injects the specification");
        FitListener listener = output.asJson()
                ? FitListener.NONE
                : new FitProgressLines(command.commandLine().getErr());
        try (StopSignal signal = new StopSignal()) {
            return cluster.chosen()
                    ? new RegionalClusterRun(cluster, out, output, listener).run(tasks)
                    : Optional.of(IndividualFits.run(tasks, out, jobs, listener));
        } catch (InterruptedException e) {
            throw new UserError(
                    "the fits were stopped; finished subjects are in " + out,
                    "start it again with the same options",
                    e);
        } catch (FitCheckpointException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "name another folder after --out, or repeat the options of the run whose results are there",
                    e);
        }
    }

    private void report(List<IndividualFits.Ended> ended, int fitted, Map<String, String> leftOut) {
        long kept = ended.stream().filter(IndividualFits.Ended::kept).count();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("fitted", fitted);
        facts.put("ofWhichThereAlready", kept);
        facts.put("leftOut", leftOut);
        facts.put("preset", preset.name());
        facts.put("iterations", iterations);
        facts.put("priorVariance", priorVariance);
        facts.put("seed", noise.seed());
        facts.put("parametersSha256", FileDigest.sha256(parameters));
        facts.put("structuralConnectivitySha256", FileDigest.sha256(connectome));
        facts.put("out", out.toString());
        output.print(facts, print -> {
            print.println(fitted + " subjects fitted, " + kept + " of them before; results are in " + out);
            leftOut.forEach((subject, reason) -> print.println("left out " + subject + ": " + reason));
        });
    }
}
