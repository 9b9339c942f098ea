package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.weights.Safetensors;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theInitialModelIsTheSameForTheSameStudy() throws IOException {
        Path study = folder.resolve("study.toml");
        Files.writeString(study, new ExampleStudy().file().text());
        Path first = folder.resolve("a.safetensors");
        Path second = folder.resolve("b.safetensors");
        assertThat(run("site", "model", "init", "--study", study.toString(), "--out", first.toString(), "--json"))
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("parameters").asInt())
                .isEqualTo(ModelShape.layout(new ExampleStudy().file().study()).parameterCount());
        assertThat(run("site", "model", "init", "--study", study.toString(), "--out", second.toString()))
                .isZero();
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Safetensors.read(first).values()).isNotEmpty();
        assertThat(ConfigurationFile.read(folder.resolve("a.config.json")).configuration())
                .isEqualTo(ModelShape.of(new ExampleStudy().file().study()));
    }

    @Test
    void anUnknownStudyKeyIsExplainedWithARemedyAndNoStackTrace() throws IOException {
        Path study = folder.resolve("study.toml");
        Files.writeString(study, new ExampleStudy().file().text().replace("window_frames", "window_framez"));
        assertThat(run("site", "model", "init", "--study", study.toString(), "--out", "x"))
                .isEqualTo(3);
        assertThat(err.toString())
                .contains("error: ")
                .contains("window_framez")
                .contains("remedy: ")
                .doesNotContain("\tat ");
    }

    @Test
    void aFolderThatIsNoSiteIsNamed() {
        assertThat(run("site", "status", "--home", folder.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("no enrolled site").contains("site enrol");
        assertThat(run("site", "serve", "--home", folder.toString())).isEqualTo(3);
    }

    @Test
    void aMissingOptionIsAUsageError() {
        assertThat(run("site", "enrol")).isEqualTo(2);
    }

    @Test
    void everyCommandExplainsItself() {
        assertThat(run("site", "--help")).isZero();
        assertThat(out.toString()).contains("enrol", "serve", "status", "ledger", "model");
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("audit", "privacy", "cohort");
    }

    private int run(String... args) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(args);
    }
}
