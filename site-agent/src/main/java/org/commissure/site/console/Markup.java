package org.commissure.site.console;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.commissure.site.page.Html;

/** HTML under construction; escapes everything it is given. Attributes come as name, value, name, value. */
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    Markup open(String element, String... attributes) {
        tag(element, attributes);
        open.push(element);
        return this;
    }

    Markup close() {
        out.append("</").append(open.pop()).append(">\n");
        return this;
    }

    Markup text(String text) {
        out.append(Html.escape(text));
        return this;
    }

    /** An element that holds text only. */
    Markup element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** An element that has no end. */
    Markup empty(String element, String... attributes) {
        tag(element, attributes);
        return this;
    }

    Markup link(String address, String text) {
        return element("a", text, "href", address);
    }

    /** A labelled figure. */
    Markup fact(String label, String value) {
        return element("dt", label).element("dd", value);
    }

    /** A command to copy. */
    Markup command(String command) {
        return open("pre", "tabindex", "0").element("code", command).close();
    }

    Markup row(List<String> columns, List<String> cells) {
        open("tr");
        for (int i = 0; i < cells.size(); i++) {
            element("td", cells.get(i), "data-label", columns.get(i));
        }
        return close();
    }

    Markup head(List<String> columns) {
        open("thead").open("tr");
        columns.forEach(column -> element("th", column, "scope", "col"));
        return close().close();
    }

    /** A table, or what is said where it has no row. */
    Markup table(String caption, List<String> columns, List<List<String>> rows, String none) {
        if (rows.isEmpty()) {
            return element("p", none, "class", "quiet");
        }
        open("table").element("caption", caption).head(columns).open("tbody");
        rows.forEach(row -> row(columns, row));
        return close().close();
    }

    private void tag(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i + 1 < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(Html.escape(attributes[i + 1]).replace("\"", "&quot;")).append('"');
        }
        out.append('>');
    }

    /** @throws IllegalStateException if an element is still open */
    String end() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("<" + open.peek() + "> is not closed");
        }
        return out.toString();
    }
}
