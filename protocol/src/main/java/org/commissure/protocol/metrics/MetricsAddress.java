package org.commissure.protocol.metrics;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.commissure.protocol.UserError;

/**
 * Where metrics are served, in plain text.
 *
 * @param host an address of this machine
 * @param port 0 takes a free one
 */
public record MetricsAddress(String host, int port) {
    /** What only this machine reaches. */
    public static final String LOOPBACK = "127.0.0.1";

    /** Only this machine. @throws UserError if it is no address of this machine's loopback */
    public MetricsAddress requireLoopback() {
        if (!resolve().getAddress().isLoopbackAddress()) {
            throw new UserError(
                    "metrics would be served at " + host + ", which others reach",
                    "serve them at " + LOOPBACK + " and let a collector on this machine fetch them");
        }
        return this;
    }

    InetSocketAddress resolve() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UserError("'" + host + "' is no address", "give an IP address of this machine", e);
        }
    }
}
