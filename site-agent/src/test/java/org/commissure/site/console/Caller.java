package org.commissure.site.console;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What asks a console: as a browser does, or as somebody who means harm. */
final class Caller implements AutoCloseable {
    private static final Pattern COOKIE =
            Pattern.compile("([^=]+=[0-9a-f]+); Path=(/c-[0-9a-f]+)/; HttpOnly; SameSite=Strict");
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]+)\"");

    final String origin;
    private final String cookie;
    private final String base;
    private final HttpClient client = HttpClient.newHttpClient();

    private Caller(String origin, String cookie, String base) {
        this.origin = origin;
        this.cookie = cookie;
        this.base = base;
    }

    /** Opens the address with the token. */
    static Caller signedIn(SiteConsole console) throws IOException, InterruptedException {
        Caller stranger = stranger(console);
        HttpResponse<String> answer = stranger.get(URI.create(console.url()), Map.of());
        Matcher found = COOKIE.matcher(answer.headers().firstValue("Set-Cookie").orElse(""));
        if (!found.matches()) {
            throw new AssertionError(
                    answer.statusCode() + " sets " + answer.headers().map());
        }
        return new Caller(stranger.origin, found.group(1), found.group(2));
    }

    static Caller stranger(SiteConsole console) {
        return new Caller(console.address().replaceAll("/$", ""), "", "");
    }

    String base() {
        return base;
    }

    HttpResponse<String> page(String path) throws IOException, InterruptedException {
        return page(path, Map.of());
    }

    HttpResponse<String> page(String path, Map<String, String> headers) throws IOException, InterruptedException {
        return get(URI.create(origin + base + "/" + path), headers);
    }

    private HttpResponse<String> get(URI address, Map<String, String> headers)
            throws IOException, InterruptedException {
        return client.send(request(address, headers).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a form as the page {@code of} would, with its token. */
    HttpResponse<String> form(String of, String action, Map<String, String> fields)
            throws IOException, InterruptedException {
        Matcher csrf = CSRF.matcher(page(of).body());
        if (!csrf.find()) {
            throw new AssertionError(of + " has no form");
        }
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("csrf", csrf.group(1));
        return post(action, all, Map.of());
    }

    HttpResponse<String> post(String action, Map<String, String> fields, Map<String, String> headers)
            throws IOException, InterruptedException {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = request(URI.create(origin + base + "/" + action), headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(URI address, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        headers.forEach(request::header);
        return request;
    }

    /** The status line of a request under another Host, which the client above would not send. */
    String statusUnderHost(String host) throws IOException {
        URI address = URI.create(origin);
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            String request = "GET " + base + "/ HTTP/1.1\r\nHost: " + host + "\r\nCookie: " + cookie
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
