package org.commissure.site.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SparkProcessTest {
    @TempDir
    private Path root = Path.of("");

    @Test
    void theDriverGetsTheClusterTheJarsAndTheFolder() throws IOException {
        Path target = root.resolve("deploy/spark/target");
        Files.createDirectories(target.resolve("lib"));
        for (String jar : List.of(
                "commissure-spark-job-1.jar",
                "lib/models-1.jar",
                "lib/hadoop-client-api-3.jar",
                "lib/hadoop-client-runtime-3.jar")) {
            Files.writeString(target.resolve(jar), "");
        }
        List<String> command = SparkProcess.command(
                new Installation(root),
                new ClusterAddress.Spark("spark://head:7077"),
                Path.of("/shared/job"),
                List.of("spark.executor.memory=2g"));
        assertThat(command)
                .contains("-Dspark.master=spark://head:7077", "-Dspark.executor.memory=2g")
                .contains("-Dspark.jars=" + target + "/commissure-spark-job-1.jar," + target + "/lib/models-1.jar")
                .endsWith("-jar", target + "/commissure-spark-job-1.jar", "/shared/job");
        assertThatThrownBy(() -> SparkProcess.command(
                        new Installation(root), new ClusterAddress.Spark("local[1]"), root, List.of("-Xmx1g")))
                .hasMessageContaining("no setting of Spark");
    }

    @Test
    void aJobThatIsNotBuiltIsExplained() {
        assertThatThrownBy(() -> new Installation(root).sparkJob())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not built");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark://head", "yarn", "local[0]", "spark://a b:1", "Slurm"})
    void anUnknownClusterIsRefused(String text) {
        assertThatThrownBy(() -> ClusterAddress.of(text)).isInstanceOf(UserError.class);
    }

    @Test
    void theFormsOfAddresses() {
        assertThat(ClusterAddress.of("spark://a:7077,b:7077"))
                .isEqualTo(new ClusterAddress.Spark("spark://a:7077,b:7077"));
        assertThat(ClusterAddress.of("local")).isEqualTo(new ClusterAddress.Spark("local[*]"));
        assertThat(ClusterAddress.of("local[2]")).isEqualTo(new ClusterAddress.Spark("local[2]"));
        assertThat(ClusterAddress.of("slurm")).isEqualTo(new ClusterAddress.Slurm());
    }
}
