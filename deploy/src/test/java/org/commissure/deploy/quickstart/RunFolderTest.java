package org.commissure.deploy.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 1, 12, 0);

    @TempDir
    Path folder = Path.of("");

    @Test
    void aFolderInUseIsNotTouched() throws IOException {
        Files.createFile(folder.resolve("something"));
        assertThatThrownBy(() -> RunFolder.create(folder, NOW))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void resultsAndLogAreFoundAtTheTop() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"), NOW);
        Path results = Files.createDirectories(run.path().resolve("coordinator/runs/one"));
        Files.writeString(results.resolve("report.html"), "page");
        Path log = Files.createDirectories(run.path().resolve("coordinator/log"));

        run.link(results, log);

        assertThat(run.path().resolve("report.html")).hasContent("page");
        assertThat(run.path().resolve("log")).isDirectory();
    }
}
