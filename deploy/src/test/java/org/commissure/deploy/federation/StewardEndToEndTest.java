package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.privacy.audit.LogReader;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Four hospitals whose stewards decide, each by the command of the documentation, against real processes. */
@Tag("e2e")
@Order(1) // long
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StewardEndToEndTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** For the training that lasts long on purpose, and longer on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(18);

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static TinyFederation tiny;
    private static ProcessFederation processes;
    private static Path study;
    private static String plan = "";

    @BeforeAll
    static void aFederationThatAsksItsStewards() throws IOException {
        tiny = new TinyFederation(folder);
        Path policy = folder.resolve("policy.toml");
        Files.writeString(policy, Files.readString(policy).replace("required = false", "required = true"));
        processes = tiny.processes();
        processes.initialise("tiny", LoopbackPorts.free());
        processes.startCoordinator();
        TinyFederation.SITES.forEach(site -> {
            processes.join(site, tiny.cohort(site), tiny.policy());
            processes.startSite(site);
        });
        tiny.awaitConnected();
        study = tiny.study(TinyFederation.template(), 2);
        plan = processes.publishPlan(study, "broad consent, ethics vote 2026-114");
    }

    @AfterAll
    static void end() {
        tiny.close();
    }

    @Test
    @Order(1)
    void theStewardSeesWhatChangesAndExactlyWhatLeaves() throws IOException {
        Finished shown = processes.steward("A", plan, "show", List.of()).orThrow();
        assertThat(shown.output())
                .contains("waiting")
                .contains("legal basis    broad consent, ethics vote 2026-114")
                .contains("no other plan was approved here before")
                .contains("Leaves in clear")
                .contains("Leaves masked: only the sum over at least 3 sites can be opened")
                .contains("clipped, noised model update")
                .contains("Never leaves")
                .contains("participant ids")
                .contains("Approving would bind");
        JsonNode facts = JSON.readTree(processes
                .steward("A", plan, "show", List.of("--json"))
                .orThrow()
                .output());
        assertThat(facts.get("state").asText()).isEqualTo("waiting");
        assertThat(facts.get("would_approve").get("epsilon").asDouble()).isPositive();
        assertThat(facts.get("fields")).anySatisfy(field -> {
            assertThat(field.get("form").asText()).isEqualTo("never");
            assertThat(field.get("name").asText()).contains("series");
        });
    }

    @Test
    @Order(2)
    void aRefusedPlanStopsTheRunAndTheOperatorIsToldSiteStepAndReason() throws IOException {
        processes
                .steward("A", plan, "refuse", List.of("--reason", "no ethics vote"))
                .orThrow();
        processes
                .steward("B", plan, "refuse", List.of("--reason", "too little noise"))
                .orThrow();
        assertThat(Waiting.until(() -> processes.plans().contains("A: refused: no ethics vote"), LIMIT))
                .as(processes.plans())
                .isTrue();
        assertThat(processes.plans())
                .contains("site B: refused: too little noise")
                .contains("site C: no word");

        processes.startRun("refused", study);
        RunSummary end = ended();

        assertThat(end.state()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.reason())
                .contains("A refused the invitation: a steward of this site refused plan " + plan + ": no ethics vote")
                .contains("rule: approval.required")
                .contains("C refused the invitation: no steward of this site has approved plan " + plan);
        assertThat(Waiting.until(() -> entries("plan.refused").size() == 2, LIMIT))
                .isTrue();
        // Both sides logged every refusal: the site in its own name, the coordinator as it heard it.
        assertThat(entries("invitation.refused"))
                .anySatisfy(entry -> assertThat(entry.getActor()).isEqualTo("A"))
                .anySatisfy(entry -> assertThat(entry.getActor()).isEqualTo("coordinator"));
        assertThat(processes.site("A").said()).contains("refused (a steward of this site refused plan " + plan);
    }

    @Test
    @Order(3)
    void anApprovedRunFinishesWithoutAPatientWhoWithdrewAndTheLogSaysWhatLeftAndWhy() throws IOException {
        TinyFederation.SITES.forEach(site -> processes
                .steward(site, plan, "approve", List.of("--epsilon", "900"))
                .orThrow());
        String home = processes.siteHome("D").toString();
        Finished unknown = processes.launcher().run("site", "consent", "withdraw", "sub-nobody", "--home", home);
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.errors()).contains("no such participant").doesNotContain("sub-nobody");
        String patient = tiny.patient("D", 1);
        processes
                .launcher()
                .run("site", "consent", "withdraw", patient, "--home", home)
                .orThrow();

        processes.startRun("approved", study);
        assertThat(ended().state()).as(ended().reason()).isEqualTo(RunOutcome.FINISHED);

        Finished ledger =
                processes.launcher().run("site", "ledger", "--home", home).orThrow();
        assertThat(ledger.output()).contains("1 patients have withdrawn").doesNotContain(patient);
        assertThat(processes.site("D").said()).doesNotContain(patient);
        assertThat(entries("consent.withdrawn")).hasSize(1);
        List<LogEntry> left = entries("update.masked").stream()
                .filter(entry ->
                        entry.getRunId().equals("approved") && entry.getActor().equals("A"))
                .toList();
        assertThat(left).hasSize(5); // two trainings, three evaluations
        assertThat(left).allSatisfy(entry -> {
            assertThat(fact(entry, "purpose")).isNotEmpty();
            assertThat(fact(entry, "legal_basis")).isEqualTo("broad consent, ethics vote 2026-114");
            assertThat(fact(entry, "plan_sha256")).startsWith(plan);
            assertThat(fact(entry, "fields")).isNotEmpty();
        });
        Finished verified =
                processes.launcher().run("audit", "verify", processes.log().toString());
        assertThat(verified.exit()).as(verified.everything()).isZero();
        Finished officer = processes
                .launcher()
                .run("audit", "query", processes.log().toString(), "--left", "--organisation", "A")
                .orThrow();
        assertThat(officer.output())
                .contains("legal basis: broad consent, ethics vote 2026-114")
                .contains("fields: clipped, noised model update")
                .contains("ε spent");
    }

    @Test
    @Order(4)
    void everySumLeavesAReceiptThatVerifiesOfflineAndAnAlteredOneDoesNot() throws IOException {
        String home = processes.siteHome("A").toString();
        Path receipts = processes.siteHome("A").resolve("receipts");
        assertThat(Waiting.until(() -> tiny.receipts("A") == 5, LIMIT))
                .as("receipts in " + receipts)
                .isTrue();

        Finished listed = processes
                .launcher()
                .run("site", "receipts", "list", "--home", home, "--json")
                .orThrow();
        JsonNode all = JSON.readTree(listed.output());
        assertThat(all).hasSize(5).allSatisfy(receipt -> {
            assertThat(receipt.get("verified").asBoolean()).isTrue();
            assertThat(receipt.get("survivors")).hasSize(4);
            assertThat(entries("update.masked"))
                    .filteredOn(entry -> entry.getActor().equals("A"))
                    .anySatisfy(entry -> assertThat(fact(entry, "sha256"))
                            .isEqualTo(receipt.get("masked_sha256").asText()));
        });
        Path good = Path.of(all.get(0).get("file").asText());
        assertThat(processes.launcher().run("audit", "verify", good.toString()).exit())
                .isZero();
        // Another hospital's site cannot pass it off as its own, and a changed byte is noticed.
        Finished elsewhere = processes
                .launcher()
                .run(
                        "site",
                        "receipts",
                        "verify",
                        good.toString(),
                        "--home",
                        processes.siteHome("B").toString());
        assertThat(elsewhere.exit()).isEqualTo(1);
        assertThat(elsewhere.output()).contains("no receipt of this site");
        byte[] bytes = Files.readAllBytes(good);
        bytes[bytes.length / 2] ^= 1;
        Path bad = Files.write(folder.resolve("altered.json"), bytes);
        assertThat(processes
                        .launcher()
                        .run("site", "receipts", "verify", bad.toString(), "--home", home)
                        .exit())
                .isEqualTo(1);
    }

    @Test
    @Order(5)
    void aRevocationInTheMiddleOfARunTakesTheSiteOutAndTheRunStillEnds() throws IOException {
        // Long enough for a steward's command to start while it trains, and noisy enough to stay within the budget.
        Path longer = tiny.study(
                TinyFederation.template()
                        .with("local_steps", "60000")
                        .with("noise_multiplier", "100.0")
                        .with("upload_seconds", "900"),
                1);
        String second = processes.publishPlan(longer, "broad consent, ethics vote 2026-114");
        for (String site : TinyFederation.SITES) {
            processes
                    .steward(site, second, "approve", List.of("--epsilon", "900"))
                    .orThrow();
        }
        assertThat(processes
                        .steward("A", second, "diff", List.of("--against", plan))
                        .output())
                .contains("~ training.local_steps:")
                .contains("-> 60000");
        processes.startRun("revoked", longer);
        assertThat(processes
                        .watch()
                        .until(run -> run.round() == 1 && run.phase().equals("collecting"), LIMIT))
                .isTrue();
        processes
                .steward("D", second, "revoke", List.of("--reason", "scanner fault"))
                .orThrow();

        RunSummary end = ended(LONG);
        assertThat(end.state()).as(end.reason()).isEqualTo(RunOutcome.FINISHED);
        RoundSummary first = end.history().get(1);
        assertThat(first.survivors()).containsExactly("A", "B", "C");
        assertThat(entries("site.dropped"))
                .anySatisfy(entry -> assertThat(entry.getDetail()).contains("revoked the approval of plan " + second));
    }

    private static RunSummary ended() {
        return ended(LIMIT);
    }

    private static RunSummary ended(Duration limit) {
        assertThat(processes.watch().until(run -> run.state().terminal(), limit))
                .as(() -> "the run ends: " + processes.watch().newest())
                .isTrue();
        return processes.watch().newest().orElseThrow();
    }

    private static List<LogEntry> entries(String action) {
        return LogReader.read(processes.log()).stream()
                .map(org.commissure.privacy.audit.LoggedEntry::entry)
                .filter(entry -> entry.getAction().equals(action))
                .toList();
    }

    private static String fact(LogEntry entry, String name) {
        return entry.getFactList().stream()
                .filter(fact -> fact.getName().equals(name))
                .map(Fact::getValue)
                .findFirst()
                .orElse("");
    }
}
