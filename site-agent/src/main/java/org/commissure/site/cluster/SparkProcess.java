package org.commissure.site.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commissure.models.meanfield.cluster.JobFolder;
import org.commissure.protocol.UserError;

/** The Spark driver: a process of its own, because Spark's libraries and ours do not go together. */
public final class SparkProcess {
    private static final String PROGRESS = "progress ";

    /** Told each second how far the job is. */
    @FunctionalInterface
    public interface Listener {
        void progressed(JobFolder.Progress progress);
    }

    private SparkProcess() {}

    /**
     * Does every open task of a job; ends the driver, and with it the executors, when this thread is interrupted.
     *
     * @param settings of Spark, as KEY=VALUE
     * @throws UserError if the cluster cannot be used; the driver has said why on standard error
     */
    public static void run(
            Installation installation, ClusterAddress.Spark cluster, Path job, List<String> settings, Listener listener)
            throws IOException, InterruptedException {
        Process driver = new ProcessBuilder(command(installation, cluster, job, settings))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = driver.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(PROGRESS)) {
                    listener.progressed(progress(line));
                }
            }
            if (driver.waitFor() != 0) {
                throw new UserError(
                        "the job on " + cluster.master() + " failed; Spark's reason is above",
                        "check that the cluster runs Spark 4.1 on Java 25, sees the job folder " + job
                                + " under the same path, and can reach this machine; then start it again");
            }
        } finally {
            driver.destroy();
        }
    }

    static List<String> command(
            Installation installation, ClusterAddress.Spark cluster, Path job, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-Dspark.master=" + cluster.master(),
                "-Dspark.jars=" + joined(installation.executorJars(), ","),
                "-Dspark.executor.extraClassPath=" + joined(installation.hadoopJars(), ":")));
        Stream.concat(Stream.of("spark.executor.cores=1"), settings.stream())
                .map(setting -> "-D" + checked(setting))
                .forEach(command::add);
        command.addAll(List.of(
                "-jar", installation.sparkJob().toString(), job.toAbsolutePath().toString()));
        return command;
    }

    private static String joined(List<Path> files, String separator) {
        return files.stream().map(Path::toString).collect(Collectors.joining(separator));
    }

    private static String checked(String setting) {
        if (!setting.matches("spark\\.[A-Za-z0-9_.-]+=.*")) {
            throw new UserError(
                    "'" + setting + "' is no setting of Spark", "write it as spark.NAME=VALUE after --spark-setting");
        }
        return setting;
    }

    private static JobFolder.Progress progress(String line) {
        String[] words = line.split(" ", -1);
        return new JobFolder.Progress(
                Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
    }
}
