package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Deeplearning4j baseline in a federation of real processes, like BrainLM. */
@Tag("e2e")
final class BaselineFederationTest {
    private static final Duration RUN = Duration.ofSeconds(150);
    private static final String RUN_ID = "baseline";

    @Test
    void aRecurrentBaselineIsTrainedScoredReleasedAndReadAgain(@TempDir Path folder) throws IOException {
        try (TinyFederation tiny = TinyFederation.enrolled(folder)) {
            ProcessFederation processes = tiny.processes();
            TinyFederation.SITES.forEach(processes::startSite);
            tiny.awaitConnected();
            Path study = tiny.study(lstm(), 1);
            processes.startRun(RUN_ID, study);
            assertThat(processes.watch().until(run -> run.state().terminal(), RUN))
                    .as("the run ends; last seen: %s", processes.watch().newest())
                    .isTrue();

            RunSummary run = processes.watch().newest().orElseThrow();
            assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
            RoundSummary last = run.history().getLast();
            assertThat(last.outcome()).isEqualTo(RoundOutcome.RELEASED);
            assertThat(last.survivors()).containsExactlyElementsOf(TinyFederation.SITES);
            assertThat(last.evaluation()).isNotNull();
            assertThat(last.modelSha256()).isNotEqualTo(run.history().getFirst().modelSha256());
            assertItIsAModelAgain(processes, study, folder.resolve("imported"));
        }
    }

    private static StudyTemplate lstm() {
        String text = TinyFederation.template().text();
        String sizes = text.substring(text.indexOf("hidden = "), text.indexOf("initialisation_seed"));
        return new StudyTemplate(text.replace(sizes, "widths = [4]\n")).with("preset", "\"lstm\"");
    }

    /** The released parameters with the configuration that {@code site model init} wrote. */
    private static void assertItIsAModelAgain(ProcessFederation processes, Path study, Path imported)
            throws IOException {
        processes
                .launcher()
                .run(
                        "site",
                        "model",
                        "import",
                        processes.run(RUN_ID).resolve("model.safetensors").toString(),
                        "--config",
                        study.resolveSibling("initial-" + RUN_ID + ".config.json")
                                .toString(),
                        "--out",
                        imported.toString())
                .orThrow();
        JsonNode facts = new ObjectMapper()
                .readTree(processes
                        .launcher()
                        .run("site", "model", "info", imported.toString(), "--json")
                        .orThrow()
                        .output());
        assertThat(facts.at("/model/preset").asText()).isEqualTo("lstm");
        assertThat(facts.at("/values")).isEqualTo(facts.at("/model/parameters"));
    }
}
