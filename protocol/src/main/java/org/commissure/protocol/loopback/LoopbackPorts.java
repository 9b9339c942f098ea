package org.commissure.protocol.loopback;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.commissure.protocol.UserError;

/**
 * TCP ports for servers of this machine that start later, and again after they died. They lie below those that systems
 * give to outgoing connections (Linux from 32768, others from 49152, RFC 6335 section 6): any connection could take such
 * a port while its server is down, even a client of that server that tries to reach it and so connects to itself.
 * Thread-safe.
 */
public final class LoopbackPorts {
    static final int FIRST = 20_000;
    static final int LAST = 32_767;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private LoopbackPorts() {}

    /**
     * A port that nothing listens on now, and that this process is not given a second time.
     *
     * @throws UserError if none is found
     */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            // At random, because other processes look for ports of their own.
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new UserError(
                "no free TCP port was found between " + FIRST + " and " + LAST, "end servers that listen there");
    }

    private static boolean isFree(int port) {
        try (ServerSocket listening = new ServerSocket(port)) {
            return listening.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
