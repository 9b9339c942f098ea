package org.commissure.site.console;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every request must be like, whoever sends it, and what every answer says to the browser. */
final class RequestGuard {
    static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /**
     * Patients' names may stand in an answer: it is nobody's to keep, frame or embed. The referrer stays on this very
     * origin, because without any a browser states no origin for a form either.
     */
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "Cache-Control", "no-store",
            "X-Frame-Options", "DENY",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()");

    private final List<String> hosts;

    RequestGuard(ConsoleAddress address) {
        this.hosts = List.of(address.authority(), "localhost:" + address.port());
    }

    /** Why the request is not answered; empty where it may be. */
    Optional<String> refuses(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.POST)) {
            return Optional.of("this console knows GET and POST only");
        }
        String host = request.getHeader("Host");
        // A page elsewhere whose name was made to point here has another name in this header.
        if (host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) {
            return Optional.of("this console answers under its own loopback address only");
        }
        return request.method().equals(HttpMethod.POST) ? foreignForm(request.headers(), host) : foreignFetch(request);
    }

    private static Optional<String> foreignForm(MultiMap headers, String host) {
        String origin = headers.get("Origin");
        String site = headers.get("Sec-Fetch-Site");
        boolean own =
                (origin == null || origin.equals("http://" + host)) && (site == null || site.equals("same-origin"));
        return own ? Optional.empty() : Optional.of("this form was sent by another page");
    }

    /** The address with the token may be a link anywhere; everything else is asked for by the console's own pages. */
    private static Optional<String> foreignFetch(HttpServerRequest request) {
        boolean entrance = request.path().equals("/") && "document".equals(request.getHeader("Sec-Fetch-Dest"));
        return entrance || isOwn(request.getHeader("Sec-Fetch-Site"))
                ? Optional.empty()
                : Optional.of("this was asked for by another page");
    }

    private static boolean isOwn(@Nullable String site) {
        return site == null || site.equals("same-origin") || site.equals("none");
    }
}
