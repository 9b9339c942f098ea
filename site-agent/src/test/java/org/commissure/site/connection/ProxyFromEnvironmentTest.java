package org.commissure.site.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.HttpConnectProxiedSocketAddress;
import java.net.InetSocketAddress;
import java.util.Map;
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
}
