package org.commissure.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.coordinator.report.ScoredRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportVerifyCommandTest {
    @TempDir
    Path folder;

    @Test
    void theExitCodeSaysWhetherTheReportFollows() throws IOException {
        ScoredRun run = new ScoredRun(folder, 12);
        String[] command = {
            "report", "verify", run.folder.toString(), "--log", run.log().toString()
        };
        assertThat(Main.run(command)).isZero();

        String report = Files.readString(run.report());
        Files.writeString(run.report(), report.replace("\"epsilonSpent\" : 1.3", "\"epsilonSpent\" : 0.3"));
        assertThat(Main.run(command)).isEqualTo(1);
        JsonNode facts = new ObjectMapper()
                .readTree(output(
                        "report",
                        "verify",
                        run.folder.toString(),
                        "--log",
                        run.log().toString(),
                        "--json"));
        assertThat(facts.get("ok").asBoolean()).isFalse();
        assertThat(facts.at("/differences/0/where").asText()).isEqualTo("/sites/0/privacy/epsilonSpent");
        assertThat(facts.at("/differences/0/recomputed").asText()).isEqualTo("1.3");

        assertThat(TestCli.error("report", "verify", run.folder.toString()))
                .contains("there is no log in")
                .contains("--log");
    }

    @Test
    void theLogIsFoundInTheFolderOfTheReport() throws IOException {
        ScoredRun run = new ScoredRun(folder, 12);
        Files.createSymbolicLink(run.folder.resolve("log"), run.log());
        assertThat(output("report", "verify", run.folder.toString())).startsWith("verified: ");
    }

    @Test
    void aCardIsPrintedThatFollowsFromTheLogAndNoOther() throws IOException {
        ScoredRun run = new ScoredRun(folder, 12);
        String log = run.log().toString();
        assertThat(output("report", "card", run.folder.toString(), "--log", log))
                .isEqualTo(Files.readString(run.folder.resolve("model-card.md")))
                .contains("- R² with its 95 % interval: ", "- Worst site: R² between ");
        JsonNode card =
                new ObjectMapper().readTree(output("report", "card", run.folder.toString(), "--log", log, "--json"));
        assertThat(card.get("schema").asText()).isEqualTo("commissure-model-card");
        assertThat(card.at("/evaluation/reconstruction/metrics/r2/interval/low").isNumber())
                .isTrue();
        Files.writeString(
                run.folder.resolve("model-card.json"), card.toString().replace("research use", "clinical use"));
        assertThat(Main.run("report", "card", run.folder.toString(), "--log", log))
                .isEqualTo(1);
        assertThat(output("report", "card", run.folder.toString(), "--log", log))
                .isEmpty();
    }

    private static String output(String... command) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            Main.run(command);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
