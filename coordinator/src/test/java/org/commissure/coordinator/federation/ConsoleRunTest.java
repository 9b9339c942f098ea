package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalInt;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.console.Browser;
import org.commissure.coordinator.round.RunJson;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.identity.IdentityStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console's API over a real coordinator with runs. */
@Timeout(120)
class ConsoleRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "a password for the tests";

    @TempDir
    private Path folder;

    private TestFederation federation(String... sites) throws Exception {
        TestFederation federation = new TestFederation(folder, sites);
        federation.coordinator.close();
        federation.coordinator = Coordinator.open(federation.home, Clock.systemUTC(), OptionalInt.of(0));
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\nsecond line\n");
        for (String role : new String[] {"viewer", "coordinator"}) {
            assertThat(TestCli.run(
                            "console",
                            "users",
                            "add",
                            role,
                            "--role",
                            role,
                            "--password-file",
                            password.toString(),
                            "--home",
                            federation.home.folder().toString()))
                    .isZero();
        }
        federation.connectAll();
        return federation;
    }

    private static Browser signedIn(TestFederation federation, String role) throws Exception {
        Browser browser = new Browser(
                new IdentityStore(federation.home.identity()).loadAuthority(),
                federation.coordinator.consolePort().orElseThrow());
        assertThat(browser.signIn(role, PASSWORD).statusCode()).isEqualTo(200);
        return browser;
    }

    @Test
    void whatTheConsoleSaysOfAFinishedRunIsWhatTheCommandsSay() throws Exception {
        try (TestFederation federation = federation("A", "B", "C");
                Browser browser = signedIn(federation, "viewer")) {
            federation.start(Studies.text(1, 2, 20), new float[TestFederation.PARAMETERS], "run-1");
            Path left = federation.home.runs().resolve("run-1");
            eventually(() -> Files.exists(left.resolve("model-card.md")));
            RunSummary status = TestCli.status(federation.home);

            JsonNode run = browser.read("/runs/run-1");
            assertThat(run.get("state").asText()).isEqualTo("FINISHED");
            assertThat(run.get("history")).hasSize(1);
            assertThat(browser.read("/runs/run-1/rounds").get("items").get(0))
                    .isEqualTo(JSON.readTree(RunJson.write(status)).at("/history/1"));
            assertThat(browser.read("/runs").at("/items/0/r2").asDouble())
                    .isEqualTo(browser.read("/runs/run-1/scores")
                            .at("/rounds/1/evaluation/r2")
                            .asDouble());
            assertThat(browser.read("/runs/run-1/report"))
                    .isEqualTo(JSON.readTree(Files.readAllBytes(left.resolve("report.json"))));

            JsonNode model = browser.read("/runs/run-1/models").at("/items/0");
            assertThat(model.get("parentSha256").asText())
                    .isEqualTo(status.history().getFirst().modelSha256());
            HttpResponse<byte[]> file =
                    browser.download("/runs/run-1/models/" + model.get("sha256").asText());
            assertThat(file.body()).isEqualTo(Files.readAllBytes(left.resolve("model.safetensors")));
            assertThat(browser.download("/runs/run-1/files/study.toml").body())
                    .isEqualTo(Files.readAllBytes(left.resolve("study.toml")));

            JsonNode sites = browser.read("/sites");
            assertThat(sites.get("total").asInt()).isEqualTo(3);
            assertThat(sites.at("/items/0/connected").asBoolean()).isTrue();
            assertThat(sites.at("/items/0/lastSeen").isTextual()).isTrue();
            assertThat(browser.read("/plans").get("plans")).hasSize(1);
            assertThat(browser.listen("\"runId\":\"run-1\"")).contains("\"connected\":[");
        }
    }

    @Test
    void anOlderRunKeepsItsOwnTraffic() throws Exception {
        try (TestFederation federation = federation("A", "B", "C");
                Browser browser = signedIn(federation, "viewer")) {
            for (String run : new String[] {"run-1", "run-2"}) {
                federation.start(Studies.text(1, 1, 20), new float[TestFederation.PARAMETERS], run);
                eventually(() -> Files.exists(federation.home.runs().resolve(run + "/model-card.md")));
            }
            JsonNode report =
                    JSON.readTree(Files.readAllBytes(federation.home.runs().resolve("run-1/report.json")));
            assertThat(browser.read("/runs/run-1").at("/sites/0/bytesReceived").asLong())
                    .isPositive()
                    .isEqualTo(report.at("/sites/0/bytesReceived").asLong());
            assertThat(browser.read("/runs").at("/items/0/runId").asText()).isEqualTo("run-2");
        }
    }

    @Test
    void aRunIsPausedAndResumedAtTheConsole() throws Exception {
        try (TestFederation federation = federation("A", "B", "C");
                Browser viewer = signedIn(federation, "viewer");
                Browser coordinator = signedIn(federation, "coordinator")) {
            federation.start(Studies.text(500, 2, 60), new float[TestFederation.PARAMETERS], "run-1");
            assertThat(viewer.post("/runs/run-1/pause", "{}").statusCode()).isEqualTo(403);
            assertThat(coordinator.post("/runs/run-1/resume", "{}").statusCode())
                    .isEqualTo(409);
            assertThat(coordinator
                            .post("/runs/run-1/pause", "{\"reason\":\"scanner service\"}")
                            .statusCode())
                    .isEqualTo(200);
            eventually(
                    () -> viewer.read("/runs/run-1").at("/hold/kind").asText().equals("PAUSED"));
            JsonNode paused = viewer.read("/runs/run-1");
            assertThat(paused.at("/hold/reason").asText())
                    .isEqualTo("the run is paused: paused at the console: scanner service");
            assertThat(paused.get("state").asText()).isEqualTo("RUNNING");
            assertThat(viewer.listen("\"kind\":\"PAUSED\"")).contains("run-1");
            assertThat(coordinator.post("/runs/run-1/resume", "{}").statusCode())
                    .isEqualTo(200);
            eventually(() -> viewer.read("/runs/run-1").get("round").asInt()
                    > paused.get("round").asInt());
            assertThat(coordinator.post("/runs/run-1/cancel", "{}").statusCode())
                    .isEqualTo(200);
            eventually(() -> Files.exists(federation.home.runs().resolve("run-1/study.toml")));
        }
    }

    @Test
    void aCancelledRunEndsWithTheReasonInTheLogAndNoPersonsName() throws Exception {
        try (TestFederation federation = federation("A", "B", "C");
                Browser viewer = signedIn(federation, "viewer");
                Browser coordinator = signedIn(federation, "coordinator")) {
            federation.sites.getFirst().vanishesBeforeUpload = true;
            federation.start(Studies.text(30, 2, 60), new float[TestFederation.PARAMETERS], "run-1");
            assertThat(viewer.post("/runs/run-1/cancel", "{\"reason\":\"no\"}").statusCode())
                    .isEqualTo(403);
            assertThat(coordinator
                            .post("/runs/run-1/cancel", "{\"reason\":\"wrong study\"}")
                            .statusCode())
                    .isEqualTo(200);
            eventually(() -> TestCli.status(federation.home).state() == RunOutcome.CANCELLED);
            assertThat(TestCli.status(federation.home).reason()).isEqualTo("cancelled at the console: wrong study");
            assertThat(coordinator.post("/runs/run-1/cancel", "{}").statusCode())
                    .isEqualTo(409);
            eventually(() -> Files.exists(federation.home.runs().resolve("run-1/study.toml")));
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .filteredOn(logged -> logged.entry().getAction().equals(Actions.RUN_FINISHED))
                .singleElement()
                .satisfies(logged -> assertThat(logged.entry().toString())
                        .contains("wrong study")
                        .doesNotContain("person"));
    }
}
