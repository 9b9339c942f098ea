package org.commissure.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.deploy.browser.Readability;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.FinishedRun;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.TinyFederation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console of a real coordinator after a real run, in real Chromium, for each role. */
@Tag("e2e")
@Order(1) // long
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(FinishedRun.Provider.class)
final class ConsolePagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "a password for the tests";
    private static final String RUN = FinishedRun.RUN_ID;

    /** Each page, and an element that it has once it is loaded. */
    private static final Map<String, String> PAGES = Map.of(
            "#/overview",
            ".tile",
            "#/runs/" + RUN,
            ".files a",
            "#/report/" + RUN,
            "data-chart canvas",
            "#/models/" + RUN,
            "td a[download]",
            "#/sites",
            "td",
            "#/studies",
            "section.plan",
            "#/privacy",
            "td",
            "#/log",
            "td",
            "#/failures",
            "h1",
            "#/brain",
            "h1");

    private final ProcessFederation processes;
    private final JsonNode report;

    @TempDir
    private static Path folder = Path.of("");

    private final ConsoleBrowser browser;

    ConsolePagesTest(FinishedRun run) throws IOException {
        processes = run.processes();
        report = JSON.readTree(Files.readAllBytes(processes.run(RUN).resolve("report.json")));
        browser = new ConsoleBrowser(processes.consoleAddress());
    }

    @BeforeAll
    void addUsers() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        for (String role : List.of("viewer", "officer", "coordinator")) {
            processes.addConsoleUser(role, role, password);
        }
    }

    @AfterAll
    void close() {
        browser.close();
    }

    @Test
    void aWrongPasswordIsRefusedInWords() {
        browser.open("#/overview");
        browser.await("input[name=name]").sendKeys("viewer");
        browser.find("input[name=password]").sendKeys("not the password at all");
        browser.find("form button").click();
        assertThat(browser.await("[role=alert]").getText()).contains("wrong name or password");
        browser.screenshot("sign-in");
        assertThat(browser.contrast().bad()).isEmpty();
        browser.assertQuiet();
    }

    @Test
    void theReportPageShowsTheReportsNumbers() {
        browser.signIn("viewer", PASSWORD);
        browser.show("#/report/" + RUN, "data-chart canvas");
        for (JsonNode round : report.get("rounds")) {
            String shown =
                    browser.find("[data-r2='" + round.get("round") + "']").getText();
            assertThat(shown).isEqualTo(score(round.at("/evaluation/r2")));
        }
        String text = browser.text();
        assertThat(text)
                .contains(report.at("/model/sha256").asText())
                .contains(report.at("/log/rootSha256").asText())
                .contains(report.get("notice").asText())
                .contains(score(report.at("/sealedEvaluation/metrics/r2/value")));
        for (JsonNode site : report.get("sites")) {
            assertThat(text)
                    .contains(String.format(
                            Locale.ROOT,
                            "%.3f",
                            site.at("/privacy/epsilonSpent").asDouble()))
                    .contains(String.format(
                            Locale.ENGLISH, "%,d", site.get("bytesReceived").asLong()));
        }
        browser.screenshot("report");
        browser.signOut();
        browser.assertQuiet();
    }

    @Test
    void aScientistSeesWhatTheReleasedModelLooksAtOnTheConfiguredAtlasWithItsNumbersBeside() throws IOException {
        Path atlas = processes.cohorts().resolve("atlas.tsv");
        Path maps = attribute(atlas);
        List<String[]> rows = Files.readAllLines(maps.resolve("parcels.tsv")).stream()
                .map(line -> line.split("\t", -1))
                .toList();
        int parcels = rows.size() - 1;
        int attention = List.of(rows.getFirst()).indexOf("attention_received");
        String[] most = rows.stream()
                .skip(1)
                .max(Comparator.comparingDouble(row -> Double.parseDouble(row[attention])))
                .orElseThrow();
        processes
                .launcher()
                .run(
                        "coordinator",
                        "console",
                        "atlas",
                        atlas.toString(),
                        "--home",
                        processes.coordinatorHome().toString())
                .orThrow();
        browser.signIn("viewer", PASSWORD);
        browser.show("#/brain", "svg.brain circle");
        assertThat(browser.all("svg.brain")).hasSize(3);
        assertThat(browser.all("svg.brain circle")).hasSize(3 * parcels);
        browser.find("input[type=file]").sendKeys(maps.resolve("parcels.tsv").toString());
        browser.await(".map-choice select").sendKeys("attention_received");
        browser.eventually(
                "the parcel that is looked at most is first in the table",
                () -> browser.find("td.number, td").getText().equals(most[0]));
        assertThat(browser.all("svg.brain circle.s4")).isNotEmpty();
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            assertThat(browser.contrast().bad()).as(scheme).isEmpty();
            browser.screenshot("brain-map-" + scheme);
        }
        browser.prefer("light");
        browser.signOut();
        browser.assertQuiet();
    }

    /** What the run's model uses of site A's patients, by the commands that a scientist there has. */
    private Path attribute(Path atlas) throws IOException {
        List<String> rows = Files.readAllLines(atlas);
        StringBuilder networks = new StringBuilder(rows.getFirst()).append("\tyeo7\n");
        for (int p = 1; p < rows.size(); p++) {
            networks.append(rows.get(p)).append('\t').append(p % 8).append('\n');
        }
        Path labelled = Files.writeString(folder.resolve("networks.tsv"), networks);
        Path model = folder.resolve("released");
        processes
                .launcher()
                .run(
                        "site",
                        "model",
                        "import",
                        processes.run(RUN).resolve("model.safetensors").toString(),
                        "--config",
                        processes
                                .cohorts()
                                .resolveSibling("initial-" + RUN + ".config.json")
                                .toString(),
                        "--out",
                        model.toString())
                .orThrow();
        Path maps = folder.resolve("maps");
        Finished attributed = processes
                .launcher()
                .run(
                        "site",
                        "model",
                        "attribute",
                        "--model",
                        model.toString(),
                        "--cohort",
                        processes.cohorts().resolve("site-A").toString(),
                        "--atlas",
                        labelled.toString(),
                        "--smooth",
                        "4",
                        "--threads",
                        "1",
                        "--out",
                        maps.toString());
        // 1: the command's own checks call the map of so small a model unreliable, and say so.
        assertThat(attributed.exit()).as(attributed.everything()).isIn(0, 1);
        assertThat(attributed.output())
                .contains("completeness: 16 of 16 windows", "shuffled weights: rank correlation");
        return maps;
    }

    @Test
    void everyPageIsReadableInLightAndDarkAndAt200Percent() {
        browser.signIn("officer", PASSWORD);
        for (Map.Entry<String, String> page : PAGES.entrySet()) {
            browser.show(page.getKey(), page.getValue());
            String name = page.getKey().replaceAll("[^a-z]+", "-").replaceAll("^-|-$", "");
            for (String scheme : List.of("light", "dark")) {
                browser.prefer(scheme);
                Readability.Contrast contrast = browser.contrast();
                assertThat(contrast.bad()).as(page.getKey() + " " + scheme).isEmpty();
                assertThat(contrast.measured()).isGreaterThan(10);
                browser.screenshot(name + "-" + scheme);
            }
            browser.prefer("light");
            browser.resize(ConsoleBrowser.ZOOMED_WIDTH);
            browser.eventually( // a chart follows the window a frame later
                    page.getKey() + " fits the window",
                    () -> browser.width().beyond().isEmpty());
            Readability.Width width = browser.width();
            assertThat(width.content()).as(page.getKey()).isLessThanOrEqualTo(width.window());
            browser.screenshot(name + "-zoomed");
            browser.resize(ConsoleBrowser.USUAL_WIDTH);
        }
        browser.signOut();
        browser.assertQuiet();
    }

    @Test
    void aLongTableShowsOnePageAtATime() {
        browser.signIn("viewer", PASSWORD);
        browser.show("#/log", ".pager");
        assertThat(browser.find(".pager [role=status]").getText()).startsWith("1 to 25 of ");
        assertThat(browser.all("paged-table tbody tr")).hasSize(25);
        browser.all(".pager button").get(2).click();
        browser.eventually(
                "the second page",
                () -> browser.find(".pager [role=status]").getText().startsWith("26 to 50 of "));
        assertThat(browser.all("paged-table tbody tr")).hasSize(25);
    }

    /** The real report with its last round and first site repeated, as the server would send it. */
    @Test
    void aThousandRoundsOfTwoHundredSitesStayReadable() {
        browser.signIn("viewer", PASSWORD);
        browser.script("""
                const real = window.fetch;
                window.fetch = async (url, options) => {
                  const answer = await real(url.replace('/runs/large/', '/runs/first/'), options);
                  if (!url.endsWith('/runs/large/report')) return answer;
                  const report = await answer.json();
                  const last = report.rounds.at(-1);
                  report.sites = Array.from({ length: 200 }, (_, i) => ({ ...report.sites[0], name: `SITE-${i}` }));
                  const survivors = report.sites.map((site) => site.name);
                  report.rounds = Array.from({ length: 1001 }, (_, round) => ({ ...last, round, survivors }));
                  return new Response(JSON.stringify(report));
                };
                return true;
                """);
        browser.show("#/report/large", "data-chart canvas");
        assertThat(browser.all("[data-r2]")).hasSize(25);
        assertThat(browser.text()).contains("Show all 1,001 rounds", "200 sites", "SITE-199");
        browser.resize(ConsoleBrowser.ZOOMED_WIDTH);
        browser.eventually(
                "the page fits the window", () -> browser.width().beyond().isEmpty());
        browser.resize(ConsoleBrowser.USUAL_WIDTH);
        browser.screenshot("report-large");
        browser.assertQuiet();
    }

    /** A report of three classes, as the server would send it, in place of the real one's scores. */
    @Test
    void aPredictionOfSeveralClassesIsShownByClass() {
        browser.signIn("viewer", PASSWORD);
        browser.script("""
                const real = window.fetch;
                const estimate = (value) => ({ value, interval: { low: value - 0.1, high: value + 0.1 } });
                window.fetch = async (url, options) => {
                  const answer = await real(url.replace('/runs/classes/', '/runs/first/'), options);
                  if (!url.endsWith('/runs/classes/report')) return answer;
                  const report = await answer.json();
                  const classes = ['control', 'autism', 'epilepsy'];
                  const againstRest = classes.map((name, at) => ({ patients: 90, ones: 30 + at, auc: estimate(0.6 + at / 10),
                    brier: estimate(0.2), calibration: null, reliability: [], subgroups: [] }));
                  report.phenotype = { target: 'group', type: 'classification', classes, scores: [{ model: 'federated',
                    metrics: { patients: 93, accuracy: estimate(0.5), balancedAccuracy: estimate(0.48), macroAuc: estimate(0.7),
                      sites: {}, againstRest } }] };
                  return new Response(JSON.stringify(report));
                };
                return true;
                """);
        browser.show("#/report/classes", "data-chart canvas");
        assertThat(browser.text())
                .contains("Prediction of group", "Macro AUC", "0.700 [0.600, 0.800]", "0.480 [0.380, 0.580]")
                .contains("Each class against the rest", "epilepsy", "0.800 [0.700, 0.900]");
        browser.screenshot("report-classes");
        browser.assertQuiet();
    }

    @Test
    void theLogIsVerifiedByOneClickAndTheOfficersOwnCommandIsShown() {
        browser.signIn("viewer", PASSWORD);
        browser.show("#/log", "button.main");
        browser.find("button.main").click();
        String result = browser.await("#verification").getText();
        assertThat(result).contains("The log verifies.").contains("Authority");
        assertThat(browser.text())
                .contains("commissure audit copy " + processes.logAddress().replaceAll("/$", ""));
        browser.screenshot("log-verified");
        browser.assertQuiet();
    }

    @Test
    void onlyAnOfficerSeesWhoReadWhat() {
        for (String role : List.of("viewer", "coordinator")) {
            browser.signIn(role, PASSWORD);
            assertThat(browser.find("nav.main").getText()).doesNotContain("Access log");
            browser.show("#/accesses", "[role=alert]");
            assertThat(browser.find("[role=alert]").getText()).contains("a " + role + " may not do this");
            browser.signOut();
        }
        browser.signIn("officer", PASSWORD);
        browser.show("#/accesses", "td");
        assertThat(browser.text()).contains("GET /api/v1/accesses", "not for role viewer", "sign-in");
        browser.screenshot("accesses");
        browser.signOut();
    }

    @Test
    void sitesShowWhatTheCoordinatorMayKnow() {
        browser.signIn("viewer", PASSWORD);
        browser.show("#/sites", "td");
        String text = browser.text();
        for (String site : TinyFederation.SITES) {
            assertThat(text).contains(site);
        }
        assertThat(browser.all(".state.connected")).hasSameSizeAs(TinyFederation.SITES);
        for (JsonNode site : report.get("sites")) {
            assertThat(text).contains(site.get("sealedPatients").asText());
        }
        browser.signOut();
        browser.assertQuiet();
    }

    @Test
    void thePagesAreReachedByKeyboardAndTheFocusIsSeen() {
        browser.signIn("viewer", PASSWORD);
        browser.show("#/overview", ".tile");
        browser.script("document.activeElement.blur(); return true");
        browser.press(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("To the content");
        for (int i = 0; i < 30 && !browser.focused().getText().equals("Log"); i++) {
            browser.press(Keys.TAB);
            assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
        }
        browser.press(Keys.ENTER);
        browser.eventually("the log's page", () -> browser.text().contains("Transparency log"));
        browser.signOut();
    }

    private static String score(JsonNode value) {
        return String.format(Locale.ROOT, "%.4f", value.asDouble());
    }
}
