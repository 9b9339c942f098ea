package org.commissure.site.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The batch script, run by bash as Slurm runs it. */
final class SlurmScriptTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyElementOfTheArrayDoesItsOwnTasksAndAllTogetherDoAll() throws Exception {
        Path launcher = folder.resolve("a folder/it's here");
        Files.createDirectories(launcher.getParent());
        Files.writeString(launcher, "#!/bin/sh\necho \"$@\" JAVA_HOME=$JAVA_HOME\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Path job = folder.resolve("job");
        SlurmScript script = new SlurmScript(launcher, job, 2_500, Path.of("/opt/java 25"), List.of());
        Path file = script.write();

        assertThat(script.elements()).isEqualTo(834);
        List<Integer> done = new ArrayList<>();
        for (int element : List.of(0, 1, 833)) {
            String said = run(file, element);
            assertThat(said)
                    .startsWith("site regional fit-task --job-folder " + job + " --task " + 3 * element + " --count 3")
                    .contains("JAVA_HOME=/opt/java 25");
            done.add(3 * element);
        }
        assertThat(done.getLast() + 3).isGreaterThanOrEqualTo(2_500);
        assertThat(Files.readString(file)).contains("#SBATCH --array=0-833\n", job.resolve("logs") + "/%a.log");
    }

    @Test
    void furtherOptionsComeLastAndWhatIsNoOptionIsRefused() {
        String text = new SlurmScript(
                        Path.of("/c"), Path.of("/j"), 7, Path.of("/java"), List.of("--mem=8G", "--partition=short"))
                .text();
        assertThat(text).contains("#SBATCH --array=0-6\n").contains("#SBATCH --partition=short\n");
        assertThat(text.indexOf("--mem=8G")).isGreaterThan(text.indexOf("--mem=2G"));
        assertThatThrownBy(() -> new SlurmScript(
                        Path.of("/c"), Path.of("/j"), 1, Path.of("/java"), List.of("--mem=1G\nrm -rf /")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no option of sbatch");
    }

    private static String run(Path script, int element) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder("bash", script.toString()).redirectErrorStream(true);
        bash.environment().put("SLURM_ARRAY_TASK_ID", Integer.toString(element));
        bash.environment().remove("COMMISSURE_JAVA_HOME");
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
