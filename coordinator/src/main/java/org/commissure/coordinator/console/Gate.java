package org.commissure.coordinator.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.commissure.coordinator.console.access.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * Who may call what. In this order: a changing request must come from this console's own pages; whoever calls an endpoint that
 * is not open must be signed in and have its right; a changing request of a session must show that session's CSRF token; and
 * the access is written down before it is answered. Thread-safe.
 */
final class Gate {
    /** The prefix binds it to this host, to TLS and to the path /. */
    static final String COOKIE = "__Host-commissure";

    /** Of a sign-in that went to the OpenID provider; sent by our own pages only, also when the browser is back. */
    static final String LEAVING_COOKIE = "__Host-commissure-leaving";

    static final String CSRF_HEADER = "X-CSRF-Token";
    static final int MAXIMUM_LIMIT = 500;
    /** Set by pages that ask by themselves: it does not keep a session alive. */
    private static final String BACKGROUND_HEADER = "X-Commissure-Background";

    private static final int DEFAULT_LIMIT = 50;

    private final Sessions sessions;
    private final AccessLog accesses;

    Gate(Sessions sessions, AccessLog accesses) {
        this.sessions = sessions;
        this.accesses = accesses;
    }

    /** What the event loop reads of a request before another thread takes it. */
    record Arrived(
            String method,
            String path,
            String address,
            String token,
            String leaving,
            String origin,
            String host,
            String contentType,
            String csrf,
            boolean background,
            String offset,
            String limit,
            Map<String, String> parameters,
            byte[] body) {
        static Arrived of(RoutingContext routed) {
            HttpServerRequest request = routed.request();
            return new Arrived(
                    request.method().name(),
                    request.path(),
                    request.remoteAddress().hostAddress(),
                    cookie(request, COOKIE),
                    cookie(request, LEAVING_COOKIE),
                    header(request, "Origin"),
                    header(request, "Host"),
                    header(request, "Content-Type"),
                    header(request, CSRF_HEADER),
                    !header(request, BACKGROUND_HEADER).isEmpty(),
                    text(request.getParam("offset")),
                    text(request.getParam("limit")),
                    new TreeMap<>(routed.pathParams()),
                    routed.body().buffer() == null
                            ? new byte[0]
                            : routed.body().buffer().getBytes());
        }

        private static String cookie(HttpServerRequest request, String name) {
            Cookie cookie = request.getCookie(name);
            return cookie == null ? "" : text(cookie.getValue());
        }

        private static String header(HttpServerRequest request, String name) {
            return text(request.getHeader(name));
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }

        String what() {
            return method + " " + path;
        }
    }

    /** @throws Problem if the request may not be answered */
    Endpoint.Call admit(Endpoint endpoint, Arrived arrived) {
        boolean changing = endpoint.method() != Endpoint.Method.GET;
        if (changing) {
            requireOwnPage(arrived);
        }
        Optional<Sessions.Session> session =
                arrived.token().isEmpty() ? Optional.empty() : sessions.find(arrived.token(), !arrived.background());
        if (endpoint.right().isPresent()) {
            Sessions.Session who =
                    session.orElseThrow(() -> new Problem(401, "nobody is signed in", "sign in, or sign in again"));
            if (!who.role().may(endpoint.right().get())) {
                accesses.refused(
                        who.person(),
                        arrived.address(),
                        arrived.what(),
                        "not for role " + who.role().word());
                throw new Problem(
                        403,
                        "a " + who.role().word() + " may not do this",
                        "ask somebody with another role, or the operator for one");
            }
            if (changing && !same(who.csrf(), arrived.csrf())) {
                accesses.refused(who.person(), arrived.address(), arrived.what(), "no CSRF token");
                throw new Problem(403, "the request does not come from this console's pages", "reload the page");
            }
            if (changing) {
                accesses.done(who.person(), arrived.address(), arrived.what());
            } else {
                accesses.read(who.person(), arrived.address(), arrived.what());
            }
        }
        Map<String, JsonNode> body = changing ? ConsoleJson.readObject(arrived.body()) : Map.of();
        return new Endpoint.Call(
                session,
                arrived.token(),
                arrived.leaving(),
                arrived.host(),
                arrived.address(),
                arrived.parameters(),
                window(arrived),
                body);
    }

    /** Another site's form cannot send JSON, and its script cannot hide its origin. */
    private static void requireOwnPage(Arrived arrived) {
        boolean json = arrived.contentType().startsWith("application/json");
        boolean own = arrived.origin().isEmpty() || arrived.origin().equals("https://" + arrived.host());
        if (!json || !own) {
            throw new Problem(403, "the request does not come from this console's pages", "reload the page");
        }
    }

    private static boolean same(String expected, String shown) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    private static Page.Window window(Arrived arrived) {
        return new Page.Window(
                number("offset", arrived.offset(), 0, 0, Integer.MAX_VALUE),
                number("limit", arrived.limit(), DEFAULT_LIMIT, 1, MAXIMUM_LIMIT));
    }

    private static int number(String name, String text, int usual, int least, int most) {
        if (text.isEmpty()) {
            return usual;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new Problem(400, name + " is '" + text + "'", "choose " + least + " to " + most);
    }

    /** @param value empty ends it */
    static Cookie cookie(String name, String value) {
        Cookie cookie = Cookie.cookie(name, value)
                .setPath("/")
                .setSecure(true)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT);
        return value.isEmpty() ? cookie.setMaxAge(0) : cookie;
    }
}
