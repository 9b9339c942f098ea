package org.commissure.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People in real Chromium who sign in to a real coordinator's console through a real OpenID provider, each a process. */
@Tag("e2e")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ProviderSignInPagesTest {
    private static final String PASSWORD = "a password for the tests";
    private static final String LABEL = "Sign in with the University";

    private final int port = LoopbackPorts.free();
    private final ProcessFederation processes;
    private final OpenIdProvider provider;
    private final Path folder;
    private final String console;
    private final ConsoleBrowser browser;

    ProviderSignInPagesTest(@TempDir Path folder) {
        this.folder = folder;
        processes = new ProcessFederation(Launcher.find(), folder);
        provider = new OpenIdProvider(folder);
        console = "https://127.0.0.1:" + port + "/";
        browser = new ConsoleBrowser(console);
    }

    @BeforeAll
    void open() throws IOException {
        processes.initialise("tiny", LoopbackPorts.free());
        startConsole();
        assertThat(processes.consoleAddress()).isEqualTo(console);
        provider.add("sub-ada", "ada", "ada's", person("ada@example.org", List.of("brain-officers")));
        provider.add("sub-bo", "bo", "bo's", person("bo@example.org", List.of()));
        provider.add("sub-eve", "eve", "eve's", person("eve@example.org", List.of("surgery")));
        provider.start(console + "oidc");
        Path secret = Files.writeString(folder.resolve("secret"), OpenIdProvider.SECRET + "\n");
        assertThat(command(
                                "oidc",
                                "set",
                                "--issuer",
                                provider.issuer(),
                                "--client-id",
                                OpenIdProvider.CLIENT,
                                "--client-secret-file",
                                secret.toString(),
                                "--console-url",
                                console,
                                "--ca-file",
                                provider.authority().toString(),
                                "--role-claim",
                                "groups",
                                "--map",
                                "brain-officers=officer",
                                "--label",
                                LABEL)
                        .orThrow()
                        .output())
                .contains("redirect URI", console + "oidc");
        command("users", "add", "robert", "--role", "coordinator", "--email", "bo@example.org")
                .orThrow();
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        processes.addConsoleUser("viewer", "viewer", password);
        processes.addConsoleUser("administrator", "administrator", password);
    }

    private void startConsole() {
        processes
                .startCoordinator(Map.of(), List.of("--console-port", Integer.toString(port)))
                .await("its console is at ", Duration.ofSeconds(60));
    }

    private static Map<String, Object> person(String email, List<String> groups) {
        return Map.of("email", email, "email_verified", true, "groups", groups);
    }

    private Finished command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("coordinator", "console"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--home", processes.coordinatorHome().toString()));
        return processes.launcher().run(all);
    }

    @AfterAll
    void close() {
        browser.close();
        provider.close();
        processes.close();
    }

    @BeforeEach
    void nobodyIsSignedInAnywhere() {
        browser.forget();
    }

    /** From the console's page to the provider's. */
    private void leave() {
        browser.await("button.provider").click();
        browser.await("input[name=login]");
    }

    private void identify(String name) {
        browser.find("input[name=login]").sendKeys(name);
        browser.find("input[name=password]").sendKeys(name + "'s");
        browser.find("form button").click();
    }

    @Test
    @Order(1)
    void aClaimGivesTheRoleAndTheBrowserComesBackToThePageItLeft() {
        browser.open("#/accesses");
        assertThat(browser.await("button.provider").getText()).isEqualTo(LABEL);
        browser.screenshot("sign-in-provider");
        assertThat(browser.contrast().bad()).isEmpty();
        leave();
        assertThat(browser.address()).startsWith(provider.issuer());
        identify("ada");
        browser.await("nav.main");
        assertThat(browser.find(".who").getText()).contains("oidc:ada@example.org, officer");
        browser.await("td");
        assertThat(browser.text()).contains("sign-in through the provider");
        assertThat(browser.address()).isEqualTo(console + "#/accesses");
        browser.reload();
        browser.await("nav.main");
        browser.assertQuiet();
    }

    @Test
    @Order(2)
    void aBoundUserHasTheRoleThatAnAdministratorGaveAndSignsOutThereToo() {
        browser.open("#/overview");
        leave();
        identify("bo");
        browser.await("nav.main");
        assertThat(browser.find(".who").getText()).contains("robert, coordinator");
        browser.signOut();
        browser.await("button.provider").click(); // the provider still knows who it is
        browser.await("nav.main");
        browser.signOut();
        browser.await(".notice a").click();
        browser.await("button[name=logout]").click();
        browser.eventually("the provider ends it", () -> browser.text().contains("Signed out"));
        browser.open("#/overview");
        leave(); // and asks again
        browser.assertQuiet();
    }

    @Test
    @Order(3)
    void whoHasNoRoleReadsWhyAndMaySignInOtherwise() {
        browser.open("#/overview");
        leave();
        identify("eve");
        assertThat(browser.await("[role=alert]").getText())
                .contains("eve@example.org has no role at this console", "subject sub-eve");
        assertThat(browser.address()).isEqualTo(console + "#/overview");
        browser.screenshot("sign-in-refused");
        assertThat(browser.contrast().bad()).isEmpty();
        browser.reload();
        browser.await("input[name=name]"); // nothing was begun
        browser.signIn("viewer", PASSWORD);
        browser.assertQuiet();
    }

    @Test
    @Order(4)
    void whoIsNotKnownThereIsToldSo() {
        browser.open("#/overview");
        leave();
        identify("mallory");
        assertThat(browser.await("[role=alert]").getText()).contains("did not sign you in: access_denied");
    }

    /** A page that somebody was lured to: the same address again, in the same browser and in another one. */
    @Test
    @Order(5)
    void anAddressToReturnToCountsForNothingASecondTime() {
        try (ConsoleBrowser other = new ConsoleBrowser(console)) {
            browser.open("#/overview");
            leave();
            identify("ada");
            browser.await("nav.main");
            String returned = provider.lastReturn();
            for (ConsoleBrowser one : List.of(browser, other)) {
                one.go(returned);
                assertThat(one.await("[role=alert]").getText()).contains("was not begun here, is used already");
            }
        }
    }

    @Test
    @Order(6)
    void anAdministratorLetsSomebodyInByTheAddressAndSeesWhoComesByAClaim() {
        browser.signIn("administrator", PASSWORD);
        browser.show("#/users", "users-page td");
        assertThat(browser.text()).contains("oidc:ada@example.org", "sub-ada, role by claim");
        assertThat(browser.all("[aria-label='New password: oidc:ada@example.org']"))
                .isEmpty();
        browser.await("input[name=person]").sendKeys("eve@example.org");
        browser.find("input[name=name]").sendKeys("eve");
        browser.find("form.row button").click();
        browser.eventually(
                "it is said",
                () -> browser.find(".fine").getText().contains("eve signs in through the OpenID provider"));
        browser.screenshot("users-provider");
        assertThat(browser.contrast().bad()).isEmpty();
        browser.signOut();
        leave();
        identify("eve");
        browser.await("nav.main");
        assertThat(browser.find(".who").getText()).contains("eve, viewer");
        browser.assertQuiet();
    }

    @Test
    @Order(7)
    void withoutTheProviderTheCoordinatorStartsAndPasswordsWork() {
        provider.stop();
        processes.coordinator().stop();
        startConsole();
        browser.open("#/overview");
        browser.await("button.provider").click();
        assertThat(browser.await("[role=alert]").getText())
                .contains(provider.issuer() + " cannot be reached", "passwords work meanwhile");
        browser.screenshot("sign-in-provider-down");
        browser.signIn("viewer", PASSWORD);
        assertThat(browser.find(".who").getText()).contains("viewer");
        browser.assertQuiet();
        assertThat(command("oidc", "show", "--check").exit()).isNotZero();
        assertThat(command("oidc", "remove").orThrow().output()).contains("nobody signs in");
        browser.open("#/overview");
        browser.await("input[name=name]");
        assertThat(browser.script("return fetch('/api/v1/oidc').then((answer) => answer.text())"))
                .isEqualTo("{\"label\":null}");
        browser.signIn("viewer", PASSWORD);
    }
}
