package org.commissure.deploy.siteconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openqa.selenium.support.ui.ExpectedConditions.presenceOfElementLocated;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBePresentInElementLocated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.browser.Browser;
import org.commissure.deploy.browser.Readability;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.ServerProcess;
import org.commissure.deploy.federation.TinyFederation;
import org.commissure.deploy.federation.Waiting;
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
    private static final List<String> PAGES =
            List.of("", "plans", "cohort", "consent", "ledger", "receipts", "log", "certificates", "policy");

    @TempDir
    private static Path folder;

    private static TinyFederation tiny;
    private static ProcessFederation processes;
    private static Browser browser;
    private static Path study;
    private static String plan = "";

    @BeforeAll
    static void aFederationWithTwoConsoles() throws IOException {
        browser = Browser.open();
        tiny = new TinyFederation(folder);
        Path policy = folder.resolve("policy.toml");
        Files.writeString(policy, Files.readString(policy).replace("required = false", "required = true"));
        processes = tiny.processes();
        processes.initialise("tiny", ProcessFederation.freePort());
        processes.startCoordinator();
        TinyFederation.SITES.forEach(site -> processes.join(site, tiny.cohort(site), tiny.policy()));
        // One scan that cannot be read, so that the cohort page has something to say.
        Files.writeString(firstSeries("A"), "this is no series");
        for (String site : TinyFederation.SITES) {
            boolean withConsole = site.equals("A") || site.equals("B");
            processes.startSite(site, Map.of(), withConsole ? List.of("--console-port", "0") : List.of());
        }
        tiny.awaitConnected();
        study = tiny.study(TinyFederation.template(), 2);
        plan = processes.publishPlan(study, "broad consent, ethics vote 2026-114");
        TinyFederation.SITES.forEach(site -> processes.site(site).await("a plan came, " + plan, LIMIT));
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
    @Order(2)
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
    @Order(3)
    void theCohortSaysWhoTakesNoPartAndAPatientWithdraws() throws IOException {
        open("A");
        go("cohort");
        browser.await(PAGE, presenceOfElementLocated(By.cssSelector(".count")));
        assertThat(browser.text()).contains("15 admitted", "1 rejected", "corrupt-file", tiny.patient("A", 1));
        browser.screenshot("site-cohort");
        String second = tiny.patient("A", 2);
        go("consent");
        type("form[action$='/withdraw'] input[name=patient]", second);
        browser.find("form[action$='/withdraw'] button").click();
        browser.await(PAGE, textToBePresentInElementLocated(By.cssSelector(".notice"), "Withdrawn."));
        browser.screenshot("site-consent");
        assertThat(browser.driver().getPageSource()).doesNotContain(second);
        assertThat(processes.site("A").said()).doesNotContain(second, "token=");
    }

    @Test
    @Order(4)
    void theRunGoesOnWithoutTheOneThatRefusedAndThePageFollowsIt() throws IOException {
        for (String site : List.of("C", "D")) {
            processes
                    .steward(site, plan, "approve", List.of("--epsilon", "900"))
                    .orThrow();
        }
        open("A");
        processes.startRun("console", study);
        // Nobody reloads: the page hears of it.
        browser.await(
                LIMIT, textToBePresentInElementLocated(By.cssSelector("[data-live=run]"), "Run console ('tiny')"));
        browser.screenshot("site-overview-running");
        assertThat(processes.watch().until(run -> run.state().terminal(), LIMIT))
                .isTrue();
        RunSummary ended = processes.watch().newest().orElseThrow();
        assertThat(ended.state()).as(ended.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(ended.history().get(1).survivors()).containsExactly("A", "C", "D");
        browser.await(LIMIT, textToBePresentInElementLocated(By.cssSelector("[data-live=run]"), "is done"));
        browser.screenshot("site-overview-done");
    }

    @Test
    @Order(5)
    void theStewardReadsReceiptsLedgerLogAndCertificates() throws IOException {
        assertThat(Waiting.until(() -> tiny.receipts("A") == 5, LIMIT)).isTrue();
        go("receipts");
        assertThat(browser.driver().findElements(By.xpath("//td[@data-label='Verified now'][text()='yes']")))
                .hasSize(5);
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
    @Order(6)
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
    @Order(7)
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
    @Order(8)
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

    private static Path firstSeries(String site) throws IOException {
        String patient = tiny.patient(site, 1);
        try (var files = Files.walk(tiny.cohort(site))) {
            return files.filter(file ->
                            file.toString().endsWith(".npy") && file.toString().contains(patient))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
