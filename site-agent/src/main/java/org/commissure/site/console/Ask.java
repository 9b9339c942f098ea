package org.commissure.site.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a signed-in person asks.
 *
 * @param base path that all pages lie under
 * @param path below it, without a slash in front: {@code plans/3f2a}
 * @param form fields of a form, never logged: one of them may be a patient's id
 */
record Ask(
        String base, String path, Map<String, String> query, Map<String, List<String>> form, Sessions.Session session) {
    Ask {
        query = Map.copyOf(query);
        form = Map.copyOf(form);
    }

    String link(String to) {
        return base + "/" + to;
    }

    /** The same, of another page. */
    Ask at(String other) {
        return new Ask(base, other, query, form, session);
    }

    /** A field of the form, stripped; empty where it is absent or blank. */
    Optional<String> field(String name) {
        return form.getOrDefault(name, List.of()).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    List<String> fields(String name) {
        return form.getOrDefault(name, List.of());
    }

    @Override
    public String toString() {
        return "Ask[" + path + "]";
    }
}
