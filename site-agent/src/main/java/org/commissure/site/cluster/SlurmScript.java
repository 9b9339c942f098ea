package org.commissure.site.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.models.durable.AtomicFile;
import org.commissure.protocol.UserError;

/**
 * A batch script for Slurm: an array whose elements do one task each, or several where there are more tasks than an array
 * may have elements.
 *
 * @param job folder, seen by the nodes under the same path
 * @param options further options of sbatch, such as {@code --partition=short}
 */
public record SlurmScript(Path launcher, Path job, int tasks, Path javaHome, List<String> options) {
    /** Slurm's {@code MaxArraySize} is 1001 unless its administrator raised it. */
    static final int LARGEST_ARRAY = 1_000;

    public SlurmScript {
        for (String option : options) {
            if (!option.matches("--[a-z][a-z-]*(=[^\\n\\r]*)?")) {
                throw new UserError(
                        "'" + option + "' is no option of sbatch", "write it as --NAME=VALUE after --slurm-option");
            }
        }
    }

    int tasksOfAnElement() {
        return Math.ceilDiv(tasks, LARGEST_ARRAY);
    }

    int elements() {
        return Math.ceilDiv(tasks, tasksOfAnElement());
    }

    /** @return the script, {@code slurm.sh} in the job folder */
    public Path write() throws IOException {
        Files.createDirectories(job.resolve("logs"));
        Path script = job.resolve("slurm.sh");
        AtomicFile.write(script, text());
        return script;
    }

    String text() {
        StringBuilder text = new StringBuilder("#!/usr/bin/env bash\n");
        directive(text, "--job-name=commissure-fits");
        directive(text, "--array=0-" + (elements() - 1));
        directive(text, "--ntasks=1");
        directive(text, "--cpus-per-task=1");
        directive(text, "--mem=2G");
        directive(text, "--time=04:00:00");
        directive(text, "--output=\"" + job.resolve("logs") + "/%a.log\"");
        options.forEach(option -> directive(text, option)); // the last of two equal options counts
        text.append("# Individual fits of the regional model: each element of the array does ")
                .append(tasksOfAnElement())
                .append(" of ")
                .append(tasks)
                .append(" tasks.\n")
                .append("# Submit with: sbatch ")
                .append(quoted(job.resolve("slurm.sh")))
                .append("\nset -euo pipefail\n")
                .append("# If the nodes have Java 25 as a module, load it here: module load java/25\n")
                .append("export JAVA_HOME=${COMMISSURE_JAVA_HOME:-")
                .append(quoted(javaHome))
                .append("}\n")
                .append("exec ")
                .append(quoted(launcher))
                .append(" site regional fit-task --job-folder ")
                .append(quoted(job))
                .append(" \\\n  --task $((SLURM_ARRAY_TASK_ID * ")
                .append(tasksOfAnElement())
                .append(")) --count ")
                .append(tasksOfAnElement())
                .append('\n');
        return text.toString();
    }

    private static void directive(StringBuilder text, String option) {
        text.append("#SBATCH ").append(option).append('\n');
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
