package org.commissure.site.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.cluster.IndividualWork;
import org.commissure.models.meanfield.cluster.JobFolder;
import org.commissure.models.meanfield.fit.IndividualFits;
import org.commissure.models.meanfield.fit.SubjectResult;
import org.commissure.models.meanfield.fit.SubjectTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From subjects to numbers, and back. */
final class ClusterFitsTest {
    @TempDir
    private Path folder = Path.of("");

    private final List<SubjectTask> tasks = List.of(task("sub-7", 1), task("sub-8", 2), task("sub-9", 3));

    @Test
    void theJobHoldsNumbersAndTheResultsReturnToTheirSubjects() throws Exception {
        Path jobFolder = folder.resolve("job");
        ClusterFits fits = new ClusterFits(tasks, folder, jobFolder);
        JobFolder job = fits.write();
        try (var files = Files.walk(jobFolder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain("sub-");
            }
        }
        job.run(0, task -> result("000000"));
        job.run(1, task -> {
            throw new ArithmeticException("the simulation diverged");
        });
        List<IndividualFits.Ended> ended = fits.collect();
        fits.delete();

        assertThat(ended).extracting(IndividualFits.Ended::subject).containsExactly("sub-7", "sub-8", "sub-9");
        assertThat(ended.get(0).result().orElseThrow().subject()).isEqualTo("sub-7");
        assertThat(ended.get(1).problem()).isEqualTo("the simulation diverged");
        assertThat(ended.get(2).problem()).contains("did not come to this subject");
        assertThat(jobFolder).doesNotExist();
        assertThat(IndividualFits.kept(tasks.getFirst(), folder)).isPresent();

        ClusterFits again = new ClusterFits(tasks, folder, jobFolder);
        assertThat(again.open()).isEqualTo(2);
        assertThat(again.write().tasks()).isEqualTo(2);
    }

    private static byte[] result(String name) {
        try {
            return new ObjectMapper()
                    .writeValueAsString(new SubjectResult(name, new double[] {1}, .5, .4, -1, 2, "WANG_2018", 1))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SubjectTask task(String subject, long seed) {
        SubjectTask task = new SubjectTask(
                subject,
                2,
                new double[] {0, .2, .2, 0},
                new double[] {.5},
                new double[0],
                new double[7],
                2,
                50,
                30,
                Haemodynamics.WANG_2018,
                1,
                .05,
                seed);
        assertThat(IndividualWork.written(task)).isNotEmpty();
        return task;
    }
}
