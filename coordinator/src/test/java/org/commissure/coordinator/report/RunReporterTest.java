package org.commissure.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.commissure.coordinator.round.Reporter;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReporterTest {
    @TempDir
    Path folder;

    @Test
    void theServiceLoaderFindsIt() {
        assertThat(ServiceLoader.load(Reporter.class))
                .hasOnlyElementsOfType(RunReporter.class)
                .hasSize(1);
    }

    @Test
    void theJsonHoldsEveryFactUnderItsDocumentedKey() throws IOException {
        JsonNode report = new ObjectMapper().readTree(read(write("report.json")));
        assertThat(report.get("schema").asText()).isEqualTo("commissure-run-report");
        assertThat(report.get("schemaVersion").asInt()).isEqualTo(1);
        assertThat(report.get("notice").asText()).contains("not for clinical decisions");
        assertThat(report.at("/run/outcome").asText()).isEqualTo("FINISHED");
        assertThat(report.get("rounds")).hasSize(5);
        assertThat(report.at("/rounds/1/evaluation/r2").asDouble()).isEqualTo(0.14);
        assertThat(report.at("/rounds/1/evaluation/r2Interpolation").asDouble()).isEqualTo(0.1234);
        assertThat(report.at("/rounds/2/evaluation").isNull()).isTrue();
        assertThat(report.at("/rounds/2/evaluationUnavailable").asText()).isEqualTo("the vote took too long");
        assertThat(report.at("/rounds/3/evaluationUnavailable").asText())
                .isEqualTo("no new model: two sites of four answered; 3 are needed");
        assertThat(report.at("/sites/0/privacy/epsilonSpent").asDouble()).isEqualTo(1.2003);
        assertThat(report.at("/sites/0/privacy/charges").asInt()).isEqualTo(2);
        assertThat(report.at("/sites/0/externalCohortSha256").asText()).isEqualTo(ReportFixture.SEALED);
        assertThat(report.at("/sites/0/bytesReceived").asLong()).isEqualTo(4_321_000);
        assertThat(report.at("/exclusions/shared").asText()).isEqualTo("none");
        assertThat(report.at("/log/verified").asBoolean()).isTrue();
        assertThat(report.at("/log/entries").asInt()).isEqualTo(14);
        assertThat(report.at("/log/rootSha256").asText()).hasSize(64);
        assertThat(report.at("/model/sha256").asText()).isEqualTo("44".repeat(32));
    }

    @Test
    void theJsonReadsBackAndALaterSchemaIsRefused() throws IOException {
        Path file = write("report.json");
        RunReport report = RunReports.read(file);
        assertThat(RunReports.toJson(report)).isEqualTo(Files.readAllBytes(file));
        Files.writeString(file, read(file).replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 2"));
        assertThatThrownBy(() -> RunReports.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("schema version 2");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> RunReports.read(file)).isInstanceOf(UserError.class);
    }

    @Test
    void thePageIsWellFormedAndNeedsNoNetwork() throws Exception {
        String page = read(write("report.html"));
        assertThat(page).doesNotContain("<script", "http:", "https:", "url(", "@import", "src=");
        // Everything but the doctype and the void elements is XML, so a parser finds what is unbalanced.
        String xml = page.replace("<!doctype html>", "").replaceAll("<meta ([^>]*)>", "<meta $1/>");
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        assertThat(page).contains("linear interpolation", "parcel mean", "YALE, round 2: not in the sum");
    }

    @Test
    void whatStudiesAndSitesSayIsEscaped() throws Exception {
        String evil = "<img src=x onerror=alert(1)>\"'&";
        ReportFixture fixture = new ReportFixture(folder).usualEntries();
        fixture.writeLog();
        new RunReporter()
                .write(ReportFixture.summary(evil, evil), ReportFixture.study(evil, evil), folder, fixture.log());
        String page = read(folder.resolve("report.html"));
        assertThat(page).doesNotContain("<img").contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
        assertThat(read(folder.resolve("model-card.md")))
                .doesNotContain(" <img")
                .contains("\\<img");
    }

    @Test
    void aLogThatDoesNotVerifyIsSaidAndNotQuoted() throws IOException {
        ReportFixture fixture = new ReportFixture(folder).usualEntries();
        fixture.writeLog();
        Path entries;
        try (var files = Files.walk(fixture.log().resolve("tile/entries"))) {
            entries = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(entries);
        bytes[bytes.length / 2] ^= 1;
        Files.write(entries, bytes);
        RunReport report = RunReports.of(ReportFixture.summary(), ReportFixture.study(), fixture.log(), folder);
        assertThat(report.log().verified()).isFalse();
        assertThat(report.log().problem()).contains("entry ");
        assertThat(report.sites()).allSatisfy(site -> {
            assertThat(site.privacy()).isNull();
            assertThat(site.privacyUnavailable()).contains("does not verify");
        });
        assertThat(RunTable.of(report)).contains("log NOT verified");
    }

    @Test
    void aMissingLogIsAProblemInTheReportAndNotTheEndOfIt() {
        RunReport report =
                RunReports.of(ReportFixture.summary(), ReportFixture.study(), folder.resolve("nowhere"), folder);
        assertThat(report.log().verified()).isFalse();
        assertThat(ReportPage.of(report)).contains("NOT verified");
    }

    @Test
    void theHighestSpentEpsilonCountsAndNonsenseDoesNot() {
        ReportFixture fixture = new ReportFixture(folder)
                .charge("NYU", 1, "2.5")
                .charge("NYU", 2, "0.1")
                .charge("PITT", 1, "NaN")
                .charge("UM1", 1, "many");
        // One site cannot speak of another's budget.
        fixture.append(
                "coordinator",
                fixture.entry("coordinator", "privacy.charged", 1).fact("epsilon_spent", "9"));
        fixture.writeLog();
        RunReport report = RunReports.of(ReportFixture.summary(), ReportFixture.study(), fixture.log(), folder);
        assertThat(Objects.requireNonNull(report.sites().get(0).privacy()).epsilonSpent())
                .isEqualTo(2.5);
        assertThat(report.sites().get(1).privacy()).isNull();
        assertThat(report.sites().get(2).privacy()).isNull();
        assertThat(report.sites().get(3).privacyUnavailable()).isEqualTo("it charged nothing in this run");
    }

    @Test
    void theTableShowsScoresBesideBaselinesAndReasonsForWhatIsMissing() throws IOException {
        String table = RunTable.of(RunReports.read(write("report.json")));
        assertThat(table)
                .contains("run run-1 of 'A study': finished")
                .containsPattern(
                        "1 +0\\.1400 +-0\\.0310 +0\\.1234 +0\\.8600 +1\\.0310 +0\\.8766 .*4 of 4: NYU PITT UM1 YALE")
                .containsPattern("2 +n/a .*3 of 4: NYU PITT UM1")
                .contains("round 2: n/a, the vote took too long", "aborted, model unchanged")
                .containsPattern("NYU +4\\.3 MB +1\\.201 +6\\.500 +1e-5")
                .contains("log verified: 14 entries, root ", "not for clinical decisions");
    }

    @Test
    void theModelCardNamesTheLastScoredRound() throws IOException {
        assertThat(read(write("model-card.md")))
                .contains(
                        "After round 4",
                        "| this model | 0.3100 | 0.6900 |",
                        "ε ≤ 1.201 at δ = 1e-5",
                        "Rounds with a released sum: 3 of 4",
                        "in a released sum: NYU, PITT, UM1, YALE",
                        "Research use, not for clinical decisions.");
    }

    @Test
    void theModelCardSaysWhatTheFileHoldsForTensorsThatStayedAtTheSites() throws IOException {
        RunReport report = RunReports.read(write("report.json"));
        String text = ReportFixture.study().text();
        assertThat(ModelCard.of(report, ReportFixture.study().study())).doesNotContain("tensors.json");
        Study own = StudyFile.parse(text + "[training.local]\ntensors = [\"normalisation\"]\n"
                        + "[training.partial]\nfrozen = [\"head\"]\n")
                .study();
        assertThat(ModelCard.of(report, own))
                .contains(
                        "Each site's own, by the study's words: normalisation. The file holds for them what the run",
                        "Not trained, as the run started with: head",
                        "tensors.json");
    }

    @Test
    void aRunThatEndedBeforeAnythingIsReportedToo() {
        RunReport report = RunReports.of(
                new RunSummary(
                        "r",
                        RunOutcome.CANCELLED,
                        "by the operator",
                        "s",
                        0,
                        4,
                        "EVALUATE",
                        "inviting",
                        1,
                        List.of(),
                        null,
                        null,
                        List.of(),
                        List.of()),
                ReportFixture.study(),
                folder.resolve("nowhere"),
                folder);
        assertThat(ReportPage.of(report)).contains("no evaluation was released", "by the operator");
        assertThat(RunTable.of(report)).contains("cancelled (by the operator)");
        assertThat(ModelCard.of(report, ReportFixture.study().study())).contains("no evaluation was released");
    }

    private Path write(String name) throws IOException {
        ReportFixture fixture = new ReportFixture(folder).usualEntries();
        fixture.writeLog();
        Path run = folder.resolve("run");
        new RunReporter().write(ReportFixture.summary(), ReportFixture.study(), run, fixture.log());
        return run.resolve(name);
    }

    private static String read(Path file) {
        return ReportFixture.read(file);
    }
}
