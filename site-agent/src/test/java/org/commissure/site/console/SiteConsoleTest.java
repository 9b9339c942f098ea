package org.commissure.site.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.site.ExampleCohort;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardKey;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.round.AgentState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real console on loopback over a real site's folder. */
final class SiteConsoleTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PAGES =
            List.of("", "plans", "cohort", "consent", "ledger", "receipts", "log", "certificates", "policy");

    @TempDir
    private Path folder;

    private ConsoleSite site;
    private SiteConsole console;
    private Caller steward;

    @BeforeEach
    void aConsoleThatAStewardHasOpened() throws Exception {
        site = new ConsoleSite(folder);
        console = SiteConsole.start(
                site.home,
                new ConsoleAddress("127.0.0.1", 0),
                Clock.systemUTC(),
                () -> Optional.of(new AgentState(true, "", Optional.empty())));
        steward = Caller.signedIn(console);
    }

    @AfterEach
    void end() {
        steward.close();
        console.close();
    }

    @Test
    void whoDoesNotShowTheTokenSeesNothingOfTheSite() throws Exception {
        try (Caller stranger = Caller.stranger(console)) {
            for (String path : List.of(
                    "", "?token=", "?token=" + "0".repeat(64), steward.base().substring(1) + "/plans")) {
                HttpResponse<String> answer = stranger.page(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
                assertThat(answer.body()).doesNotContain("ε", site.data.toString(), "token=");
            }
        }
        assertThat(steward.page("").statusCode()).isEqualTo(200);
    }

    @Test
    void theAddressIsKeptForItsOwnerOnlyAndTheNextStartHasTheSameToken() throws Exception {
        Path kept = site.home.directory().resolve("console.url");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(ConsoleAccess.address(site.home)).isEqualTo(console.url());
        String token = console.url().substring(console.url().indexOf('='));
        console.close();
        console = SiteConsole.start(site.home, new ConsoleAddress("127.0.0.1", 0), Clock.systemUTC(), Optional::empty);
        assertThat(console.url()).endsWith(token);
        Files.delete(kept);
        assertThatThrownBy(() -> ConsoleAccess.address(site.home)).isInstanceOf(UserError.class);
    }

    @Test
    void itListensOnLoopbackOnly() {
        for (String host : List.of("0.0.0.0", "::", "192.168.0.1", "localhost", "")) {
            assertThatThrownBy(() -> new ConsoleAddress(host, 8470))
                    .as(host)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("cannot listen");
        }
        assertThat(console.address()).startsWith("http://127.0.0.1:");
    }

    @Test
    void aTakenPortIsToldWithItsRemedy() {
        int port = URI.create(console.address()).getPort();
        assertThatThrownBy(() -> SiteConsole.start(
                        site.home, new ConsoleAddress("127.0.0.1", port), Clock.systemUTC(), Optional::empty))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
    }

    @Test
    void aNameThatWasMadeToPointHereIsRefused() throws Exception {
        assertThat(steward.statusUnderHost("evil.example")).contains("403");
        assertThat(steward.statusUnderHost("127.0.0.1:1")).contains("403");
        assertThat(steward.statusUnderHost(steward.origin.substring("http://".length())))
                .contains("200");
    }

    @Test
    void whatAnotherPageAsksForIsRefusedEvenWithTheCookie() throws Exception {
        assertThat(steward.page("plans", Map.of("Sec-Fetch-Site", "same-site")).statusCode())
                .isEqualTo(403);
        assertThat(steward.page("plans", Map.of("Sec-Fetch-Site", "cross-site")).statusCode())
                .isEqualTo(403);
        assertThat(steward.page("plans", Map.of("Sec-Fetch-Site", "same-origin"))
                        .statusCode())
                .isEqualTo(200);
        String csrf = csrf();
        for (Map<String, String> foreign : List.of(
                Map.of("Origin", "http://127.0.0.1:9999"),
                Map.of("Origin", "null"),
                Map.of("Sec-Fetch-Site", "same-site"))) {
            assertThat(steward.post("cohort/again", Map.of("csrf", csrf), foreign)
                            .statusCode())
                    .as(foreign.toString())
                    .isEqualTo(403);
        }
        assertThat(steward.post("cohort/again", Map.of("csrf", csrf), Map.of("Origin", steward.origin))
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    void aFormWithoutItsSessionsTokenDecidesNothing() throws Exception {
        SignedPlan plan = site.publish();
        Map<String, String> refusal = Map.of("reason", "no", "steward", "Mallory");
        assertThat(steward.post("plans/" + plan.id() + "/refuse", refusal, Map.of())
                        .statusCode())
                .isEqualTo(403);
        try (Caller other = Caller.signedIn(console)) {
            String csrf = csrf(); // of another session
            assertThat(other.post(
                                    "plans/" + plan.id() + "/refuse",
                                    Map.of("reason", "no", "steward", "Mallory", "csrf", csrf),
                                    Map.of())
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(site.desk().state(plan).status()).isEqualTo(PlanState.Status.WAITING);
    }

    @Test
    void everyAnswerForbidsForeignScriptsFramesAndCopies() throws Exception {
        site.publish();
        for (String path : PAGES) {
            HttpResponse<String> answer = steward.page(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
                            .doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            // What the policy would block is not there in the first place.
            assertThat(answer.body())
                    .as(path)
                    .doesNotContain(" style=", "<style", "javascript:", "http://", "https://127")
                    .doesNotContainPattern("\\son[a-z]+=")
                    .doesNotContainPattern("<script(?![^>]*src=)");
        }
    }

    @Test
    void everyPageAnswersForProgramsToo() throws Exception {
        site.publish();
        for (String path : PAGES) {
            HttpResponse<String> accepted = steward.page(path, Map.of("Accept", "application/json"));
            assertThat(accepted.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
            assertThat(JSON.readTree(accepted.body()).isContainerNode())
                    .as(path)
                    .isTrue();
            HttpResponse<String> named = steward.page((path.isEmpty() ? "overview" : path) + ".json");
            assertThat(JSON.readTree(named.body()).isContainerNode()).as(path).isTrue();
        }
        HttpResponse<String> unknown = steward.page("plans/ffff.json");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(unknown.body()).path("error").asText()).contains("no plan");
    }

    @Test
    void theOverviewSaysWhatToDoNext() throws Exception {
        assertThat(steward.page("").body()).contains("Nothing waits for you.", "Connected to the coordinator");
        SignedPlan plan = site.publish();
        assertThat(steward.page("").body())
                .contains("A study asks for this hospital's data: 'example'")
                .contains("plans/" + plan.id());
    }

    @Test
    void aPlanIsApprovedAsItWasReadAndNotOtherwise() throws Exception {
        SignedPlan plan = site.publish();
        JsonNode facts = awaitPlan(plan);
        assertThat(steward.page("plans/" + plan.id()).body())
                .contains(
                        "What would leave this hospital",
                        "Never leaves",
                        "clipped, noised model update",
                        "Approve this plan");
        Map<String, String> form = Map.of(
                "task",
                "evaluate",
                "epsilon",
                "3.5",
                "steward",
                "Anna Weiß",
                "seen",
                facts.path("terms_sha256").asText());

        ExampleCohort.write(site.data, ConsoleSite.PATIENTS, 8); // other patients than those that were read
        steward.form("consent", "plans/" + plan.id() + "/approve", form);
        assertThat(site.desk().state(plan).status()).isEqualTo(PlanState.Status.WAITING);
        assertThat(steward.page("plans").body()).contains("changed since you read this plan");

        ExampleCohort.write(site.data, ConsoleSite.PATIENTS, 7);
        HttpResponse<String> answer = steward.form("consent", "plans/" + plan.id() + "/approve", form);
        assertThat(answer.statusCode()).isEqualTo(303);
        PlanState state = site.desk().state(plan);
        assertThat(state.status()).isEqualTo(PlanState.Status.APPROVED);
        assertThat(state.stewards()).containsExactly("Anna Weiß");
        assertThat(state.terms()).hasValueSatisfying(terms -> {
            assertThat(terms.tasks()).containsExactly("evaluate");
            assertThat(terms.epsilon()).isEqualTo(3.5);
        });
        steward.form("consent", "plans/" + plan.id() + "/revoke", Map.of("steward", "Anna", "reason", "scanner"));
        assertThat(site.desk().state(plan).status()).isEqualTo(PlanState.Status.REVOKED);
    }

    @Test
    void whereThePolicyNamesKeysThePageApprovesNothingAndShowsTheCommand() throws Exception {
        StewardKey key = StewardKey.create("anna", folder.resolve("anna.key"));
        site.policy(PolicyFile.DEFAULT
                .replace("epsilon_budget = 8.0", "epsilon_budget = 500.0")
                .replace("keys = []", "keys = [\"" + key.publicLine() + "\"]"));
        SignedPlan plan = site.publish();
        JsonNode facts = awaitPlan(plan);
        assertThat(steward.page("plans/" + plan.id()).body())
                .contains("commissure site plans approve " + plan.id() + " --key YOUR.key")
                .doesNotContain("Approve this plan");
        steward.form(
                "consent",
                "plans/" + plan.id() + "/approve",
                Map.of(
                        "task",
                        "train",
                        "epsilon",
                        "1",
                        "steward",
                        "anna",
                        "seen",
                        facts.path("terms_sha256").asText()));
        assertThat(site.desk().state(plan).status()).isEqualTo(PlanState.Status.WAITING);
        assertThat(steward.page("plans").body()).contains("no key was given");
    }

    @Test
    void aWithdrawalNamesThePatientNowhere() throws Exception {
        String patient = "sub-07003";
        steward.form("consent", "consent/withdraw", Map.of("patient", patient));
        assertThat(steward.page("consent").body()).contains("Withdrawn.").doesNotContain(patient);
        steward.form("consent", "consent/withdraw", Map.of("patient", "sub-nobody"));
        assertThat(steward.page("consent").body())
                .contains("no such participant")
                .doesNotContain("sub-nobody");
        assertThat(JSON.readTree(steward.page("consent.json").body())
                        .path("withdrawn")
                        .asInt())
                .isEqualTo(1);
        steward.form("consent", "consent/renew", Map.of("patient", patient));
        assertThat(JSON.readTree(steward.page("consent.json").body())
                        .path("withdrawn")
                        .asInt())
                .isZero();
    }

    @Test
    void whoTakesNoPartIsListedWithFileReasonAndFix() throws Exception {
        site.publish();
        Files.writeString(ExampleCohort.series(site.data, "sub-07005"), "no series");
        JsonNode facts = await("cohort", "checked");
        assertThat(facts.path("admitted").asInt()).isEqualTo(ConsoleSite.PATIENTS - 1);
        String body = steward.page("cohort").body();
        assertThat(body).contains("sub-07005", "corrupt-file", "copy or export the file again");
        assertThat(body).contains(ExampleCohort.series(Path.of(""), "sub-07005").toString());
        // Written again, and read again when somebody asks for it.
        ExampleCohort.write(site.data, ConsoleSite.PATIENTS, 7);
        steward.form("cohort", "cohort/again", Map.of("rules", rules()));
        assertThat(await("cohort", "checked").path("rejected")).isEmpty();
    }

    @Test
    void aThousandChargesComeInPagesWithAPicture() throws Exception {
        site.spend(1_000);
        String first = steward.page("ledger").body();
        assertThat(first).contains("page 1 of 20, 1000 rows").contains("ledger?page=20");
        assertThat(first.split("<tr>")).hasSizeLessThan(60);
        assertThat(steward.page("ledger?page=20").body())
                .contains("page 20 of 20")
                .doesNotContain(">Next<");
        assertThat(steward.page("ledger?page=-7%27").body()).contains("page 1 of 20");
        HttpResponse<String> picture = steward.page("ledger.svg");
        assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
        assertThat(picture.body()).contains("limit 500").doesNotContain("script");
    }

    @Test
    void aPageThatFailsIsAnAnswerAndTheConsoleGoesOn() throws Exception {
        Files.writeString(site.home.policy(), "this is no policy");
        HttpResponse<String> broken = steward.page("policy");
        assertThat(broken.statusCode()).isEqualTo(404);
        assertThat(broken.body()).contains("This cannot be shown", "What to do:");
        assertThat(steward.page("certificates").statusCode()).isEqualTo(200);
        assertThat(steward.page("nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void aFormThatIsTooLargeOrOfAnotherKindIsRefused() throws Exception {
        assertThat(steward.post("consent/withdraw", Map.of("patient", "x".repeat(100_000)), Map.of())
                        .statusCode())
                .isEqualTo(413);
        assertThat(steward.page("consent").statusCode()).isEqualTo(200);
    }

    private String csrf() throws Exception {
        String body = steward.page("consent").body();
        int at = body.indexOf("name=\"csrf\" value=\"") + 19;
        return body.substring(at, at + 64);
    }

    private String rules() throws Exception {
        String body = steward.page("cohort").body();
        int at = body.indexOf("name=\"rules\" value=\"") + 20;
        return body.substring(at, body.indexOf('"', at));
    }

    private JsonNode awaitPlan(SignedPlan plan) throws Exception {
        return await("plans/" + plan.id(), "terms_sha256");
    }

    /** Asks until the page has been read to its end. */
    private JsonNode await(String path, String key) throws Exception {
        for (int i = 0; i < 400; i++) {
            JsonNode facts = JSON.readTree(steward.page(path + ".json").body());
            if (facts.hasNonNull(key) && !facts.path(key).asText().equals("false")) {
                return facts;
            }
            Thread.sleep(25);
        }
        throw new AssertionError(path + " was not read: " + steward.page(path).body());
    }
}
