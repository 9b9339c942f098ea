package org.commissure.coordinator.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.console.oidc.TestProvider;

/** A console and a provider, and what a person does who signs in to the one through the other. */
final class ProviderConsole implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String WHAT = "sign-in through the provider";
    static final List<String> ROLES = List.of("cn=brain,ou=officers=officer", "brain=viewer");

    static final Map<String, Object> OFFICER = Map.of(
            "sub",
            "8f2c",
            "email",
            "Ada@example.org",
            "email_verified",
            true,
            "groups",
            List.of("brain", "cn=brain,ou=officers"));
    static final Map<String, Object> NOBODY =
            Map.of("sub", "77aa", "email", "eve@example.org", "email_verified", true, "groups", List.of("surgery"));

    final Path folder;
    final ConsoleFixture console;
    final TestProvider provider;
    final Accounts accounts;

    ProviderConsole(Path folder) throws Exception {
        this.folder = folder;
        console = new ConsoleFixture(folder, 1);
        provider = new TestProvider();
        accounts = Accounts.of(console.database, Clock.systemUTC());
        provider.settings(console.server.port(), ROLES).write(folder);
    }

    static Map<String, Object> with(Map<String, Object> person, String claim, Object value) {
        Map<String, Object> changed = new HashMap<>(person);
        changed.put(claim, value);
        return changed;
    }

    /** Leaves for the provider. @return the query with which the browser comes back */
    Map<String, String> leave(Browser browser, Map<String, Object> person) throws Exception {
        HttpResponse<String> begun = browser.post("/oidc/begin", "{}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
        return provider.signIn(JSON.readTree(begun.body()).get("address").asText(), person);
    }

    static HttpResponse<String> comeBack(Browser browser, Map<String, String> query) throws Exception {
        return browser.took(browser.post("/oidc/session", JSON.writeValueAsString(query)));
    }

    HttpResponse<String> signIn(Browser browser, Map<String, Object> person) throws Exception {
        return comeBack(browser, leave(browser, person));
    }

    /** Asserts that the person is refused for that reason, reads nothing, and is in the access log with it. */
    void refused(Map<String, Object> person, int status, String why) throws Exception {
        try (Browser browser = console.browser()) {
            HttpResponse<String> answer = signIn(browser, person);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.body()).contains(why);
            assertThat(browser.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
        assertThat(console.accesses.newest(0, 1))
                .singleElement()
                .satisfies(access -> assertThat(access.outcome()).contains(why))
                .satisfies(access -> assertThat(access.what()).isEqualTo(WHAT));
    }

    @Override
    public void close() {
        provider.close();
        console.close();
    }
}
