package org.commissure.site.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;

/**
 * The program's own folder, as the launcher names it in {@value #PROPERTY}.
 *
 * @param root the checkout
 */
public record Installation(Path root) {
    static final String PROPERTY = "commissure.root";

    private static final String JOB = "commissure-spark-job-";

    /** @throws UserError if this process was not started by the launcher */
    public static Installation ofThisProcess() {
        String root = System.getProperty(PROPERTY);
        if (root == null) {
            throw new UserError(
                    "this process does not know where Commissure is installed",
                    "start it with deploy/bin/commissure, or set -D" + PROPERTY + "=FOLDER");
        }
        return new Installation(Path.of(root));
    }

    /** {@code deploy/bin/commissure}. */
    public Path launcher() {
        return root.resolve("deploy/bin/commissure");
    }

    /** The driver's jar, whose manifest names the libraries beside it. */
    Path sparkJob() {
        return first(root.resolve("deploy/spark/target"), JOB);
    }

    /** What executors need and Spark has not: the job and the models. */
    List<Path> executorJars() {
        return List.of(sparkJob(), first(root.resolve("deploy/spark/target/lib"), "models-"));
    }

    /**
     * Hadoop's client, for executors whose Spark has one that Java 25 cannot run (3.4 and before); used where the workers
     * see this installation under the same path.
     */
    List<Path> hadoopJars() {
        Path lib = root.resolve("deploy/spark/target/lib");
        return List.of(first(lib, "hadoop-client-api-"), first(lib, "hadoop-client-runtime-"));
    }

    private static Path first(Path folder, String prefix) {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                var found = files.filter(file -> {
                            String name = String.valueOf(file.getFileName());
                            return name.startsWith(prefix) && name.endsWith(".jar");
                        })
                        .sorted()
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (IOException e) {
                throw new UserError("cannot read " + folder, "check its permissions", e);
            }
        }
        throw new UserError(
                "the Spark job is not built: there is no " + prefix + "*.jar in " + folder, "run deploy/setup.sh");
    }
}
