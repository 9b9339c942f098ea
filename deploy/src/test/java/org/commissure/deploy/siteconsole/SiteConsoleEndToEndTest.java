package org.commissure.deploy.siteconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openqa.selenium.support.ui.ExpectedConditions.presenceOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBePresentInElementLocated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunHold;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.browser.Browser;
import org.commissure.deploy.browser.Readability;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.ServerProcess;
import org.commissure.deploy.federation.TinyFederation;
import org.commissure.deploy.federation.Waiting;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;

/** Four hospitals; the stewards of two decide in a browser, of two by command. */
@Tag("e2e")
@Order(1) // long
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SiteConsoleEndToEndTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PAGE = Duration.ofSeconds(30);
    private static final int PARCELS = 12;
    private static final int ROUNDS = 4;
    /** A training in each round, and an evaluation of each model. */
    private static final int SUMS = 2 * ROUNDS + 1;
    /** A patient of site A whose volume is cut short. */
    private static final int TORN = 16;

    private static final List<String> PAGES =
            List.of("", "plans", "cohort", "consent", "ledger", "receipts", "log", "certificates", "policy");

    @TempDir
    private static Path folder;

    private static TinyFederation tiny;
    private static ProcessFederation processes;
    private static Browser browser;
    private static Path data;
    private static Finished imported;
    private static Path study;
    private static String plan = "";

    @BeforeAll
    static void aFederationWithTwoConsoles() throws IOException {
        browser = Browser.open();
        tiny = new TinyFederation(folder);
        Path policy = folder.resolve("policy.toml");
        Files.writeString(policy, Files.readString(policy).replace("required = false", "required = true"));
        processes = tiny.processes();
        processes.initialise("tiny", LoopbackPorts.free());
        processes.startCoordinator();
        data = folder.resolve("imported");
        imported = importVolumes("A", data);
        TinyFederation.SITES.forEach(
                site -> processes.join(site, site.equals("A") ? data : tiny.cohort(site), tiny.policy()));
        // One scan that cannot be read any more, so that the cohort page has something to say.
        Files.writeString(series(data, tiny.patient("A", 1)), "this is no series");
        for (String site : TinyFederation.SITES) {
            boolean withConsole = site.equals("A") || site.equals("B");
            processes.startSite(site, Map.of(), withConsole ? List.of("--console-port", "0") : List.of());
        }
        tiny.awaitConnected();
        study = tiny.study(TinyFederation.template().with("external_fraction", "0.5"), ROUNDS);
        plan = processes.publishPlan(study, "broad consent, ethics vote 2026-114");
        TinyFederation.SITES.forEach(site -> processes.site(site).await("a plan came, " + plan, LIMIT));
    }

    /** What a pipeline of images left of a site, one scan torn, becomes the cohort that the site serves. */
    private static Finished importVolumes(String site, Path cohort) throws IOException {
        Path volumes = VolumeCohort.of(tiny.cohort(site), folder.resolve("volumes"));
        Path torn = series(volumes, tiny.patient(site, TORN));
        Files.write(torn, Arrays.copyOf(Files.readAllBytes(torn), 500));
        return processes
                .launcher()
                .run(
                        "site",
                        "cohort",
                        "import",
                        volumes.toString(),
                        "--atlas-volume",
                        VolumeCohort.atlas(folder.resolve("tiny_dseg.nii.gz"), PARCELS)
                                .toString(),
                        "--minimum-frames",
                        "40",
                        "--out",
                        cohort.toString());
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (tiny != null) {
            tiny.close();
        }
    }

    @Test
    @Order(1)
    void aStewardImportsWhatAPipelineOfImagesLeftAndIsToldWhoCannotTakePart() throws IOException {
        String torn = tiny.patient("A", TORN);
        assertThat(imported.orThrow().output()).contains("15", torn, "corrupt-file");
        assertThat(scans(data, torn)).isEmpty();
        String second = tiny.patient("A", 2);
        float[] original = values(series(tiny.cohort("A"), second));
        assertThat(values(series(data, second)))
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(original);
    }

    @Test
    @Order(2)
    void aStewardSeesWhatIsAskedAndWhatWouldLeaveAndApproves() throws IOException {
        open("A");
        assertThat(browser.text())
                .contains("A study asks for this hospital's data: 'tiny'", "Connected to the coordinator");
        browser.screenshot("site-overview-asked");
        browser.driver()
                .findElement(By.linkText("Read what is asked, and decide"))
                .click();
        browser.await(PAGE, presenceOfElementLocated(By.name("seen")));
        assertThat(browser.text())
                .contains("broad consent, ethics vote 2026-114")
                .contains("What would leave this hospital")
                .contains("only the sum over at least 3 hospitals can be opened")
                .contains("participant ids and participants.tsv")
                .contains("After one run of it");
        browser.screenshot("site-plan");
        type("form[action$='/approve'] input[name=epsilon]", "900");
        type("form[action$='/approve'] input[name=steward]", "Anna Weiss");
        scrollTo("#decision");
        browser.screenshot("site-plan-decision");
        browser.find("form[action$='/approve'] button").click();
        browser.await(PAGE, textToBePresentInElementLocated(By.cssSelector(".notice"), "Approved."));
        browser.screenshot("site-plan-approved");
        assertThat(browser.text()).contains("Approved so far by Anna Weiss");
    }

    @Test
    @Order(3)
    void anotherStewardRefusesAndTheOperatorReadsWhy() throws IOException {
        open("B");
        browser.get(browser.address() + "plans/" + plan);
        browser.await(PAGE, presenceOfElementLocated(By.name("seen")));
        type("form[action$='/refuse'] input[name=reason]", "no ethics vote for this purpose");
        type("form[action$='/refuse'] input[name=steward]", "Bert");
        browser.find("form[action$='/refuse'] button").click();
        browser.await(PAGE, textToBePresentInElementLocated(By.cssSelector(".notice"), "Refused."));
        browser.screenshot("site-plan-refused");
        assertThat(Waiting.until(
                        () -> processes.plans().contains("site B: refused: no ethics vote for this purpose"), LIMIT))
                .as(processes.plans())
                .isTrue();
        assertThat(processes.plans()).doesNotContain("Bert");
    }

    @Test
    @Order(4)
    void theCohortSaysWhoTakesNoPartAndAPatientWithdraws() throws IOException {
        open("A");
        go("cohort");
        browser.await(PAGE, presenceOfElementLocated(By.cssSelector(".count")));
        assertThat(browser.text()).contains("14 admitted", "1 rejected", "corrupt-file", tiny.patient("A", 1));
        browser.screenshot("site-cohort");
        String trains = split("A").internal().getFirst().participantId();
        withdraw(trains);
        browser.screenshot("site-consent");
        assertThat(browser.driver().getPageSource()).doesNotContain(trains);
        assertThat(processes.site("A").said()).doesNotContain(trains, "token=");
        go("cohort");
        browser.await(PAGE, presenceOfElementLocated(By.cssSelector(".count")));
        assertThat(browser.text()).contains("Withdrawn, and so in no sum whatever the folder says: 1.");
    }

    @Test
    @Order(5)
    void theRunGoesOnWithoutTheOneThatRefusedAndTheNextRoundCountsWithoutAPatientWhoWithdrawsMeanwhile()
            throws IOException {
        for (String site : List.of("C", "D")) {
            processes
                    .steward(site, plan, "approve", List.of("--epsilon", "900"))
                    .orThrow();
        }
        open("A");
        processes.startRun("console", study);
        operator("pause", "--reason", "a patient called").orThrow();
        // Nobody reloads: the page hears of it.
        browser.await(
                LIMIT, textToBePresentInElementLocated(By.cssSelector("[data-live=run]"), "Run console ('tiny')"));
        browser.screenshot("site-overview-running");
        assertThat(processes
                        .watch()
                        .until(run -> run.hold() != null && run.hold().kind() == RunHold.Kind.PAUSED, LIMIT))
                .isTrue();
        RunSummary held = processes.watch().newest().orElseThrow();
        long before = externalPatients(held);
        assertThat(before).isEqualTo(external("A", "C", "D"));

        withdraw(split("A").external().getFirst().participantId());
        assertThat(external("A", "C", "D")).isEqualTo(before - 1);
        operator("resume").orThrow();
        assertThat(processes.watch().until(run -> run.state().terminal(), LIMIT))
                .isTrue();
        RunSummary ended = processes.watch().newest().orElseThrow();
        assertThat(ended.state()).as(ended.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(ended.history())
                .hasSize(1 + ROUNDS)
                .hasSizeGreaterThan(held.history().size());
        for (RoundSummary round : ended.history()) {
            long patients = Objects.requireNonNull(round.evaluation()).patients();
            assertThat(patients)
                    .as("patients of round " + round.round())
                    .isEqualTo(round.round() <= held.history().getLast().round() ? before : before - 1);
        }
        assertThat(ended.history().get(1).survivors()).containsExactly("A", "C", "D");
        go("");
        browser.await(LIMIT, textToBePresentInElementLocated(By.cssSelector("[data-live=run]"), "is done"));
        browser.screenshot("site-overview-done");
    }

    @Test
    @Order(6)
    void theStewardReadsReceiptsLedgerLogAndCertificates() throws IOException {
        assertThat(Waiting.until(() -> tiny.receipts("A") == SUMS, LIMIT)).isTrue();
        go("receipts");
        assertThat(browser.driver().findElements(By.xpath("//td[@data-label='Verified now'][text()='yes']")))
                .hasSize(SUMS);
        assertThat(browser.text()).contains("3: A, C, D");
        browser.screenshot("site-receipts");
        go("ledger");
        assertThat(browser.text()).contains("Limit of your policy", "console", "Withdrawn patients");
        assertThat(
                        browser.driver()
                                .executeScript(
                                        "const i = document.querySelector('img.plot'); return i.complete && i.naturalWidth > 0"))
                .isEqualTo(true);
        browser.screenshot("site-ledger");
        go("log");
        assertThat(browser.text()).contains("Nothing was refused", "Last checkpoint seen");
        browser.screenshot("site-log");
        go("certificates");
        assertThat(browser.text()).contains("This site, connection (TLS)", "The federation's authority");
        browser.screenshot("site-certificates");
        go("policy");
        assertThat(browser.text()).contains("approval.required", "Sums may begin now");
    }

    @Test
    @Order(7)
    void everyPageIsLegibleInBothSchemesAndFitsAWindowAtTwiceTheSize() throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            for (String page : PAGES) {
                go(page);
                Readability.Contrast contrast = Readability.contrast(browser);
                assertThat(contrast.measured()).as(page).isPositive();
                assertThat(contrast.bad()).as(scheme + " " + page).isEmpty();
            }
            go("plans/" + plan);
            assertThat(Readability.contrast(browser).bad()).isEmpty();
        }
        browser.screenshot("site-plan-dark");
        go("ledger");
        browser.screenshot("site-ledger-dark");
        browser.prefer("light");
        browser.resize(640, 900);
        for (String page : PAGES) {
            go(page);
            assertFits(page);
        }
        go("plans/" + plan);
        assertFits("plan");
        browser.screenshot("site-plan-640");
        go("receipts");
        browser.screenshot("site-receipts-640");
        browser.resize(1280, 900);
    }

    private void assertFits(String page) {
        Readability.Width width = Readability.width(browser);
        assertThat(width.content()).as(page).isLessThanOrEqualTo(width.window());
    }

    @Test
    @Order(8)
    void theKeyboardReachesEverythingAndShowsWhereItIs() {
        go("consent");
        WebElement body = browser.find("body");
        body.sendKeys(Keys.TAB);
        WebElement first = browser.driver().switchTo().activeElement();
        assertThat(first.getText()).isEqualTo("Skip to the content");
        assertThat(first.getCssValue("outline-style")).isEqualTo("solid");
        int reached = 0;
        for (int i = 0; i < 40; i++) {
            browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
            WebElement focused = browser.driver().switchTo().activeElement();
            if (focused.getTagName().equals("button")) {
                assertThat(focused.getCssValue("outline-style")).isEqualTo("solid");
                reached++;
            }
        }
        assertThat(reached).isGreaterThanOrEqualTo(2);
    }

    @Test
    @Order(9)
    void withoutScriptsTheSameCanBeReadAndWithoutAnAgentToo() throws IOException {
        processes.site("A").stop();
        ServerProcess alone = processes
                .launcher()
                .start(
                        processes.logs().resolve("console-A.log"),
                        Map.of(),
                        List.of(
                                "site",
                                "console",
                                "--port",
                                "0",
                                "--home",
                                processes.siteHome("A").toString()));
        try {
            alone.await("the site's console, until Ctrl-C", LIMIT);
            browser.driver().executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
            open("A");
            assertThat(browser.text()).contains("No agent runs in this process", "Run console ('tiny')");
            go("receipts");
            assertThat(browser.text()).contains("3: A, C, D");
            go("plans/" + plan);
            browser.await(PAGE, presenceOfElementLocated(By.name("reason")));
            assertThat(browser.text()).contains("Take the approval back");
        } finally {
            browser.driver().executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
            alone.stop();
        }
    }

    @Test
    @Order(10)
    void anOfficerLowersTheBudgetThenForbidsTrainingAndNoRunGetsPastEither() throws IOException {
        processes.startSite("A", Map.of(), List.of("--console-port", "0"));
        processes.site("A").await("connected to the coordinator", LIMIT);
        JsonNode privacy = status("A").get("privacy");
        Path file = processes.siteHome("A").resolve("policy.toml");
        String generous = Files.readString(file);
        String budget = Double.toString(privacy.get("epsilon_spent").asDouble() + 0.125);
        write(file, generous.replace("epsilon_budget = 1000.0", "epsilon_budget = " + budget), 0);
        open("A");
        go("policy");
        assertThat(browser.text()).contains("privacy.epsilon_budget " + budget);
        assertThatThrownBy(() -> processes.start("expensive", study))
                .hasMessageContaining("the run is refused before its first round")
                .hasMessageContaining("more than is left in the privacy budget of A");

        write(file, generous.replace("tasks = [\"train\", \"evaluate\"]", "tasks = [\"evaluate\"]"), 1);
        go("policy");
        assertThat(browser.text()).contains("allowed.tasks").doesNotContain("train, evaluate", "\"train\"");
        browser.screenshot("site-policy");
        processes.startRun("forbidden", study);
        assertThat(processes.watch().until(run -> run.state().terminal(), LIMIT))
                .isTrue();
        RunSummary ended = processes.watch().newest().orElseThrow();
        assertThat(ended.state()).isEqualTo(RunOutcome.FAILED);
        assertThat(ended.reason()).contains("A refused the invitation", "rule: allowed.tasks");
        assertThat(status("A").at("/privacy/charges")).isEqualTo(privacy.get("charges"));
        assertThat(Waiting.until(() -> refusedBySite("A", "forbidden"), LIMIT)).isTrue();
    }

    /** Whether the log has the refusal in the site's own name. */
    private static boolean refusedBySite(String site, String run) {
        return LogReader.read(processes.log()).stream()
                .map(LoggedEntry::entry)
                .anyMatch(entry -> entry.getAction().equals(Actions.INVITATION_REFUSED)
                        && entry.getActor().equals(site)
                        && entry.getRunId().equals(run));
    }

    /** Writes a policy and has it checked beside the study. @param exit 1 where it forbids the study by itself */
    private static void write(Path policy, String text, int exit) throws IOException {
        assertThat(text).isNotEqualTo(Files.readString(policy));
        Files.writeString(policy, text);
        Finished checked =
                processes.launcher().run("site", "policy", "check", policy.toString(), "--study", study.toString());
        assertThat(checked.exit()).as(checked.everything()).isEqualTo(exit);
        assertThat(checked.output()).contains("valid");
    }

    private static Finished operator(String... command) {
        List<String> all = new ArrayList<>(List.of("coordinator", "run"));
        all.addAll(List.of(command));
        all.addAll(List.of("--home", processes.coordinatorHome().toString()));
        return processes.launcher().run(all);
    }

    private static void withdraw(String patient) {
        go("consent");
        type("form[action$='/withdraw'] input[name=patient]", patient);
        browser.find("form[action$='/withdraw'] button").click();
        browser.await(PAGE, textToBePresentInElementLocated(By.cssSelector(".notice"), "Withdrawn."));
    }

    /** Who is where in a site's cohort, which only the site's own secret tells. */
    private static SealedSplit split(String site) throws IOException {
        Study asked = StudyFile.parse(Files.readString(study)).study();
        byte[] salt = new SealStore(SiteDatabase.open(new SiteHome(processes.siteHome(site)).database()))
                .salt(new SecureRandom());
        return CohortSplit.seal(CohortFolder.read(data, CohortRules.of(asked)), asked.externalFraction(), salt);
    }

    /** Of the newest model that was scored. */
    private static long externalPatients(RunSummary run) {
        return Objects.requireNonNull(run.history().getLast().evaluation()).patients();
    }

    /** As the sites' own {@code site status} count them. */
    private static long external(String... sites) throws IOException {
        long patients = 0;
        for (String site : sites) {
            patients += status(site).at("/cohort/external").asLong();
        }
        return patients;
    }

    private static JsonNode status(String site) throws IOException {
        return new ObjectMapper()
                .readTree(processes
                        .launcher()
                        .run(
                                "site",
                                "status",
                                "--json",
                                "--home",
                                processes.siteHome(site).toString())
                        .orThrow()
                        .output());
    }

    /** By the address that the command prints, as a steward does. */
    private static void open(String site) throws IOException {
        String url = processes
                .launcher()
                .run(
                        "site",
                        "console",
                        "--url",
                        "--home",
                        processes.siteHome(site).toString())
                .orThrow()
                .output()
                .strip();
        browser.get(url);
        browser.await(PAGE, ExpectedConditions.urlMatches("/c-[0-9a-f]{16}/$"));
        browser.await(PAGE, presenceOfElementLocated(By.id("now")));
        assertThat(browser.address()).doesNotContain("token");
    }

    /** To another page of the console that is open. */
    private static void go(String page) {
        String here = browser.address();
        browser.get(here.replaceFirst("(/c-[0-9a-f]{16}/).*$", "$1") + page);
        browser.await(PAGE, presenceOfElementLocated(By.tagName("h1")));
    }

    private static void type(String css, String text) {
        WebElement field = browser.find(css);
        field.clear();
        field.sendKeys(text);
    }

    private static void scrollTo(String css) {
        browser.driver().executeScript("arguments[0].scrollIntoView()", browser.find(css));
    }

    /** A patient's scan below a folder. @throws java.util.NoSuchElementException if there is none */
    private static Path series(Path cohort, String patient) throws IOException {
        return scans(cohort, patient).getFirst();
    }

    private static List<Path> scans(Path cohort, String patient) throws IOException {
        try (Stream<Path> files = Files.walk(cohort)) {
            return files.filter(file -> file.toString().matches(".*\\.(npy|nii\\.gz)")
                            && file.toString().contains(patient))
                    .toList();
        }
    }

    /** The numbers of a float32 array. */
    private static float[] values(Path npy) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer numbers = bytes.position(10 + bytes.getShort(8))
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[numbers.remaining()];
        numbers.get(values);
        return values;
    }
}
