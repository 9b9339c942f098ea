package org.commissure.site.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.HttpConnectProxiedSocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;

class ProxyFromEnvironmentTest {
    private static final InetSocketAddress COORDINATOR =
            InetSocketAddress.createUnresolved("coordinator.example.org", 8443);

    @Test
    void theProxyOfTheEnvironmentGetsAConnectToTheUnresolvedName() {
        var detector = ProxyFromEnvironment.of(Map.of("HTTPS_PROXY", "http://user:p%40ss@127.0.0.1:3128/"));
        assertThat(detector.proxyFor(COORDINATOR))
                .isInstanceOfSatisfying(HttpConnectProxiedSocketAddress.class, tunnel -> {
                    assertThat(tunnel.getTargetAddress()).isEqualTo(COORDINATOR);
                    assertThat(tunnel.getTargetAddress().isUnresolved()).isTrue();
                    assertThat(((InetSocketAddress) tunnel.getProxyAddress()).getPort())
                            .isEqualTo(3128);
                    assertThat(tunnel.getUsername()).isEqualTo("user");
                    assertThat(tunnel.getPassword()).isEqualTo("p@ss");
                });
    }

    @Test
    void withoutAVariableThereIsNoProxy() {
        assertThat(ProxyFromEnvironment.of(Map.of()).proxyFor(COORDINATOR)).isNull();
    }

    @Test
    void loopbackAndNoProxyNamesAreReachedDirectly() {
        var detector =
                ProxyFromEnvironment.of(Map.of("https_proxy", "127.0.0.1:3128", "no_proxy", "a.org, .example.org"));
        assertThat(detector.proxyFor(InetSocketAddress.createUnresolved("127.0.0.1", 8443)))
                .isNull();
        assertThat(detector.proxyFor(COORDINATOR)).isNull();
        assertThat(detector.proxyFor(InetSocketAddress.createUnresolved("other.org", 8443)))
                .isNotNull();
    }

    @Test
    void aMalformedProxyIsReportedWithoutItsPassword() {
        var detector = ProxyFromEnvironment.of(Map.of("HTTPS_PROXY", "http://user:secret@"));
        assertThatThrownBy(() -> detector.proxyFor(COORDINATOR))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aClientOfHttpAsksTheProxyForATunnelWithItsPassword() throws Exception {
        // Closed from the last to the first: without its socket nobody waits for a client that never comes.
        try (ExecutorService serving = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Future<List<String>> asked = serving.submit(() -> List.of(refused(proxy, 407), refused(proxy, 502)));
            var detector = ProxyFromEnvironment.of(
                    Map.of("HTTPS_PROXY", "http://user:p%40ss@127.0.0.1:" + proxy.getLocalPort()));
            URI target = URI.create("https://coordinator.example.org:8444/checkpoint");
            try (HttpClient client = detector.httpClient(target).build()) {
                assertThatThrownBy(() -> client.send(
                                HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.discarding()))
                        .isInstanceOf(IOException.class);
            }
            assertThat(asked.get())
                    .allMatch(request -> request.startsWith("CONNECT coordinator.example.org:8444 "))
                    .last()
                    .asString()
                    .contains(Base64.getEncoder().encodeToString("user:p@ss".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Takes one request and answers it with {@code status}. */
    private static String refused(ServerSocket proxy, int status) throws IOException {
        try (Socket client = proxy.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
            client.getOutputStream()
                    .write(("HTTP/1.1 " + status + " no\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
                                    + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return request;
        }
    }
}
