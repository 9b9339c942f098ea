package org.commissure.protocol.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes single values of a TOML text and leaves every other byte, comments too, as it was. What it wrote is read again and
 * compared with what was asked, so that a text of a form that it does not understand is refused and never spoiled.
 */
public final class TomlEdit {
    private TomlEdit() {}

    /**
     * The text with another value under a dotted key; the key is added where it is missing.
     *
     * @param value as TOML; what is no TOML is taken for a string; empty: the key is left out
     * @throws TomlException if the text or the value cannot be used
     */
    public static String set(String toml, String key, String value) throws TomlException {
        String wanted = value.isEmpty() ? "" : literal(value);
        int line = KeyLines.of(toml, key);
        boolean there = StrictToml.flat(toml).containsKey(key);
        String edited;
        if (there) {
            edited = replaced(toml, line, wanted);
        } else if (wanted.isEmpty()) {
            throw new TomlException(key, "is not there, so it cannot be left out");
        } else {
            edited = added(toml, key, wanted);
        }
        check(toml, edited, key, wanted);
        return edited;
    }

    private static String literal(String value) {
        try {
            if (StrictToml.flat("x = " + value).keySet().stream().allMatch("x"::equals)) {
                return value;
            }
        } catch (TomlException e) {
            // no TOML: a string
        }
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String replaced(String toml, int line, String value) throws TomlException {
        int start = startOf(toml, line);
        int equals = toml.indexOf('=', start);
        if (line == 0 || equals < 0) {
            throw new TomlException("", "states a key in a form that cannot be edited");
        }
        int from = equals + 1;
        while (from < toml.length() && toml.charAt(from) == ' ') {
            from++;
        }
        int end = endOfValue(toml, from);
        if (!value.isEmpty()) {
            return toml.substring(0, from) + value + toml.substring(end);
        }
        int next = toml.indexOf('\n', end);
        return toml.substring(0, start) + (next < 0 ? "" : toml.substring(next + 1));
    }

    private static int startOf(String toml, int line) {
        int at = 0;
        for (int i = 1; i < line; i++) {
            at = toml.indexOf('\n', at) + 1;
        }
        return at;
    }

    /** Behind the last character of the value that begins at {@code from}; lists may go over several lines. */
    private static int endOfValue(String toml, int from) {
        int depth = 0;
        int last = from;
        for (int at = from; at < toml.length(); at++) {
            char c = toml.charAt(at);
            if (c == '"' || c == '\'') {
                at = endOfString(toml, at);
                last = at + 1;
            } else if (c == '#') {
                if (depth == 0) {
                    return last;
                }
                int newline = toml.indexOf('\n', at);
                at = newline < 0 ? toml.length() : newline;
            } else if (c == '\n' && depth == 0) {
                return last;
            } else if (!Character.isWhitespace(c)) {
                depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
                last = at + 1;
            }
        }
        return last;
    }

    /** Of its closing quote. */
    private static int endOfString(String toml, int from) {
        char quote = toml.charAt(from);
        String three = String.valueOf(quote).repeat(3);
        String close = toml.startsWith(three, from) ? three : String.valueOf(quote);
        for (int at = from + close.length(); at < toml.length(); at++) {
            if (quote == '"' && toml.charAt(at) == '\\') {
                at++;
            } else if (toml.startsWith(close, at)) {
                return at + close.length() - 1;
            }
        }
        return toml.length() - 1;
    }

    private static String added(String toml, String key, String value) {
        int dot = key.lastIndexOf('.');
        String table = dot < 0 ? "" : key.substring(0, dot);
        String entry = key.substring(dot + 1) + " = " + value + "\n";
        if (table.isEmpty()) {
            return entry + toml;
        }
        int line = KeyLines.tableOf(toml, table);
        if (line == 0) {
            return toml + (toml.isEmpty() || toml.endsWith("\n") ? "" : "\n") + "[" + table + "]\n" + entry;
        }
        List<String> lines = new ArrayList<>(toml.lines().toList());
        lines.add(line, entry.stripTrailing());
        return String.join("\n", lines) + "\n";
    }

    /** Nothing but the key may have changed, and it must say what was asked. */
    private static void check(String before, String after, String key, String wanted) throws TomlException {
        Map<String, String> expected = new TreeMap<>(StrictToml.flat(before));
        Map<String, String> found = new TreeMap<>(StrictToml.flat(after));
        expected.remove(key);
        if (!wanted.isEmpty()) {
            expected.put(key, StrictToml.flat("x = " + wanted).getOrDefault("x", ""));
        }
        if (!expected.equals(found)) {
            throw new TomlException(key, "stands in a form that cannot be edited; change the file by hand");
        }
    }
}
