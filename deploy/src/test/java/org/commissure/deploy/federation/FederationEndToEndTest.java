package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.privacy.audit.LogReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One coordinator and four sites, each its own process, from enrolment to a verified log. */
@Tag("e2e")
@ExtendWith(FinishedRun.Provider.class)
final class FederationEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FinishedRun run;
    private final ProcessFederation processes;

    FederationEndToEndTest(FinishedRun run) {
        this.run = run;
        this.processes = run.processes();
    }

    @Test
    void everyRoundIsReleasedWithEverySite() {
        assertThat(run.end().state()).isEqualTo(RunOutcome.FINISHED);
        assertThat(run.end().history()).extracting(RoundSummary::round).containsExactly(0, 1, 2);
        for (RoundSummary round : run.end().history()) {
            assertThat(round.outcome()).isEqualTo(round.round() == 0 ? RoundOutcome.INITIAL : RoundOutcome.RELEASED);
            assertThat(round.survivors()).containsExactlyElementsOf(TinyFederation.SITES);
            assertThat(round.evaluation()).isNotNull();
        }
    }

    @Test
    void theRunFolderHoldsModelCardAndReport() throws IOException {
        Path folder = processes.run(FinishedRun.RUN_ID);
        for (String name : List.of(
                "model.safetensors", "config.json", "model-card.md", "report.json", "report.html", "study.toml")) {
            assertThat(folder.resolve(name)).isNotEmptyFile();
        }
        assertThat(JSON.readTree(Files.readString(folder.resolve("report.json")))
                        .isObject())
                .isTrue();
    }

    @Test
    void theLogVerifiesAndTellsTheWholeStory() throws IOException {
        Finished verified =
                processes.launcher().run("audit", "verify", processes.log().toString());
        assertThat(verified.exit()).as(verified.everything()).isZero();
        assertThat(LogReader.read(processes.log()))
                .extracting(logged -> logged.entry().getAction())
                .contains(
                        "federation.created",
                        "site.invited",
                        "site.enrolled",
                        "run.started",
                        "cohort.sealed",
                        "privacy.charged",
                        "survivors.agreed",
                        "model.released",
                        "evaluation.released",
                        "run.finished");
    }

    @Test
    void aChangedLogEntryIsFoundAndNamed(@TempDir Path folder) throws IOException {
        Path copy = folder.resolve("log");
        FolderCopy.copy(processes.log(), copy);
        Path entries;
        try (var files = Files.walk(copy.resolve("tile/entries"))) {
            entries = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(entries);
        bytes[bytes.length / 2] ^= 1;
        Files.write(entries, bytes);

        Finished verified = processes.launcher().run("audit", "verify", copy.toString(), "--json");

        assertThat(verified.exit()).isEqualTo(1);
        assertThat(JSON.readTree(verified.output()).toString()).contains("entry");
    }

    @Test
    void everySiteChargedItsLedgerOncePerRoundAndOnceForItsNumberOfPatients() throws IOException {
        for (String site : TinyFederation.SITES) {
            Finished status = processes
                    .launcher()
                    .run("site", "status", "--home", processes.siteHome(site).toString(), "--json")
                    .orThrow();
            JsonNode privacy = JSON.readTree(status.output()).get("privacy");
            assertThat(privacy.get("charges").asInt()).isEqualTo(FinishedRun.ROUNDS + 1);
        }
    }
}
