package org.commissure.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A session at a coordinator's console. Trusts the federation's root certificate only; every answer of the server is checked to be
 * of the form that it must have, and what a later version adds is ignored. Each method blocks; thread-safe.
 *
 */
public final class ConsoleClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EVENT_DATA = "data: ";

    private final URI api;
    private final HttpClient https;
    private volatile String csrf = "";

    private ConsoleClient(URI console, HttpClient https) {
        this.api = console.resolve("/api/v1");
        this.https = https;
    }

    /**
     * Signs in.
     *
     * @param console such as {@code https://fed.example.org:8445}
     * @param authority the federation's root certificate, PEM or DER, as its operator gives it out
     * @throws ConsoleException if the name or the password is wrong
     * @throws IOException if the console cannot be reached, or is not this federation's
     */
    public static ConsoleClient signIn(URI console, Path authority, String name, char[] password)
            throws IOException, InterruptedException {
        if (!"https".equals(console.getScheme())) {
            throw new IOException(console + " is no https address; passwords go over no other");
        }
        ConsoleClient client = new ConsoleClient(console, Https.trusting(authority));
        try {
            JsonNode who = client.post("/session", Map.of("name", name, "password", new String(password)));
            client.csrf = who.path("csrf").asText();
            return client;
        } catch (IOException | InterruptedException | RuntimeException e) {
            client.https.close();
            throw e;
        }
    }

    /** Published plans of studies with each site's word, as {@code plan list --json} prints them. */
    public JsonNode plans() throws IOException, InterruptedException {
        return get("/plans");
    }

    /** Runs, newest first. @param limit at most 500 */
    public Page<RunLine> runs(int offset, int limit) throws IOException, InterruptedException {
        return page("/runs", offset, limit, new TypeReference<>() {});
    }

    /** @throws ConsoleException with status 404 if there is no such run */
    public Run run(String runId) throws IOException, InterruptedException {
        return JSON.treeToValue(get("/runs/" + encoded(runId)), Run.class);
    }

    /** A run's rounds, newest first. @param limit at most 500 */
    public Page<Round> rounds(String runId, int offset, int limit) throws IOException, InterruptedException {
        return page("/runs/" + encoded(runId) + "/rounds", offset, limit, new TypeReference<>() {});
    }

    /** Models that a run released, newest first. @param limit at most 500 */
    public Page<ReleasedModel> models(String runId, int offset, int limit) throws IOException, InterruptedException {
        return page("/runs/" + encoded(runId) + "/models", offset, limit, new TypeReference<>() {});
    }

    /** Runs that wait for their turn, in their order. @param limit at most 500 */
    public Page<QueuedRun> queue(int offset, int limit) throws IOException, InterruptedException {
        return page("/queue", offset, limit, new TypeReference<>() {});
    }

    /** The report of a run that ended: {@code report.json}. */
    public JsonNode report(String runId) throws IOException, InterruptedException {
        return get("/runs/" + encoded(runId) + "/report");
    }

    /**
     * Downloads a model as safetensors. The file appears whole or not at all, and only if its parameters have the SHA-256 by
     * which it was asked for.
     */
    public void download(ReleasedModel model, Path to) throws IOException, InterruptedException {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            HttpResponse<Path> answer = https.send(
                    request("/runs/" + encoded(model.runId()) + "/models/" + model.sha256())
                            .GET()
                            .build(),
                    info -> info.statusCode() == 200
                            ? HttpResponse.BodySubscribers.ofFile(part)
                            : HttpResponse.BodySubscribers.replacing(part));
            if (answer.statusCode() != 200) {
                throw new ConsoleException(
                        answer.statusCode(), "the model cannot be downloaded", "see which models the run still keeps");
            }
            if (!SafetensorsHash.of(part).equals(model.sha256())) {
                throw new IOException("what was downloaded is not the model " + model.sha256());
            }
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Listens to what changes, until {@code on} says no or the session ends.
     *
     * @param on called for each document, the present one first; false ends it
     */
    public void watch(Predicate<Live> on) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = https.send(
                HttpRequest.newBuilder(URI.create(api + "/live")).GET().build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            try (InputStream body = answer.body()) {
                throw problem(answer.statusCode(), body.readAllBytes());
            }
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith(EVENT_DATA)
                        && event.equals("live")
                        && !on.test(JSON.readValue(line.substring(EVENT_DATA.length()), Live.class))) {
                    return;
                }
            }
        }
        throw new ConsoleException(401, "the stream ended", "sign in again");
    }

    /** Needs role coordinator. @param reason goes into the log: no names of people */
    public void pause(String runId, String reason) throws IOException, InterruptedException {
        var unused = post("/runs/" + encoded(runId) + "/pause", Map.of("reason", reason));
    }

    /** Needs role coordinator. */
    public void resume(String runId) throws IOException, InterruptedException {
        var unused = post("/runs/" + encoded(runId) + "/resume", Map.of());
    }

    /** Needs role coordinator. @param reason goes into the log: no names of people */
    public void cancel(String runId, String reason) throws IOException, InterruptedException {
        var unused = post("/runs/" + encoded(runId) + "/cancel", Map.of("reason", reason));
    }

    private <T> Page<T> page(String path, int offset, int limit, TypeReference<Page<T>> type)
            throws IOException, InterruptedException {
        return JSON.convertValue(get(path + "?offset=" + offset + "&limit=" + limit), type);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private JsonNode post(String path, Map<String, String> body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("X-CSRF-Token", csrf)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api + path)).timeout(PATIENCE);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = https.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw problem(answer.statusCode(), answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private static ConsoleException problem(int status, byte[] body) throws IOException {
        JsonNode said = JSON.readTree(body);
        return new ConsoleException(
                status,
                said.path("error").asText("the console answered with " + status),
                said.path("remedy").asText("see whether this is the console's address"));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Signs out as far as the console can be reached. */
    @Override
    public void close() {
        try {
            var unused = post("/session/end", Map.of());
        } catch (IOException e) {
            // the session ends by itself
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            https.shutdownNow();
        }
    }
}
