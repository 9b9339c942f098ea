package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.List;
import org.commissure.site.cluster.ClusterAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The hospital's cluster, instead of this machine's cores. */
final class RegionalClusterOptions {
    @Option(
            names = "--cluster",
            paramLabel = "WHERE",
            description =
                    "fit on a cluster of the hospital: spark://HOST:PORT (Spark 4.1 standalone, workers on Java 25),"
                            + " local[N] (Spark in one process, to try it), or slurm, which writes a batch script and says how to"
                            + " submit it; the same command again collects its results")
    private @Nullable String address;

    @Option(
            names = "--job-folder",
            paramLabel = "FOLDER",
            description =
                    "folder that all workers see under the same path; holds patients' connectivity under numbers, and"
                            + " is removed when all results are collected (default: job in --out)")
    private @Nullable Path folder;

    @Option(
            names = "--worker-java-home",
            paramLabel = "FOLDER",
            description = "Java 25 on the workers (default: theirs; slurm: the one this runs on)")
    private @Nullable Path javaHome;

    @Option(
            names = "--spark-setting",
            paramLabel = "NAME=VALUE",
            description = "a setting of Spark, such as spark.executor.memory=2g; may be repeated")
    private List<String> sparkSettings = List.of();

    @Option(
            names = "--slurm-option",
            paramLabel = "OPTION",
            description = "an option of sbatch, such as --partition=short; may be repeated")
    private List<String> slurmOptions = List.of();

    boolean chosen() {
        return address != null;
    }

    ClusterAddress address() {
        return ClusterAddress.of(String.valueOf(address));
    }

    Path folder(Path out) {
        return (folder == null ? out.resolve("job") : folder).toAbsolutePath();
    }

    @Nullable
    Path javaHome() {
        return javaHome;
    }

    List<String> sparkSettings() {
        return sparkSettings;
    }

    List<String> slurmOptions() {
        return slurmOptions;
    }
}
