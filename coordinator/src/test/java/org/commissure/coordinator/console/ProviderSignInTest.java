package org.commissure.coordinator.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.commissure.coordinator.console.ProviderConsole.JSON;
import static org.commissure.coordinator.console.ProviderConsole.NOBODY;
import static org.commissure.coordinator.console.ProviderConsole.OFFICER;
import static org.commissure.coordinator.console.ProviderConsole.ROLES;
import static org.commissure.coordinator.console.ProviderConsole.WHAT;
import static org.commissure.coordinator.console.ProviderConsole.comeBack;
import static org.commissure.coordinator.console.ProviderConsole.with;

import com.nimbusds.jose.jwk.RSAKey;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.coordinator.console.oidc.TestCertificates;
import org.commissure.coordinator.console.oidc.TestProvider;
import org.commissure.coordinator.storage.ConsoleAccesses.Access;
import org.commissure.coordinator.storage.ConsoleIdentities.Identity;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sign-in through an OpenID provider over TLS, which keeps to the protocol but for what a test changes. */
@Timeout(60)
class ProviderSignInTest {
    @TempDir
    private Path folder;

    private ProviderConsole at;
    private ConsoleFixture console;
    private TestProvider provider;
    private Accounts accounts;

    @BeforeEach
    void open() throws Exception {
        at = new ProviderConsole(folder);
        console = at.console;
        provider = at.provider;
        accounts = at.accounts;
    }

    @AfterEach
    void close() {
        at.close();
    }

