package org.commissure.site.console;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What goes back to the browser. */
record Answer(int status, String type, byte[] body, Map<String, String> headers) {
    private static final String HTML = "text/html; charset=utf-8";

    static Answer html(int status, String page) {
        return new Answer(status, HTML, page.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Answer json(int status, String facts) {
        return new Answer(status, "application/json; charset=utf-8", facts.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Answer file(String type, byte[] bytes) {
        return new Answer(200, type, bytes, Map.of());
    }

    static Answer text(int status, String text) {
        return new Answer(
                status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** After a form: a reload of what follows sends nothing again. */
    static Answer seeOther(String location) {
        return new Answer(303, HTML, new byte[0], Map.of("Location", location));
    }

    Answer with(String header, String value) {
        return new Answer(status, type, body, Map.of(header, value));
    }
}
