package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.site.cohort.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelGoldenCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theReportIsPerTensorAndTheExitCodeIsTheAnswer() throws IOException {
        String tiny = SharedData.require("reference/brainlm/tiny").toString();
        assertThat(run(tiny, "--threads", "2", "--json")).isZero();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        assertThat(facts.path("pass").asBoolean()).isTrue();
        assertThat(facts.path("failed").asInt()).isZero();
        assertThat(facts.path("device").asText()).contains("cpu");
        assertThat(facts.path("parameters").asInt()).isEqualTo(63_604);
        assertThat(facts.path("loss_relative_difference").asDouble()).isLessThan(1e-5);
        assertThat(facts.path("comparisons")).hasSize(facts.path("compared").asInt());
        JsonNode logits = facts.path("comparisons").get(2);
        assertThat(logits.path("name").asText()).isEqualTo("outputs/logits");
        assertThat(logits.path("largest_absolute_difference").asDouble()).isBetween(0.0, 2e-4);
        assertThat(logits.path("pass").asBoolean()).isTrue();

        assertThat(run(tiny, "--atol", "0")).isEqualTo(1);
        assertThat(out.toString()).contains("FAIL").contains("outputs/logits").contains("not compared");
    }

    @Test
    void whatCannotBeReplayedIsNamed() throws IOException {
        assertThat(run(folder.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("manifest.json is missing").contains("remedy: ");
        Files.writeString(folder.resolve("manifest.json"), "{}");
        assertThat(run(folder.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("has neither config.json nor a config");
        assertThat(run(folder.toString(), "--device", "tpu")).isEqualTo(3);
        assertThat(err.toString()).contains("--device 'tpu' is not known");
        assertThat(run(folder.toString(), "--atol", "-1")).isEqualTo(3);
        assertThat(err.toString()).contains("--atol is -1.0");
        assertThat(run(folder.toString(), "--threads", "0")).isEqualTo(3);
        assertThat(run()).isEqualTo(2);
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] all = new String[args.length + 3];
        all[0] = "site";
        all[1] = "model";
        all[2] = "golden";
        System.arraycopy(args, 0, all, 3, args.length);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(all);
    }
}
