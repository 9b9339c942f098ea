package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Outcome;
import org.commissure.site.cohort.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandTest {
    @TempDir
    private Path home;

    private record Ran(int exit, String out) {}

    @Test
    void aGoodLogVerifiesAndTheFingerprintIsPrintedForComparison() throws Exception {
        String fingerprint = createLog();
        Ran text = run("verify", log());
        assertThat(text.exit()).isZero();
        assertThat(text.out()).contains("verified: 3 entries", fingerprint, "compare this SHA-256");

        Ran json = run("verify", log(), "--json", "--authority", fingerprint, "--checkpoint", log() + "/checkpoint");
        assertThat(json.exit()).isZero();
        JsonNode found = new ObjectMapper().readTree(json.out());
        assertThat(found.get("ok").asBoolean()).isTrue();
        assertThat(found.get("size").asLong()).isEqualTo(3);
        assertThat(found.get("origin").asText()).isEqualTo("commissure/net");
        assertThat(found.get("authority_sha256").asText()).isEqualTo(fingerprint);
        assertThat(found.get("first_bad_entry").isNull()).isTrue();
    }

    @Test
    void theFirstBadEntryIsNamedAndTheExitCodeIsOne() throws Exception {
        createLog();
        Path bundle = Path.of(log(), "tile/entries/000.p/3");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length - 1] ^= 1;
        Files.write(bundle, bytes);
        Ran text = run("verify", log());
        assertThat(text.exit()).isEqualTo(1);
        assertThat(text.out()).contains("NOT VERIFIED", "first bad entry: 2: ");
        JsonNode found =
                new ObjectMapper().readTree(run("verify", log(), "--json").out());
        assertThat(found.get("first_bad_entry").get("index").asLong()).isEqualTo(2);
    }

    @Test
    void anotherAuthorityThanTheExpectedIsAProblem() throws Exception {
        createLog();
        Ran ran = run("verify", log(), "--authority", "00".repeat(32));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).contains("problem: the log is of another federation");
    }

    @Test
    void theHelpTeachesAndAMissingFolderIsAUsageError() {
        Ran help = run("verify", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Examples:", "--checkpoint", "Exit codes:");
        assertThat(run("verify").exit()).isEqualTo(2);
    }

    @Test
    void theReferenceVectorsPassNegativesIncludedAndAWrongExpectationFails() throws Exception {
        for (String name : List.of("merkle_inclusion.json", "merkle_consistency.json")) {
            Path file = SharedData.require("reference/tlog/" + name);
            Ran ran = run("check-vectors", file.toString(), "--json");
            assertThat(ran.exit()).as(ran.out()).isZero();
            JsonNode found = new ObjectMapper().readTree(ran.out());
            assertThat(found.get("vectors").asInt()).isEqualTo(98);
            assertThat(found.get("results")).hasSize(98);
            assertThat(found.get("results").findValuesAsText("expected").stream()
                            .filter("refuse"::equals))
                    .hasSize(92);
            Path turned = home.resolve(name);
            Files.writeString(turned, Files.readString(file).replaceFirst("\"wantErr\": true", "\"wantErr\": false"));
            Ran wrong = run("check-vectors", turned.toString());
            assertThat(wrong.exit()).isEqualTo(1);
            assertThat(wrong.out()).contains("FAILED", "97 of 98 vectors passed");
        }
    }

    @Test
    void vectorsWithImpossibleNumbersOrHashesAreRefusedAndNoCrash() throws Exception {
        Path file = home.resolve("odd.json");
        Files.writeString(file, """
                [{"leafIdx": 18446744073709551617, "treeSize": 2, "leafHash": "x", "root": 5, "proof": ["?"], "wantErr": true},
                 {"id": "b", "size1": -1, "size2": "three", "root1": null, "root2": "", "proof": {}, "wantErr": true},
                 {"id": "c", "leafIdx": 1.5, "treeSize": 1e30, "leafHash": [], "wantErr": true}]
                """);
        assertThat(run("check-vectors", file.toString()).exit()).isZero();
        Files.writeString(file, "[{\"x\": 1}]");
        assertThat(run("check-vectors", file.toString()).exit()).isEqualTo(Main.FAILED);
        Files.writeString(file, "no JSON");
        assertThat(run("check-vectors", file.toString()).exit()).isEqualTo(Main.FAILED);
    }

    @Test
    void entriesAreFoundByOrganisationActionAndMonthAndABadLogAnswersNothing() throws Exception {
        createLog();
        String month = YearMonth.now(ZoneOffset.UTC).toString();
        JsonNode found = new ObjectMapper()
                .readTree(run("query", log(), "--organisation", "coordinator", "--action", "site", "--json")
                        .out());
        assertThat(found.get("count").asInt()).isEqualTo(1);
        assertThat(found.get("entries").get(0).get("action").asText()).isEqualTo(Actions.SITE_INVITED);
        assertThat(run("query", log(), "--month", month).out()).contains("3 entries");
        assertThat(run("query", log(), "--month", "2020-01").out()).isEqualTo("0 entries\n");
        assertThat(run("query", log(), "--month", "March").exit()).isEqualTo(Main.FAILED);
        assertThat(run("query", log(), "--until", "2020-01-01").out()).isEqualTo("0 entries\n");
        Files.writeString(Path.of(log(), "checkpoint"), "x");
        Ran bad = run("query", log());
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.out()).contains("NOT VERIFIED").doesNotContain(Actions.SITE_INVITED);
    }

    @Test
    void aBundleVerifiesWithoutTheLogAndAnAlteredOneDoesNot() throws Exception {
        String fingerprint = createLog();
        Path bundle = home.resolve("elsewhere/bundle.json");
        assertThat(run("bundle", log(), "--action", "run.started", "--out", bundle.toString())
                        .exit())
                .isZero();
        Ran good = run("verify", bundle.toString(), "--authority", fingerprint);
        assertThat(good.exit()).as(good.out()).isZero();
        assertThat(run("query", bundle.toString()).out()).contains(Actions.RUN_STARTED, "1 entries");
        Files.writeString(bundle, Files.readString(bundle).replace("index 2", "index 1"));
        assertThat(run("verify", bundle.toString()).exit()).isEqualTo(1);
        assertThat(run("bundle", log(), "--run", "none", "--out", bundle.toString())
                        .exit())
                .isEqualTo(1);
        assertThat(run("receipt", log(), "--organisation", "NYU", "--out", home.toString())
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void theReportEscapesWhatSitesWroteAndSaysWhetherTheLogVerifies() throws Exception {
        createLog();
        Path page = home.resolve("report.html");
        assertThat(run("report", log(), "--out", page.toString()).exit()).isZero();
        assertThat(Files.readString(page))
                .contains("<!DOCTYPE html>", "yes: all signed", "&lt;b&gt;bold&lt;/b&gt;")
                .doesNotContain("<b>bold");
        Files.delete(Path.of(log(), "tile/0/000.p/3"));
        assertThat(run("report", log(), "--out", page.toString()).exit()).isEqualTo(1);
        assertThat(Files.readString(page)).contains("does not verify", "no entry of it is quoted");
    }

    private String log() {
        return home.resolve("log").toString();
    }

    private String createLog() {
        FederationAuthority authority = FederationAuthority.create(home.resolve("ca"), "net", Clock.systemUTC());
        SigningIdentity coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        try (TransparencyLog log = TransparencyLog.create(
                home.resolve("log"), "commissure/net", authority.certificate(), home.resolve("log.key"))) {
            for (String action : List.of(Actions.FEDERATION_CREATED, Actions.SITE_INVITED, Actions.RUN_STARTED)) {
                log.append(
                        List.of(coordinator.sign(LogEntries.of(action, Outcome.DONE, Instant.now())
                                .actor("coordinator")
                                .detail("<b>bold</b>")
                                .build())),
                        List.of(coordinator.certificate()));
            }
        }
        return Certificates.fingerprint(authority.certificate());
    }

    @Test
    void aLedgerThatIsNotThereIsNoEmptyOne() {
        createLog();
        CommandResult ran = CommandResult.of(
                "audit",
                "recompute-epsilon",
                log(),
                "--site",
                "NYU",
                "--ledger",
                home.resolve("nowhere").toString());
        assertThat(ran.code()).isEqualTo(Main.FAILED);
        assertThat(ran.text()).contains("there is no ledger ", "nowhere", "remedy: ");
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command =
                new CommandLine(new AuditCommand()).setExecutionExceptionHandler((problem, it, parsed) -> Main.FAILED);
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(new StringWriter(), true));
        return new Ran(command.execute(arguments), out.toString());
    }
}
