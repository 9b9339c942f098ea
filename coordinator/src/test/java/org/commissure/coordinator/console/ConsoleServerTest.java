package org.commissure.coordinator.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.coordinator.queue.RunQueue;
import org.commissure.coordinator.round.Studies;
import org.commissure.coordinator.storage.ConsoleAccesses.Access;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConsoleServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> READS = List.of(
            "/session", "/overview", "/plans", "/runs", "/sites", "/privacy", "/failures", "/log", "/log/checkpoint");

    @TempDir
    private Path folder;

    private ConsoleFixture console;

    @BeforeEach
    void open() {
        console = new ConsoleFixture(folder);
    }

    @AfterEach
    void close() {
        console.close();
    }

    @Test
    void withoutASessionNothingIsRead() throws Exception {
        try (Browser browser = console.browser()) {
            for (String path : READS) {
                assertThat(browser.get("/api/v1" + path).statusCode()).as(path).isEqualTo(401);
            }
            assertThat(browser.get("/api/v1/live").statusCode()).isEqualTo(401);
            assertThat(browser.get("/api/v1/accesses").statusCode()).isEqualTo(401);
            assertThat(browser.post("/runs/run-1/cancel", "{}").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void everyRoleReadsTheFacts() throws Exception {
        for (ConsoleRole role : ConsoleRole.values()) {
            try (Browser browser = console.browser(role)) {
                for (String path : READS) {
                    assertThat(browser.get("/api/v1" + path).statusCode())
                            .as(path)
                            .isEqualTo(200);
                }
                assertThat(browser.read("/session").get("role").asText()).isEqualTo(role.word());
            }
        }
    }

    @Test
    void onlyAnOfficerReadsTheAccessLog() throws Exception {
        for (ConsoleRole role : ConsoleRole.values()) {
            try (Browser browser = console.browser(role)) {
                assertThat(browser.get("/api/v1/accesses").statusCode())
                        .as(role.word())
                        .isEqualTo(role == ConsoleRole.OFFICER ? 200 : 403);
            }
        }
    }

    @Test
    void onlyACoordinatorMayCancel() throws Exception {
        for (ConsoleRole role : ConsoleRole.values()) {
            try (Browser browser = console.browser(role)) {
                assertThat(browser.post("/runs/run-1/cancel", "{}").statusCode())
                        .as(role.word())
                        .isEqualTo(role == ConsoleRole.COORDINATOR ? 404 : 403); // there is no such run
            }
        }
        assertThat(console.accesses.newest(0, 100))
                .filteredOn(access -> access.outcome().equals("not for role viewer"))
                .extracting(Access::what)
                .contains("POST /api/v1/runs/run-1/cancel");
    }

    @Test
    void aChangingRequestWithoutTheTokenIsRefused() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.COORDINATOR)) {
            String token = browser.csrf;
            browser.csrf = "";
            assertThat(browser.post("/log/verify", "{}").statusCode()).isEqualTo(403);
            browser.csrf = token.substring(1) + "A";
            assertThat(browser.post("/log/verify", "{}").statusCode()).isEqualTo(403);
            browser.csrf = token;
            assertThat(browser.post("/log/verify", "{}").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFormOfAnotherSiteIsRefused() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.COORDINATOR)) {
            assertThat(browser.send(browser.request("/api/v1/session/end")
                                    .header("Content-Type", "text/plain")
                                    .header(Gate.CSRF_HEADER, browser.csrf)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(browser.send(browser.request("/api/v1/session/end")
                                    .header("Content-Type", "application/json")
                                    .header("Origin", "https://evil.example")
                                    .header(Gate.CSRF_HEADER, browser.csrf)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(browser.get("/api/v1/session").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndOtherSites() throws Exception {
        try (Browser browser = console.browser()) {
            HttpResponse<String> answer = browser.signIn("viewer", ConsoleFixture.PASSWORD);
            assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                    .startsWith("__Host-commissure=")
                    .contains("Path=/", "Secure", "HTTPOnly", "SameSite=Strict")
                    .doesNotContain("Domain");
        }
    }

    @Test
    void signingOutEndsTheSessionAtTheServer() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            assertThat(browser.post("/session/end", "{}").statusCode()).isEqualTo(200);
            assertThat(browser.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void guessingIsSlowedDownAndAKnownNameIsNotTold() throws Exception {
        try (Browser browser = console.browser()) {
            HttpResponse<String> wrong = browser.signIn("viewer", "not the password at all");
            HttpResponse<String> unknown = browser.signIn("nobody", "not the password at all");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(unknown.body()).isEqualTo(wrong.body());
            for (int i = 0; i < 4; i++) {
                browser.signIn("viewer", "not the password at all");
            }
            assertThat(browser.signIn("viewer", ConsoleFixture.PASSWORD).statusCode())
                    .isEqualTo(429);
            assertThat(browser.signIn("officer", ConsoleFixture.PASSWORD).statusCode())
                    .isEqualTo(200);
        }
        assertThat(console.accesses.newest(0, 100))
                .extracting(Access::person, Access::what, Access::outcome)
                .contains(
                        tuple("viewer", "sign-in", "too many attempts"),
                        tuple("nobody", "sign-in", "wrong name or password"),
                        tuple("officer", "sign-in", "ok"));
    }

    @Test
    void aRemovedUserReadsNothingMore() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            console.users.remove("viewer");
            assertThat(browser.get("/api/v1/runs").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void everyAnswerForbidsWhatPagesDoNotNeed() throws Exception {
        try (Browser browser = console.browser()) {
            for (String path : List.of("/", "/app.js", "/nothing", "/api/v1/runs", "/api/v1/nothing")) {
                HttpResponse<String> answer = browser.get(path);
                assertThat(answer.headers()
                                .firstValue("Content-Security-Policy")
                                .orElseThrow())
                        .as(path)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe", "http:", "*");
                assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                        .hasValue("max-age=31536000");
                assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                        .hasValue("nosniff");
                assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            }
            assertThat(browser.get("/api/v1/runs").headers().firstValue("Cache-Control"))
                    .hasValue("no-store");
        }
    }

    @Test
    void readsAreWrittenDownOnceForEachThing() throws Exception {
        Instant before = Instant.now();
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            browser.read("/runs");
            browser.read("/runs?offset=0&limit=10");
            browser.read("/sites");
        }
        List<Access> written = console.accesses.newest(0, 10);
        assertThat(written)
                .extracting(Access::what)
                .containsExactly("GET /api/v1/sites", "GET /api/v1/runs", "sign-in");
        assertThat(written).allSatisfy(access -> {
            assertThat(access.person()).isEqualTo("viewer");
            assertThat(access.outcome()).isEqualTo("ok");
            assertThat(access.at()).isAfter(before.minusMillis(1));
        });
    }

    @Test
    void theLogComesInPagesNewestFirst() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            JsonNode page = browser.read("/log?offset=40&limit=5");
            assertThat(page.get("total").asInt()).isEqualTo(ConsoleFixture.ENTRIES);
            assertThat(page.get("items")).hasSize(5);
            assertThat(page.get("items").get(0).get("index").asInt()).isEqualTo(ConsoleFixture.ENTRIES - 41);
            assertThat(page.get("items").get(0).get("facts").get("site").asText())
                    .isEqualTo("S" + (ConsoleFixture.ENTRIES - 41));
            assertThat(browser.read("/log?offset=298&limit=50").get("items")).hasSize(2);
            assertThat(browser.read("/log?offset=5000").get("items")).isEmpty();
            assertThat(browser.get("/api/v1/log?limit=501").statusCode()).isEqualTo(400);
            assertThat(browser.get("/api/v1/log?offset=-1").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void verificationRecomputesTheLogAndNamesTheOfficersOwnCommand() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            JsonNode verified = JSON.readTree(browser.post("/log/verify", "{}").body());
            assertThat(verified.get("ok").asBoolean()).isTrue();
            assertThat(verified.get("entries").asInt()).isEqualTo(ConsoleFixture.ENTRIES);
            assertThat(verified.get("rootSha256"))
                    .isEqualTo(browser.read("/log/checkpoint").get("rootSha256"));
            assertThat(verified.get("commands").toString())
                    .contains("audit copy https://localhost:8444", "audit verify");
            Files.write(folder.resolve("log/checkpoint"), new byte[] {1});
            assertThat(JSON.readTree(browser.post("/log/verify", "{}").body())
                            .get("ok")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void aFailureSaysWhatItIsAboutItsCauseAndARemedy() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            JsonNode failures = browser.read("/failures");
            assertThat(failures.get("total").asInt()).isEqualTo(1);
            JsonNode failure = failures.get("items").get(0);
            assertThat(failure.get("about").asText()).isEqualTo("S7");
            assertThat(failure.get("cause").asText()).isEqualTo("the token is spent");
            assertThat(failure.get("remedy").asText()).contains("coordinator invite");
        }
    }

    @Test
    void theLiveStreamBeginsWithHowThingsStand() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            assertThat(browser.listen("\n\nevent: live\ndata: {"))
                    .contains("retry: ", "\"connected\":[]", "\"run\":null");
        }
    }

    /** The document is what the router serves: no path more, no path less. */
    @Test
    void theOpenApiDocumentNamesExactlyTheRoutersRoutes() throws Exception {
        Set<String> served = new TreeSet<>();
        for (Route route : console.server.router().getRoutes()) {
            String path = route.getPath();
            Set<HttpMethod> methods = route.methods();
            if (path != null && path.startsWith("/api/v1/") && methods != null && !path.endsWith("/openapi.json")) {
                methods.forEach(method -> served.add(method + " " + path.replaceAll(":([a-z0-9]+)", "{$1}")));
            }
        }
        List<String> documented = new ArrayList<>();
        try (Browser browser = console.browser()) {
            JsonNode document = browser.read("/openapi.json");
            document.get("paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .fieldNames()
                            .forEachRemaining(
                                    method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
            assertThat(document.get("openapi").asText()).isEqualTo("3.1.0");
            assertThat(document.at("/paths/~1api~1v1~1accesses/get/x-roles").toString())
                    .isEqualTo("[\"officer\"]");
            assertThat(document.at("/components/schemas/RunSummary/properties/history/items/$ref")
                            .asText())
                    .isEqualTo("#/components/schemas/RoundSummary");
        }
        assertThat(documented).hasSizeGreaterThan(15).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void aPathThatLeavesTheFolderIsNotFound() throws Exception {
        try (Browser browser = console.browser(ConsoleRole.VIEWER)) {
            for (String path : List.of(
                    "/api/v1/runs/..%2F..%2Fca/files/report.json",
                    "/api/v1/runs/run-1/files/..%2Fcoordinator.db",
                    "/api/v1/runs/run-1/models/..%2F..%2Fx",
                    "/..%2Fapp.js",
                    "/db/coordinator/V1__coordinator.sql")) {
                assertThat(browser.get(path).statusCode()).as(path).isEqualTo(404);
            }
        }
    }

    @Test
    void aCoordinatorOrdersTheQueueAndAViewerReadsIt() throws Exception {
        for (String id : List.of("first", "second")) {
            console.queue.add(
                    Studies.text(1, 1, 60),
                    Files.writeString(folder.resolve("model"), "m"),
                    id,
                    new RunQueue.Terms(Instant.EPOCH, Optional.empty()));
        }
        try (Browser viewer = console.browser(ConsoleRole.VIEWER);
                Browser coordinator = console.browser(ConsoleRole.COORDINATOR)) {
            assertThat(viewer.post("/queue/second/move", "{\"place\":1}").statusCode())
                    .isEqualTo(403);
            assertThat(viewer.read("/queue").at("/items/0/why").asText())
                    .isEqualTo("1 of 3 sites have approved its plan; no approval yet of B, C");
            assertThat(coordinator.post("/queue/second/move", "{\"place\":1}").statusCode())
                    .isEqualTo(200);
            assertThat(coordinator.post("/queue/second/move", "{}").statusCode())
                    .isEqualTo(400);
            assertThat(viewer.read("/queue").get("items").findValuesAsText("runId"))
                    .containsExactly("second", "first");
            assertThat(viewer.listen("\"queued\":2")).contains("event: live");
            assertThat(coordinator.post("/queue/second/remove", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(coordinator.post("/queue/second/remove", "{}").statusCode())
                    .isEqualTo(409);
            console.queue.look();
            assertThat(coordinator.post("/queue/first/retry", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(viewer.read("/queue").get("total").asInt()).isEqualTo(1);
        }
        assertThat(console.accesses.newest(0, 100))
                .extracting(access -> access.what())
                .contains("POST /api/v1/queue/second/remove");
    }

    @Test
    void anAdministratorManagesUsersAndNobodyElseDoes() throws Exception {
        for (ConsoleRole role : List.of(ConsoleRole.VIEWER, ConsoleRole.OFFICER, ConsoleRole.COORDINATOR)) {
            try (Browser browser = console.browser(role)) {
                assertThat(browser.get("/api/v1/users").statusCode()).isEqualTo(403);
                assertThat(browser.post("/users", "{\"name\":\"eve\",\"role\":\"administrator\"}")
                                .statusCode())
                        .isEqualTo(403);
            }
        }
        try (Browser administrator = console.browser(ConsoleRole.ADMINISTRATOR);
                Browser bo = console.browser()) {
            JsonNode given = JSON.readTree(administrator
                    .post("/users", "{\"name\":\"bo\",\"role\":\"viewer\"}")
                    .body());
            assertThat(bo.signIn("bo", given.get("password").asText()).statusCode())
                    .isEqualTo(200);
            assertThat(administrator.read("/users").findValuesAsText("name")).contains("bo", "viewer");
            assertThat(administrator.get("/api/v1/users").body()).doesNotContain("argon2");

            assertThat(bo.post("/runs/none/cancel", "{}").statusCode()).isEqualTo(403);
            assertThat(administrator
                            .post("/users/bo/role", "{\"role\":\"coordinator\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(bo.post("/runs/none/cancel", "{}").statusCode()).isEqualTo(404);

            assertThat(administrator.post("/users/bo/disable", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(bo.get("/api/v1/runs").statusCode()).isEqualTo(401);
            assertThat(bo.signIn("bo", given.get("password").asText()).statusCode())
                    .isEqualTo(401);
            assertThat(administrator.post("/users/bo/enable", "{}").statusCode())
                    .isEqualTo(200);
            String second = JSON.readTree(
                            administrator.post("/users/bo/password", "{}").body())
                    .get("password")
                    .asText();
            assertThat(bo.signIn("bo", given.get("password").asText()).statusCode())
                    .isEqualTo(401);
            assertThat(bo.signIn("bo", second).statusCode()).isEqualTo(200);
            assertThat(administrator.post("/users/bo/remove", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(bo.get("/api/v1/runs").statusCode()).isEqualTo(401);

            assertThat(administrator.post("/users/bo/remove", "{}").statusCode())
                    .isEqualTo(409);
            assertThat(administrator.post("/users/administrator/disable", "{}").body())
                    .contains("nobody changes the own account");
            assertThat(administrator
                            .post("/users/viewer/role", "{\"role\":\"king\"}")
                            .body())
                    .contains("no role 'king'");
            assertThat(administrator
                            .send(administrator
                                    .request("/api/v1/users/viewer/remove")
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(console.accesses.newest(0, 100))
                .extracting(access -> access.what())
                .contains(
                        "user bo: added as viewer",
                        "user bo: role coordinator",
                        "user bo: disabled",
                        "user bo: removed");
    }
}