    @Test
    void aClaimGivesARoleAndTheSessionIsLikeAnyOther() throws Exception {
        try (Browser browser = console.browser()) {
            assertThat(browser.read("/oidc").get("label").asText()).isEqualTo("Sign in with the hospital");
            HttpResponse<String> answer = at.signIn(browser, OFFICER);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().allValues("Set-Cookie"))
                    .hasSize(2)
                    .allSatisfy(cookie -> assertThat(cookie)
                            .startsWith("__Host-commissure")
                            .contains("Path=/", "Secure", "HTTPOnly", "SameSite=Strict"));
            assertThat(browser.cookies).containsOnlyKeys(Gate.COOKIE);
            assertThat(browser.read("/session").get("name").asText()).isEqualTo("oidc:Ada@example.org");
            assertThat(browser.read("/session").get("role").asText()).isEqualTo("officer");
            assertThat(browser.get("/api/v1/accesses").statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(browser.post("/session/end", "{}").body())
                            .get("provider")
                            .asText())
                    .isEqualTo(provider.issuer() + "/end");
            assertThat(browser.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
        assertThat(console.accesses.newest(0, 100))
                .extracting(Access::person, Access::what, Access::outcome)
                .contains(tuple("oidc:Ada@example.org", WHAT, "ok"));
    }

    @Test
    void whoHasNoRoleIsToldWhyAndByWhichNameToAsk() throws Exception {
        at.refused(NOBODY, 403, "eve@example.org has no role at this console");
        try (Browser browser = console.browser()) {
            assertThat(at.signIn(browser, NOBODY).body()).contains("subject 77aa");
        }
        assertThat(console.accesses.newest(0, 1)).extracting(Access::person).containsExactly("oidc:eve@example.org");
    }

    @Test
    void theRoleIsLookedAtAnewAtEachSignInAndItsLossEndsOpenSessions() throws Exception {
        try (Browser browser = console.browser();
                Browser again = console.browser()) {
            at.signIn(browser, OFFICER);
            assertThat(at.signIn(again, with(OFFICER, "groups", "brain")).statusCode())
                    .isEqualTo(200);
            assertThat(browser.read("/session").get("role").asText()).isEqualTo("viewer");
            at.refused(with(OFFICER, "groups", List.of()), 403, "no role");
            assertThat(browser.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
        assertThat(console.users.user("oidc:Ada@example.org")).isEmpty();
    }

    @Test
    void aDisabledUserIsRefusedHoweverTheAccountCame() throws Exception {
        try (Browser browser = console.browser()) {
            at.signIn(browser, OFFICER);
            console.users.setDisabled("oidc:Ada@example.org", true);
            assertThat(browser.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
        at.refused(OFFICER, 403, "is disabled");
        accounts.add("eve", "viewer", bySubject("77aa"));
        console.users.setDisabled("eve", true);
        at.refused(NOBODY, 403, "the user eve is disabled");
        console.identities.removeGranted();
        at.refused(OFFICER, 403, "is disabled");
    }

    private Accounts.Binding bySubject(String subject) {
        return new Accounts.Binding(provider.issuer(), Optional.of(subject), Optional.empty());
    }

    private Accounts.Binding byEmail(String email) {
        return new Accounts.Binding(provider.issuer(), Optional.empty(), Optional.of(email));
    }

    @Test
    void anAdministratorBindsASubjectWhateverTheClaimsSay() throws Exception {
        accounts.add("ada", "administrator", bySubject("8f2c"));
        try (Browser browser = console.browser()) {
            at.signIn(browser, OFFICER);
            assertThat(browser.read("/session").get("name").asText()).isEqualTo("ada");
            assertThat(browser.read("/session").get("role").asText()).isEqualTo("administrator");
            assertThat(browser.read("/users").findValuesAsText("provider")).contains("8f2c");
            assertThat(browser.post("/users", "{\"name\":\"eve\",\"role\":\"viewer\",\"email\":\"EVE@example.org\"}")
                            .body())
                    .contains("\"password\":null");
            assertThat(browser.post("/users", "{\"name\":\"e2\",\"role\":\"viewer\",\"email\":\"eve@example.org\"}")
                            .statusCode())
                    .isEqualTo(409);
        }
        try (Browser browser = console.browser()) {
            at.signIn(browser, NOBODY);
            assertThat(browser.read("/session").get("name").asText()).isEqualTo("eve");
            assertThat(browser.signIn("eve", "").statusCode()).isEqualTo(400);
            assertThat(browser.signIn("eve", "any password at all").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void anAddressIsOnePersonsFromTheFirstSignInOn() throws Exception {
        accounts.add("eve", "viewer", byEmail("Eve@Example.org"));
        at.refused(with(NOBODY, "email_verified", false), 403, "no role");
        try (Browser browser = console.browser()) {
            assertThat(at.signIn(browser, NOBODY).statusCode()).isEqualTo(200);
        }
        try (Browser browser = console.browser()) { // the person moves, and somebody else gets the address
            assertThat(at.signIn(browser, with(NOBODY, "email", "eve.new@example.org"))
                            .statusCode())
                    .isEqualTo(200);
        }
        at.refused(with(NOBODY, "sub", "other"), 403, "somebody else at the provider");
        try (Browser before = console.browser()) {
            at.signIn(before, NOBODY);
            accounts.bind("eve", byEmail("eve@example.org"));
            assertThat(before.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
        try (Browser browser = console.browser()) {
            assertThat(at.signIn(browser, with(NOBODY, "sub", "other")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAccountByClaimGivesWayToOneThatAnAdministratorMakes() throws Exception {
        try (Browser browser = console.browser()) {
            at.signIn(browser, OFFICER);
            accounts.add("ada", "viewer", byEmail("ada@example.org"));
            at.signIn(browser, OFFICER);
            assertThat(browser.read("/session").get("name").asText()).isEqualTo("ada");
        }
        assertThat(console.identities.all()).extracting(Identity::name).containsExactly("ada");
        assertThat(console.users.user("oidc:Ada@example.org")).isEmpty();
    }

    @Test
    void aPersonWhoIsCalledLikeAUserOrLikeSomebodyElseIsNeither() throws Exception {
        Map<String, Object> namesake = Map.of("sub", "viewer", "preferred_username", "viewer", "groups", "brain");
        try (Browser first = console.browser();
                Browser second = console.browser()) {
            at.signIn(first, namesake);
            assertThat(first.read("/session").get("name").asText()).isEqualTo("oidc:viewer");
            at.signIn(second, with(namesake, "sub", "another"));
            assertThat(second.read("/session").get("name").asText()).matches("oidc:viewer-[0-9a-f]{8}");
        }
    }

    @Test
    void claimsThatTheTokenLeavesOutComeFromUserInfoOfTheSamePerson() throws Exception {
        provider.shortTokens = true;
        try (Browser browser = console.browser()) {
            at.signIn(browser, OFFICER);
            assertThat(browser.read("/session").get("role").asText()).isEqualTo("officer");
        }
        provider.userInfoSubject = "somebody else";
        at.refused(OFFICER, 401, "UserInfo is about somebody else");
    }

    @Test
    void aClaimInsideAnotherIsFoundByItsPath() throws Exception {
        ProviderSettings settings = provider.settings(console.server.port(), ROLES);
        new ProviderSettings(
                        settings.issuer(),
                        settings.clientId(),
                        settings.clientSecret(),
                        settings.redirectUri(),
                        settings.label(),
                        settings.scopes(),
                        Optional.of("realm_access.roles"),
                        settings.roles(),
                        settings.authorities())
                .write(folder);
        try (Browser browser = console.browser()) {
            at.signIn(browser, with(NOBODY, "realm_access", Map.of("roles", List.of("brain"))));
            assertThat(browser.read("/session").get("role").asText()).isEqualTo("viewer");
        }
    }

    @Test
    void aNewKeyOfTheProvidersIsFetched() throws Exception {
        try (Browser browser = console.browser()) {
            at.signIn(browser, OFFICER);
            provider.key = TestProvider.newKey("second");
            assertThat(at.signIn(browser, OFFICER).statusCode()).isEqualTo(200);
        }
        RSAKey second = provider.key;
        assertThat(second.getKeyID()).isEqualTo("second");
        assertThat(provider.asked("/keys")).isEqualTo(2);
        assertThat(provider.asked("/.well-known/openid-configuration")).isOne();
    }

    @Test
    void aReturnCountsOnceAndInTheBrowserThatLeft() throws Exception {
        try (Browser browser = console.browser();
                Browser other = console.browser()) {
            Map<String, String> stolen = at.leave(browser, OFFICER);
            assertThat(comeBack(other, stolen).statusCode()).isEqualTo(401);
            Map<String, String> others = at.leave(other, NOBODY);
            assertThat(comeBack(browser, others).body()).contains("was not begun here");
            String cookie = browser.cookies.get(Gate.LEAVING_COOKIE);
            assertThat(comeBack(browser, stolen).statusCode()).isEqualTo(200);
            browser.cookies.put(Gate.LEAVING_COOKIE, cookie);
            assertThat(comeBack(browser, stolen).statusCode()).isEqualTo(401);
            assertThat(provider.asked("/token")).isOne();
        }
    }

    @Test
    void aCodeOfAnotherSignInOrProviderIsNotTaken() throws Exception {
        try (Browser browser = console.browser();
                Browser victim = console.browser()) {
            Map<String, String> attackers = at.leave(browser, OFFICER);
            Map<String, String> injected = at.leave(victim, NOBODY);
            injected.put("code", attackers.get("code"));
            assertThat(comeBack(victim, injected).body()).contains("invalid_grant");
            Map<String, String> mixed = at.leave(victim, OFFICER);
            mixed.put("iss", "https://evil.example");
            assertThat(comeBack(victim, mixed).statusCode()).isEqualTo(401);
            Map<String, String> silent = at.leave(victim, OFFICER);
            silent.remove("iss");
            assertThat(comeBack(victim, silent).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whoIsRefusedAtTheProviderIsToldSo() throws Exception {
        try (Browser browser = console.browser()) {
            Map<String, String> query = at.leave(browser, OFFICER);
            query.remove("code");
            query.put("error", "access_denied");
            assertThat(comeBack(browser, query).body()).contains("did not sign you in: access_denied");
            Map<String, String> forged = at.leave(browser, OFFICER);
            forged.put("error", "Call 555-1234 now");
            assertThat(comeBack(browser, forged).body()).doesNotContain("555");
        }
    }

    @Test
    void anEarlierSessionOfTheBrowserEnds() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER);
                Browser old = console.browser()) {
            old.cookies.putAll(browser.cookies);
            assertThat(old.get("/api/v1/runs").statusCode()).isEqualTo(200);
            at.signIn(browser, OFFICER);
            assertThat(browser.cookies.get(Gate.COOKIE)).isNotEqualTo(old.cookies.get(Gate.COOKIE));
            assertThat(old.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void anotherSitesPageBeginsAndEndsNothing() throws Exception {
        try (Browser browser = console.browser()) {
            for (String path : List.of("/oidc/begin", "/oidc/session")) {
                assertThat(browser.send(browser.request("/api/v1" + path)
                                        .header("Content-Type", "application/json")
                                        .header("Origin", provider.issuer())
                                        .POST(HttpRequest.BodyPublishers.ofString("{}")))
                                .statusCode())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void theAddressToWhichTheProviderSendsPeopleIsTheConsolesPage() throws Exception {
        try (Browser browser = console.browser()) {
            HttpResponse<String> page = browser.get("/oidc?code=x&state=y");
            assertThat(page.body()).isEqualTo(browser.get("/").body());
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "form-action 'none'");
            assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        }
    }

    @Test
    void aProviderThatIsDownIsSaidAndPasswordsWork() throws Exception {
        provider.close();
        try (Browser browser = console.browser()) {
            HttpResponse<String> begun = browser.post("/oidc/begin", "{}");
            assertThat(begun.statusCode()).isEqualTo(503);
            assertThat(begun.body()).contains(provider.issuer() + " cannot be reached", "passwords work meanwhile");
            assertThat(browser.signIn("viewer", ConsoleFixture.PASSWORD).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aProviderThatGoesDownMeanwhileIsSaidToo() throws Exception {
        try (Browser browser = console.browser()) {
            Map<String, String> query = at.leave(browser, OFFICER);
            provider.close();
            HttpResponse<String> answer = comeBack(browser, query);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("cannot be reached");
        }
    }

    @Test
    void aProviderUnderAForeignAuthorityIsNotAskedAnything() throws Exception {
        ProviderSettings settings = provider.settings(console.server.port(), ROLES);
        new ProviderSettings(
                        settings.issuer(),
                        settings.clientId(),
                        settings.clientSecret(),
                        settings.redirectUri(),
                        settings.label(),
                        settings.scopes(),
                        settings.roleClaim(),
                        settings.roles(),
                        Optional.of(new TestCertificates().authorityPem()))
                .write(folder);
        try (Browser browser = console.browser()) {
            HttpResponse<String> begun = browser.post("/oidc/begin", "{}");
            assertThat(begun.statusCode()).isEqualTo(503);
            assertThat(begun.body()).contains("certificate is not trusted", "--ca-file");
        }
        assertThat(provider.asked("/.well-known/openid-configuration")).isZero();
    }

    @Test
    void settingsCountAtOnce() throws Exception {
        try (Browser browser = console.browser()) {
            Map<String, String> query = at.leave(browser, OFFICER);
            provider.settings(console.server.port(), List.of("brain=coordinator"))
                    .write(folder);
            assertThat(comeBack(browser, query).body()).contains("settings changed meanwhile");
            at.signIn(browser, OFFICER);
            assertThat(browser.read("/session").get("role").asText()).isEqualTo("coordinator");
            assertThat(ProviderSettings.remove(folder)).isTrue();
            assertThat(browser.read("/oidc").get("label").isNull()).isTrue();
            assertThat(browser.post("/oidc/begin", "{}").statusCode()).isEqualTo(409);
            Files.writeString(ProviderSettings.file(folder), "issuer = 3");
            HttpResponse<String> broken = browser.get("/api/v1/oidc");
            assertThat(broken.statusCode()).isEqualTo(503);
            assertThat(broken.body()).doesNotContain(folder.toString());
        }
    }

    @Test
    void elsewhereThanWhereTheProviderSendsPeopleBackTheConsoleSaysWhereToGo() throws Exception {
        provider.settings(1, ROLES).write(folder);
        try (Browser browser = console.browser()) {
            assertThat(browser.post("/oidc/begin", "{}").body())
                    .contains("sends people back to https://localhost:1", "open the console there");
        }
    }

    @Test
    void anAddressThatFailsAgainAndAgainWaits() throws Exception {
        try (Browser browser = console.browser()) {
            for (int i = 0; i < 50; i++) {
                assertThat(comeBack(browser, Map.of("state", "guess", "code", "guess"))
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(comeBack(browser, Map.of("state", "guess", "code", "guess"))
                            .statusCode())
                    .isEqualTo(429);
            assertThat(browser.post("/oidc/begin", "{}").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void noSecretCodeOrTokenIsInTheSettingsWordsOrTheAccessLog() throws Exception {
        Map<String, String> query;
        try (Browser browser = console.browser()) {
            query = at.leave(browser, OFFICER);
            comeBack(browser, query);
            at.signIn(browser, NOBODY);
        }
        assertThat(provider.settings(1, ROLES).toString()).doesNotContain(TestProvider.SECRET);
        assertThat(console.accesses.newest(0, 100))
                .allSatisfy(access -> assertThat(access.toString())
                        .doesNotContain(query.get("code"), query.get("state"), TestProvider.SECRET));
        assertThat(console.users.users())
                .filteredOn(user -> user.name().startsWith("oidc:"))
                .extracting(ConsoleUsers.User::hasPassword)
                .containsOnly(false);
    }
}
