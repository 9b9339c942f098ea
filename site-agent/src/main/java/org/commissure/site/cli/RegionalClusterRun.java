package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.meanfield.cluster.JobFolder;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.FitProgress;
import org.commissure.models.meanfield.fit.IndividualFits;
import org.commissure.models.meanfield.fit.SubjectTask;
import org.commissure.site.cluster.ClusterAddress;
import org.commissure.site.cluster.ClusterFits;
import org.commissure.site.cluster.Installation;
import org.commissure.site.cluster.SlurmScript;
import org.commissure.site.cluster.SparkProcess;

/** Individual fits as a job of a cluster: tasks out, the cluster's work, results back to their subjects. */
final class RegionalClusterRun {
    private static final String OWNER_ONLY = "rwx------";

    private final RegionalClusterOptions options;
    private final Path out;
    private final FactsOption output;
    private final FitListener listener;

    RegionalClusterRun(RegionalClusterOptions options, Path out, FactsOption output, FitListener listener) {
        this.options = options;
        this.out = out;
        this.output = output;
        this.listener = listener;
    }

    /** @return how each subject ended; empty if the user has to submit a script, or to wait for it */
    Optional<List<IndividualFits.Ended>> run(List<SubjectTask> tasks) throws IOException, InterruptedException {
        ClusterAddress address = options.address();
        Path folder = options.folder(out);
        makePrivate(folder);
        ClusterFits fits = new ClusterFits(tasks, out, folder);
        JobFolder job = fits.write();
        if (fits.open() > 0) {
            switch (address) {
                case ClusterAddress.Spark spark -> onSpark(spark, folder);
                case ClusterAddress.Slurm slurm -> {
                    JobFolder.Progress progress = job.progress();
                    if (progress.done() + progress.failed() < progress.tasks()) {
                        waitForSlurm(folder, progress);
                        return Optional.empty();
                    }
                }
            }
        }
        List<IndividualFits.Ended> ended = fits.collect();
        fits.delete();
        return Optional.of(ended);
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OWNER_ONLY));
        }
    }

    private void onSpark(ClusterAddress.Spark spark, Path folder) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        List<String> settings = new ArrayList<>(options.sparkSettings());
        if (options.javaHome() != null) {
            settings.add("spark.executorEnv.JAVA_HOME=" + options.javaHome());
        }
        SparkProcess.run(Installation.ofThisProcess(), spark, folder, settings, progress -> {
            int done = progress.done() + progress.failed();
            Duration left = FitProgress.left(System.nanoTime() - begin, done, progress.tasks() - done);
            listener.progressed(new FitProgress("subjects", done, progress.tasks(), Double.NaN, left));
        });
    }

    private void waitForSlurm(Path folder, JobFolder.Progress progress) throws IOException {
        Path javaHome = options.javaHome() == null ? Path.of(System.getProperty("java.home", "")) : options.javaHome();
        Path script = new SlurmScript(
                        Installation.ofThisProcess().launcher(),
                        folder,
                        progress.tasks(),
                        javaHome,
                        options.slurmOptions())
                .write();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("script", script.toString());
        facts.put("tasks", progress.tasks());
        facts.put("done", progress.done());
        facts.put("failed", progress.failed());
        output.print(facts, print -> {
            print.println(
                    progress.tasks() + " subjects, " + progress.done() + " done, " + progress.failed() + " failed");
            print.println("submit:  sbatch " + script);
            print.println("when the array has ended, run this command again: it collects the results");
        });
    }
}
