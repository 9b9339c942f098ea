package org.commissure.site.console;

import java.util.Set;
import org.commissure.protocol.UserError;

/** Where the console listens: a port of loopback, by literal address, so that no name service decides. */
public record ConsoleAddress(String host, int port) {
    /** No well-known service has it; next to nothing else of Commissure's. */
    public static final int DEFAULT_PORT = 8470;

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1");

    /** @param port 0 takes any free one */
    public ConsoleAddress {
        if (!LOOPBACK.contains(host)) {
            throw new UserError(
                    "the console cannot listen on '" + host + "'",
                    "it shows what must stay in the hospital, so it listens on 127.0.0.1 or ::1 only; from another"
                            + " machine, forward the port by ssh -L");
        }
        if (port < 0 || port > 65_535) {
            throw new UserError("the console's port is " + port, "choose a port from 1 to 65535");
        }
    }

    /** As it stands in an address and in the Host header. */
    String authority() {
        return (host.equals("::1") ? "[::1]" : host) + ":" + port;
    }

    /** The same on the port that the system chose. */
    ConsoleAddress on(int actual) {
        return new ConsoleAddress(host, actual);
    }
}
