package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.RunHold;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.Studies;
import org.commissure.coordinator.storage.TestDatabase;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queue and pause by the operator's commands, over a real coordinator that restarts in between, on both databases. */
@Timeout(120)
class SeveralRunsTest {
    @TempDir
    private Path folder;

    private static JsonNode queue(TestFederation federation) throws Exception {
        return new ObjectMapper()
                .readTree(TestCli.output(
                        "run",
                        "queue",
                        "list",
                        "--json",
                        "--home",
                        federation.home.folder().toString()))
                .get("queue");
    }

    private static RunHold.Kind hold(TestFederation federation) {
        RunHold hold = TestCli.status(federation.home).hold();
        return Objects.requireNonNull(hold, "nothing holds the run").kind();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPausedRunAndTheQueueBehindItSurviveARestart(TestDatabase database) throws Exception {
        try (TestFederation federation = new TestFederation(folder, database, "A", "B", "C")) {
            String home = federation.home.folder().toString();
            Path model = federation.model(new float[TestFederation.PARAMETERS]);
            federation.connectAll();
            assertThat(TestCli.output("run", "list", "--home", home)).contains("no run has begun yet");
            federation.start(Studies.text(500, 2, 60), new float[TestFederation.PARAMETERS], "long");
            Path study = Files.writeString(folder.resolve("short.toml"), Studies.text(1, 2, 60));
            for (String id : List.of("second", "third")) {
                assertThat(TestCli.output(
                                "run",
                                "start",
                                "--queue",
                                "--approvals",
                                "0",
                                "--home",
                                home,
                                "--run-id",
                                id,
                                "--study",
                                study.toString(),
                                "--model",
                                model.toString()))
                        .contains("run " + id + " is queued");
            }
            assertThat(TestCli.error(
                            "run",
                            "start",
                            "--home",
                            home,
                            "--run-id",
                            "third",
                            "--study",
                            study.toString(),
                            "--model",
                            model.toString()))
                    .contains("a run 'third' is queued");
            assertThat(TestCli.output("run", "queue", "move", "third", "1", "--home", home))
                    .contains("1  third");
            assertThat(TestCli.output("run", "pause", "--home", home, "--reason", "scanner service"))
                    .contains("scanner service");
            eventually(() -> hold(federation) == RunHold.Kind.PAUSED);
            RunSummary paused = TestCli.status(federation.home);

            federation.reopen();
            for (FakeSite site : federation.sites) {
                eventually(() -> TestCli.status(federation.home).sites().stream()
                        .filter(each -> each.connected())
                        .map(each -> each.name())
                        .toList()
                        .contains(site.name));
            }
            assertThat(hold(federation)).isEqualTo(RunHold.Kind.PAUSED);
            assertThat(TestCli.status(federation.home).round()).isEqualTo(paused.round());
            assertThat(queue(federation).findValuesAsText("runId")).containsExactly("third", "second");

            assertThat(TestCli.run("run", "resume", "--home", home)).isZero();
            eventually(() -> TestCli.status(federation.home).round() > paused.round());
            assertThat(TestCli.run("run", "pause", "--home", home)).isZero();
            eventually(() -> hold(federation) == RunHold.Kind.PAUSED);
            assertThat(TestCli.run("run", "cancel", "--home", home)).isZero();
            eventually(() -> TestCli.status(federation.home).runId().equals("second")
                    && TestCli.status(federation.home).state() == RunOutcome.FINISHED);
            assertThat(federation.home.runs().resolve("third/report.json")).exists();
            assertThat(queue(federation)).isEmpty();
            everyRunIsListed(home);
            eventually(() -> Files.exists(federation.home.runs().resolve("second/model-card.md")));
        }
        assertThat(LogVerifier.verify(folder.resolve("coordinator/log")).ok()).isTrue();
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .extracting(entry -> entry.entry().getAction())
                .contains("run.queued", "run.paused", "run.continued");
    }

    private static void everyRunIsListed(String home) throws Exception {
        JsonNode runs = new ObjectMapper()
                .readTree(TestCli.output("run", "list", "--json", "--home", home))
                .get("runs");
        assertThat(runs.findValuesAsText("runId")).containsExactly("second", "third", "long");
        assertThat(runs.findValuesAsText("state")).containsExactly("FINISHED", "FINISHED", "CANCELLED");
        for (JsonNode run : runs) {
            assertThat(Instant.parse(run.get("ended").asText()))
                    .isAfter(Instant.parse(run.get("started").asText()));
            assertThat(run.get("modelSha256").asText()).matches("[0-9a-f]{64}");
        }
        assertThat(TestCli.output("run", "list", "--newest", "1", "--home", home))
                .contains("second  '", "FINISHED  round 1 of 1")
                .doesNotContain("third");
    }

    @Test
    void runsThatAreQueuedWithoutANameHaveOneEach() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            String home = federation.home.folder().toString();
            Path model = federation.model(new float[TestFederation.PARAMETERS]);
            Path study = Files.writeString(folder.resolve("study.toml"), Studies.text(1, 2, 60));
            for (int i = 0; i < 3; i++) {
                assertThat(TestCli.output(
                                "run",
                                "start",
                                "--at",
                                "2099-01-01T20:00Z",
                                "--home",
                                home,
                                "--study",
                                study.toString(),
                                "--model",
                                model.toString()))
                        .contains("is queued at place " + (i + 1));
            }
            assertThat(queue(federation).findValuesAsText("runId"))
                    .doesNotHaveDuplicates()
                    .hasSize(3);
            assertThat(queue(federation).findValuesAsText("waiting")).containsOnly("TIME");
            assertThat(TestCli.error(
                            "run",
                            "start",
                            "--queue",
                            "--home",
                            home,
                            "--study",
                            study.toString(),
                            "--model",
                            study.toString()))
                    .contains("not a safetensors file");
            assertThat(queue(federation)).hasSize(3);
            assertThat(federation.home.queue().resolve("check")).doesNotExist();
        }
    }
}
