package org.commissure.site.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.protocol.UserError;

/**
 * Where a coordinator may listen. Whoever answers must show a certificate of this federation's coordinator: that is its
 * name, and addresses are no part of it.
 *
 * @param host a name or an IP address
 */
public record CoordinatorAddress(String host, int port) {
    private static final Pattern TEXT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s\\[\\]:,]+):([0-9]{1,5})");
    private static final int LARGEST_PORT = 65_535;

    /**
     * Reads {@code HOST:PORT}; an IPv6 address in brackets.
     *
     * @throws UserError if it is not that
     */
    public static CoordinatorAddress parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()
                || Integer.parseInt(parts.group(2)) < 1
                || Integer.parseInt(parts.group(2)) > LARGEST_PORT) {
            throw new UserError(
                    "'" + text.strip() + "' is no address of a coordinator",
                    "write it as HOST:PORT, for example b.example.org:8443");
        }
        return new CoordinatorAddress(parts.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(parts.group(2)));
    }

    /** The first, and then those of {@code further} that are others. */
    public static List<CoordinatorAddress> all(CoordinatorAddress first, List<String> further) {
        List<CoordinatorAddress> all = new ArrayList<>(List.of(first));
        for (String text : further) {
            CoordinatorAddress next = parse(text);
            if (!all.contains(next)) {
                all.add(next);
            }
        }
        return List.copyOf(all);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
