package org.commissure.site.connection;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ProxyDetector;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP CONNECT proxy as {@code HTTPS_PROXY} and {@code NO_PROXY} name it. Loopback is never
 * proxied. The TLS session runs through the tunnel end to end: the proxy sees the coordinator's name
 * and port only. The host name is resolved by the proxy, not at the hospital.
 */
public final class ProxyFromEnvironment implements ProxyDetector {
    private static final int DEFAULT_PROXY_PORT = 8080;

    private final Function<String, @Nullable String> environment;

    private ProxyFromEnvironment(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    public static ProxyFromEnvironment ofProcess() {
        return new ProxyFromEnvironment(System::getenv);
    }

    static ProxyFromEnvironment of(Map<String, String> environment) {
        return new ProxyFromEnvironment(environment::get);
    }

    /** @throws UserError if {@code HTTPS_PROXY} is not an address */
    @Override
    public @Nullable ProxiedSocketAddress proxyFor(SocketAddress target) {
        if (!(target instanceof InetSocketAddress address) || bypassed(address.getHostString())) {
            return null;
        }
        Optional<String> proxy = variable("https_proxy");
        if (proxy.isEmpty()) {
            return null;
        }
        URI uri = parse(proxy.get());
        HttpConnectProxiedSocketAddress.Builder tunnel = HttpConnectProxiedSocketAddress.newBuilder()
                .setTargetAddress(InetSocketAddress.createUnresolved(address.getHostString(), address.getPort()))
                .setProxyAddress(
                        new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PROXY_PORT : uri.getPort()));
        String user = uri.getRawUserInfo();
        if (user != null) {
            String[] parts = user.split(":", 2);
            tunnel.setUsername(decoded(parts[0]));
            if (parts.length == 2) {
                tunnel.setPassword(decoded(parts[1]));
            }
        }
        return tunnel.build();
    }

    /**
     * A builder of clients that take the same way. The JDK does not send a proxy's password into a tunnel unless it
     * is told to before its first client is made.
     */
    public HttpClient.Builder httpClient(URI target) {
        HttpClient.Builder builder = HttpClient.newBuilder();
        SocketAddress address = InetSocketAddress.createUnresolved(target.getHost(), target.getPort());
        if (proxyFor(address) instanceof HttpConnectProxiedSocketAddress tunnel) {
            builder.proxy(ProxySelector.of((InetSocketAddress) tunnel.getProxyAddress()));
            String user = tunnel.getUsername();
            String password = tunnel.getPassword();
            if (user != null && password != null) {
                System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
                builder.authenticator(ofProxy(user, password));
            }
        }
        return builder;
    }

    private static Authenticator ofProxy(String user, String password) {
        return new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(user, password.toCharArray())
                        : null;
            }
        };
    }

    private boolean bypassed(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost")
                || name.startsWith("127.")
                || name.equals("::1")
                || name.equals("0:0:0:0:0:0:0:1")) {
            return true;
        }
        return variable("no_proxy").stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> entry.equals("*") || name.equals(entry) || name.endsWith(suffix(entry)));
    }

    private static String suffix(String entry) {
        return entry.startsWith(".") ? entry : "." + entry;
    }

    private Optional<String> variable(String lowerCaseName) {
        String value = environment.apply(lowerCaseName);
        if (value == null || value.isBlank()) {
            value = environment.apply(lowerCaseName.toUpperCase(Locale.ROOT));
        }
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }

    private static URI parse(String value) {
        try {
            URI uri = new URI(value.contains("://") ? value : "http://" + value);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Falls through: the value may hold a password, so neither it nor the cause is repeated.
        }
        throw new UserError("HTTPS_PROXY is not the address of a proxy", "write it as http://host:port, or unset it");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
