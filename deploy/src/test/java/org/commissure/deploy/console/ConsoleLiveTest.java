package org.commissure.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.TinyFederation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run of real sites, watched and ended by a person in a browser. */
@Tag("e2e")
@Timeout(600)
final class ConsoleLiveTest {
    private static final String PASSWORD = "a password for the tests";
    private static final String REASON = "the wrong study was started";

    @TempDir
    private Path folder;

    @Test
    void aCoordinatorWatchesARunAndCancelsItAndAViewerCannot() throws Exception {
        try (TinyFederation tiny = TinyFederation.enrolled(folder)) {
            ProcessFederation processes = tiny.processes();
            Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            for (String role : List.of("viewer", "coordinator", "administrator")) {
                processes.addConsoleUser(role, role, password);
            }
            try (ConsoleBrowser browser = new ConsoleBrowser(processes.consoleAddress())) {
                browser.signIn("viewer", PASSWORD);
                browser.show("#/sites", "td");
                assertThat(browser.all(".state.away")).hasSameSizeAs(TinyFederation.SITES);
                TinyFederation.SITES.forEach(processes::startSite);
                tiny.awaitConnected();
                browser.eventually(
                        "sites connect on the open page",
                        () -> browser.all(".state.connected").size() == TinyFederation.SITES.size());

                processes.startRun("live", tiny.study(TinyFederation.template(), 40));
                browser.show("#/runs/live", ".steps");
                browser.eventually(
                        "the phase of real work, awaited sites and the time left",
                        () -> browser.find(".steps .now").getText().contains("collecting")
                                && browser.find(".countdown").getText().matches("(\\d+ min )?\\d+ s"));
                browser.screenshot("run-live");
                assertThat(browser.contrast().bad()).isEmpty();
                assertThat(browser.all("button.danger")).isEmpty();
                browser.signOut();

                browser.signIn("coordinator", PASSWORD);
                browser.show("#/runs/live", "button.danger");
                browser.find("input[name=why]").sendKeys("scanner service");
                browser.find("form.row button:not(.danger)").click();
                browser.eventually(
                        "the page says that the run is paused",
                        () -> browser.find(".notice").getText().contains("the run is paused: paused at the console"));
                browser.screenshot("run-paused");
                assertThat(browser.contrast().bad()).isEmpty();
                browser.find("main button.main").click();
                browser.eventually(
                        "the run goes on",
                        () -> browser.find(".steps .now").getText().contains("collecting"));
                browser.find("input[name=reason]").sendKeys(REASON);
                browser.find("button.danger").click();
                browser.eventually(
                        "the page says that it is cancelled",
                        () -> browser.find("h1").getText().contains("cancelled"));
                browser.screenshot("run-cancelled");
                aQueuedRunIsRemoved(processes, tiny, browser);
                browser.signOut();
                anAdministratorAddsAPerson(browser);
                browser.assertQuiet();
            }
            processes.coordinator().await("run live ended", Duration.ofSeconds(60));
            Finished status = processes
                    .launcher()
                    .run(
                            "coordinator",
                            "run",
                            "status",
                            "--home",
                            processes.coordinatorHome().toString());
            assertThat(status.everything()).contains("CANCELLED", "cancelled at the console: " + REASON);
        }
    }

    private void aQueuedRunIsRemoved(ProcessFederation processes, TinyFederation tiny, ConsoleBrowser browser) {
        Path study = tiny.study(TinyFederation.template(), 2);
        processes
                .launcher()
                .run(
                        "coordinator",
                        "run",
                        "start",
                        "--at",
                        "2099-01-01T20:00Z",
                        "--run-id",
                        "someday",
                        "--study",
                        study.toString(),
                        "--model",
                        processes
                                .initialModel(study, folder.resolve("someday.safetensors"))
                                .toString(),
                        "--home",
                        processes.coordinatorHome().toString())
                .orThrow();
        browser.show("#/runs", "run-queue .buttons button");
        assertThat(browser.text()).contains("someday", "begins not before 2099-01-01T20:00:00Z");
        browser.screenshot("queue");
        assertThat(browser.contrast().bad()).isEmpty();
        browser.find("run-queue .buttons button").click();
        browser.eventually("the queue is empty", () -> browser.text().contains("No run is queued."));
    }

    private static void anAdministratorAddsAPerson(ConsoleBrowser browser) {
        browser.signIn("administrator", PASSWORD);
        browser.show("#/users", "users-page td");
        browser.find("input[name=name]").sendKeys("bo");
        browser.find("form.row button").click();
        browser.eventually(
                "the password is shown, and the person is in the list",
                () -> browser.find(".fine").getText().contains("bo")
                        && browser.all("users-page tbody tr").size() == 4);
        browser.screenshot("users");
        assertThat(browser.contrast().bad()).isEmpty();
    }
}
