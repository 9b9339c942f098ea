package org.commissure.models.meanfield.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobFolderTest {
    @TempDir
    private Path folder = Path.of("");

    private JobFolder job = new JobFolder(Path.of(""));

    @BeforeEach
    void writeThreeTasks() throws IOException {
        job = new JobFolder(folder.resolve("job"));
        job.write(List.of(bytes("a"), bytes("b"), bytes("c")));
    }

    @Test
    void aTaskLeavesItsResult() throws Exception {
        job.run(1, task -> bytes(text(task) + "!"));
        assertThat(job.resultOf(1)).map(JobFolderTest::text).contains("b!");
        assertThat(job.unfinished()).containsExactly(0, 2);
        assertThat(job.progress()).isEqualTo(new JobFolder.Progress(3, 1, 0));
    }

    @Test
    void aFailedTaskLeavesItsReasonAndIsTriedAgain() throws Exception {
        job.run(0, task -> {
            throw new IllegalArgumentException("region 3 is constant");
        });
        assertThat(job.failureOf(0)).contains("region 3 is constant");
        assertThat(job.resultOf(0)).isEmpty();
        assertThat(job.unfinished()).contains(0);
        job.run(0, task -> task);
        assertThat(job.failureOf(0)).isEmpty();
        assertThat(job.progress()).isEqualTo(new JobFolder.Progress(3, 1, 0));
    }

    @Test
    void aDefectIsAFailureWhoseTextIsNotPassedOn() throws Exception {
        job.run(0, task -> {
            throw new IllegalStateException("/data/sub-0042/secret");
        });
        assertThat(job.failureOf(0).orElseThrow())
                .contains("IllegalStateException")
                .doesNotContain("sub-0042");
    }

    @Test
    void writingTheSameTasksAgainKeepsResultsAndChangedTasksLoseThem() throws Exception {
        for (int task = 0; task < 3; task++) {
            job.run(task, content -> content);
        }
        job.write(List.of(bytes("a"), bytes("changed")));
        assertThat(job.tasks()).isEqualTo(2);
        assertThat(job.unfinished()).containsExactly(1);
        assertThat(job.progress()).isEqualTo(new JobFolder.Progress(2, 1, 0));
    }

    @Test
    void aFolderThatThisProcessCannotSeeIsAnErrorOfTheJob() {
        JobFolder nowhere = new JobFolder(folder.resolve("nowhere"));
        assertThatThrownBy(nowhere::tasks).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> nowhere.run(0, task -> task)).isInstanceOf(NoSuchFileException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
