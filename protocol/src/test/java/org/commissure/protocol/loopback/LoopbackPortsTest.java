package org.commissure.protocol.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class LoopbackPortsTest {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    @Test
    void noOutgoingConnectionGetsAPortOfTheRange() throws IOException {
        Assumptions.assumeTrue(
                lowestOutgoing() > LoopbackPorts.LAST,
                "this system gives connections any port, or does not tell which");
        try (ServerSocket server = new ServerSocket(LoopbackPorts.free());
                Socket connection = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assertThat(connection.getLocalPort()).isGreaterThan(LoopbackPorts.LAST);
        }
    }

    @Test
    void aPortIsGivenOnceEvenIfItsServerIsDown() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            assertThat(given.add(LoopbackPorts.free())).isTrue();
        }
    }

    private static int lowestOutgoing() throws IOException {
        if (!Files.exists(OUTGOING)) {
            return 0;
        }
        // The kernel gives this file in one piece only.
        try (BufferedReader range = Files.newBufferedReader(OUTGOING)) {
            return Integer.parseInt(range.readLine().split("\\s+", 2)[0]);
        }
    }
}
