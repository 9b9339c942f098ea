package org.commissure.coordinator.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.Role;

/** What a browser does with the console, without the pages: keeps the cookie, shows the CSRF token. */
public final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final String address;
    final Map<String, String> cookies = new TreeMap<>();
    public String csrf = "";

    public Browser(X509Certificate authority, int port) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                null,
                new TrustManager[] {
                    new FederationTrustManager(authority, Clock.systemUTC(), EnumSet.of(Role.COORDINATOR))
                },
                new SecureRandom());
        client = HttpClient.newBuilder().sslContext(context).build();
        address = "https://localhost:" + port;
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    public JsonNode read(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/api/v1" + path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    public HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
        return client.send(request("/api/v1" + path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** As the pages do. */
    public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .header(Gate.CSRF_HEADER, csrf)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> signIn(String name, String password) throws IOException, InterruptedException {
        return took(post("/session", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}"));
    }

    /** Keeps the session that was given, if one was. */
    HttpResponse<String> took(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() == 200) {
            csrf = JSON.readTree(answer.body()).get("csrf").asText();
        }
        return answer;
    }

    /** The first bytes of the event stream, until they hold {@code text}. */
    public String listen(String text) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                client.send(request("/api/v1/live").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        StringBuilder heard = new StringBuilder();
        try (var in = answer.body()) {
            byte[] more = new byte[4096];
            int read = in.read(more);
            while (read >= 0 && heard.indexOf(text) < 0) {
                heard.append(new String(more, 0, read, StandardCharsets.UTF_8));
                read = heard.indexOf(text) < 0 ? in.read(more) : 0;
            }
        }
        return heard.toString();
    }

    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
        String sent = cookies.values().stream().collect(Collectors.joining("; "));
        return sent.isEmpty() ? request : request.header("Cookie", sent);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (String set : answer.headers().allValues("Set-Cookie")) {
            String pair = set.substring(0, set.indexOf(';'));
            String name = pair.substring(0, pair.indexOf('='));
            if (pair.endsWith("=")) {
                cookies.remove(name);
            } else {
                cookies.put(name, pair);
            }
        }
        return answer;
    }

    @Override
    public void close() {
        client.close();
    }
}
