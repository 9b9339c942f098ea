package org.commissure.coordinator.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.coordinator.console.access.Sessions;

/**
 * One operation of the API: what the router serves, and what the OpenAPI document says of it.
 *
 * @param path with parameters as {@code {name}}
 * @param right that somebody signed in must have; empty: anybody may call it
 * @param answers what is answered
 */
record Endpoint(
        Method method,
        String path,
        String summary,
        Optional<ConsoleRole.Right> right,
        Answers answers,
        Handler handler) {
    static final String ROOT = "/api/v1";

    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z0-9]+)}");

    enum Method {
        GET,
        POST
    }

    /**
     * The form of an answer.
     *
     * @param type of the JSON body, or of its items
     */
    record Answers(Form form, Class<?> type) {}

    /** How an answer travels. */
    enum Form {
        JSON,
        /** A {@link Page} of items. */
        PAGE,
        FILE,
        /** Server-sent events; the handler is not asked. */
        EVENTS
    }

    /** Answers a request; on a thread that may block. */
    interface Handler {
        /** @throws Problem if it cannot be answered */
        Reply answer(Call call) throws Exception;
    }

    /**
     * One request.
     *
     * @param session who asks; empty only where the endpoint is open to anybody
     * @param token of the session's cookie; empty where there is none
     * @param leaving of the cookie of a sign-in that went to the provider; empty where there is none
     * @param host as the browser's address names this console
     * @param body a JSON object; empty where there was none
     */
    record Call(
            Optional<Sessions.Session> session,
            String token,
            String leaving,
            String host,
            String address,
            Map<String, String> parameters,
            Page.Window window,
            Map<String, JsonNode> body) {
        String parameter(String name) {
            String value = parameters.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the path has no parameter " + name);
            }
            return value;
        }

        /** A string of the body; empty where there is none of that name. */
        String text(String name) {
            JsonNode value = body.get(name);
            return value == null || !value.isTextual() ? "" : value.asText();
        }

        Sessions.Session signedIn() {
            return session.orElseThrow(() -> new IllegalStateException("the gate lets nobody else through"));
        }
    }

    /**
     * What is answered.
     *
     * @param cookies new values by name; empty text ends one
     */
    record Reply(Object body, Map<String, String> cookies) {
        static Reply of(Object body) {
            return new Reply(body, Map.of());
        }

        /** @param token of the session that begins; empty text ends it */
        static Reply session(Object body, String token) {
            return new Reply(body, Map.of(Gate.COOKIE, token));
        }
    }

    /** A file to be sent. */
    record Download(Path file, String name) {}

    static Endpoint get(String path, String summary, Class<?> type, Handler handler) {
        return new Endpoint(
                Method.GET,
                ROOT + path,
                summary,
                Optional.of(ConsoleRole.Right.READ),
                new Answers(Form.JSON, type),
                handler);
    }

    static Endpoint page(String path, String summary, Class<?> item, Handler handler) {
        return get(path, summary, item, handler).as(Form.PAGE);
    }

    static Endpoint post(String path, String summary, Class<?> type, Handler handler) {
        Endpoint get = get(path, summary, type, handler);
        return new Endpoint(Method.POST, get.path, summary, get.right, get.answers, handler);
    }

    Endpoint as(Form form) {
        return new Endpoint(method, path, summary, right, new Answers(form, answers.type()), handler);
    }

    Endpoint forRight(ConsoleRole.Right needed) {
        return new Endpoint(method, path, summary, Optional.of(needed), answers, handler);
    }

    Endpoint forAnybody() {
        return new Endpoint(method, path, summary, Optional.empty(), answers, handler);
    }

    /** The names in braces. */
    List<String> parameters() {
        return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
    }

    /** The path as the router writes it: parameters as {@code :name}. */
    String route() {
        return PARAMETER.matcher(path).replaceAll(":$1");
    }
}
