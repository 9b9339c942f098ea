package org.commissure.site.preflight;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.commissure.protocol.UserError;
import org.commissure.site.connection.ProxyFromEnvironment;
import org.jspecify.annotations.Nullable;

/** Name, port and proxy: whether bytes reach the coordinator at all. */
record NetworkChecks(String host, int port, ProxyFromEnvironment proxies) {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAXIMUM_ANSWER_BYTES = 4_096;

    List<Finding> run() {
        HttpConnectProxiedSocketAddress proxy;
        try {
            ProxiedSocketAddress found = proxies.proxyFor(InetSocketAddress.createUnresolved(host, port));
            proxy = found instanceof HttpConnectProxiedSocketAddress tunnel ? tunnel : null;
        } catch (UserError e) {
            return List.of(Finding.bad("proxy", String.valueOf(e.getMessage()), e.remedy()));
        }
        List<Finding> findings = new ArrayList<>();
        InetSocketAddress first = proxy == null
                ? InetSocketAddress.createUnresolved(host, port)
                : (InetSocketAddress) proxy.getProxyAddress();
        Finding name = name(first.getHostString(), proxy != null);
        findings.add(name);
        if (name.ok()) {
            Finding open = port(first.getHostString(), first.getPort(), proxy != null);
            findings.add(open);
            if (open.ok()) {
                findings.add(proxy == null ? Finding.good("proxy", "none is used") : tunnel(first, proxy));
            }
        }
        return findings;
    }

    private static Finding name(String name, boolean isProxy) {
        try {
            return Finding.good(
                    "dns", name + " is " + InetAddress.getByName(name).getHostAddress());
        } catch (UnknownHostException e) {
            return Finding.bad(
                    "dns",
                    name + " has no address",
                    isProxy
                            ? "correct the proxy's name in HTTPS_PROXY, or ask the network's administrator"
                            : "correct coordinator_host in site.toml or ask for a new invitation; where only a proxy"
                                    + " resolves outside names, set HTTPS_PROXY");
        }
    }

    private static Finding port(String name, int port, boolean isProxy) {
        String what = name + ":" + port;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(name, port), TIMEOUT_MS);
            return Finding.good("port", what + " answers");
        } catch (IOException e) {
            return Finding.bad(
                    "port",
                    what + " does not answer (" + e.getMessage() + ")",
                    isProxy
                            ? "correct the port in HTTPS_PROXY, or ask the network's administrator"
                            : "have the firewall allow outbound TCP to " + what
                                    + ", set HTTPS_PROXY if there is a proxy, and ask the operator whether the"
                                    + " coordinator runs");
        }
    }

    /** RFC 9110, section 9.3.6. */
    private Finding tunnel(InetSocketAddress first, HttpConnectProxiedSocketAddress proxy) {
        String through = first.getHostString() + ":" + first.getPort();
        String target = host + ":" + port;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(first.getHostString(), first.getPort()), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream()
                    .write(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + credentials(proxy) + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String status = firstLine(socket.getInputStream());
            if (status.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
                return Finding.good("proxy", through + " opens a tunnel to " + target);
            }
            return Finding.bad(
                    "proxy",
                    through + " refuses a tunnel to " + target + ": " + (status.isEmpty() ? "no answer" : status),
                    "have the proxy allow CONNECT to port " + port + " of " + host
                            + ", and check user and password in HTTPS_PROXY");
        } catch (IOException e) {
            return Finding.bad(
                    "proxy",
                    through + " does not answer: " + e.getMessage(),
                    "check HTTPS_PROXY with the network's administrator");
        }
    }

    private static String credentials(HttpConnectProxiedSocketAddress proxy) {
        @Nullable String user = proxy.getUsername();
        if (user == null) {
            return "";
        }
        String password = proxy.getPassword() == null ? "" : proxy.getPassword();
        return "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read();
                c >= 0 && c != '\r' && c != '\n' && line.length() < MAXIMUM_ANSWER_BYTES;
                c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
