package org.commissure.protocol.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in a TOML text a key stands, by its lines; the parser's own tree has forgotten it. */
final class KeyLines {
    private static final Pattern TABLE = Pattern.compile("\\s*\\[{1,2}\\s*([A-Za-z0-9_.\\-]+)\\s*]{1,2}.*");
    private static final Pattern KEY = Pattern.compile("\\s*([A-Za-z0-9_.\\-]+)\\s*=.*");

    private KeyLines() {}

    /** From 1; the nearest enclosing table's line where the key is missing; 0 where neither is there. */
    static int of(String toml, String key) {
        List<String> lines = toml.lines().toList();
        for (String sought = key; !sought.isEmpty(); sought = parent(sought)) {
            String table = "";
            for (int i = 0; i < lines.size(); i++) {
                Matcher header = TABLE.matcher(lines.get(i));
                Matcher entry = KEY.matcher(lines.get(i));
                if (header.matches()) {
                    table = header.group(1) + ".";
                    if (header.group(1).equals(sought)) {
                        return i + 1;
                    }
                } else if (entry.matches() && (table + entry.group(1)).equals(sought)) {
                    return i + 1;
                }
            }
        }
        return 0;
    }

    /** The line, from 1, of a table's own header; 0 where there is none. */
    static int tableOf(String toml, String table) {
        List<String> lines = toml.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher header = TABLE.matcher(lines.get(i));
            if (header.matches() && header.group(1).equals(table)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static String parent(String key) {
        int dot = key.lastIndexOf('.');
        return dot < 0 ? "" : key.substring(0, dot);
    }
}
