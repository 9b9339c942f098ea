package org.commissure.site.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.commissure.privacy.audit.LogMirror;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.site.connection.ProxyFromEnvironment;
import org.commissure.site.enrolment.SiteHome;

/** Copies the coordinator's log over HTTPS, through the hospital's proxy if there is one, with a site's certificate. */
final class LogCopy {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private LogCopy() {}

    /**
     * @param address {@code https://HOST:PORT}
     * @throws UserError if the log cannot be fetched whole
     */
    static Path fetch(String address, Optional<Path> home) {
        SiteHome site = new SiteHome(home.orElseThrow(() -> new UserError(
                "the coordinator shows its log to members only", "name an enrolled site's folder with --home")));
        try {
            Path folder = Files.createTempDirectory("commissure-log-");
            fetch(address, site, folder);
            return folder;
        } catch (IOException e) {
            throw unreachable(address, e);
        }
    }

    static UserError unreachable(String address, IOException cause) {
        return new UserError(
                "the log at " + address + " cannot be fetched: " + cause.getMessage(),
                "check address and network, or ask the coordinator for a copy of its log folder",
                cause);
    }

    /** As {@link #fetch(String, Optional)}, into {@code folder}, which may hold an older copy. */
    static long fetch(String address, SiteHome site, Path folder) throws IOException {
        String base = address.endsWith("/") ? address : address + "/";
        try (HttpClient client = ProxyFromEnvironment.ofProcess()
                .httpClient(URI.create(base))
                .sslContext(context(new IdentityStore(site.identity())))
                .connectTimeout(PATIENCE)
                .build()) {
            return LogMirror.copy(path -> get(client, URI.create(base + path)), folder);
        }
    }

    private static Optional<byte[]> get(HttpClient client, URI uri) throws IOException {
        try {
            HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
            return switch (answer.statusCode()) {
                case OK -> Optional.of(answer.body());
                case NOT_FOUND -> Optional.empty();
                default ->
                    throw new IOException("the coordinator answered " + answer.statusCode() + " for " + uri + ": "
                            + new String(answer.body(), StandardCharsets.UTF_8).strip());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static SSLContext context(IdentityStore store) {
        TlsIdentity identity = store.loadTls();
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            char[] none = new char[0];
            keys.setKeyEntry("tls", identity.key(), none, identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, none);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    factory.getKeyManagers(),
                    new TrustManager[] {
                        new FederationTrustManager(
                                store.loadAuthority(), Clock.systemUTC(), EnumSet.of(Role.COORDINATOR))
                    },
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new UserError("the site's certificate cannot be used: " + e.getMessage(), "enrol the site again", e);
        }
    }
}
