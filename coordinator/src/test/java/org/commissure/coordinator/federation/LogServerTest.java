package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.commissure.coordinator.transparency.LogServer;
import org.commissure.coordinator.transparency.ReadLog;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.LogMirror;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.Openings;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityKeyManager;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogServerTest {
    @TempDir
    private Path home;

    private FederationAuthority authority;
    private SigningIdentity coordinator;
    private Path log;
    private LogServer server;
    private final List<LogEntry> logged = new ArrayList<>();

    @BeforeEach
    void serve() {
        authority = FederationAuthority.create(home.resolve("ca"), "net", Clock.systemUTC());
        coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        log = home.resolve("log");
        TransparencyLog.create(log, "commissure/net", authority.certificate(), home.resolve("log.key"))
                .close();
        append(700);
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), Clock.systemUTC());
        server = LogServer.open(
                log,
                new IdentityKeyManager(authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"))),
                new AnyClientCertificate(),
                certificate -> {
                    try {
                        return verifier.verify(
                                certificate, CertificateName.of(certificate).role(), Purpose.TLS);
                    } catch (CertificateRefusedException e) {
                        throw new LogServer.NotAMemberException(String.valueOf(e.getMessage()));
                    }
                },
                new ReadLog(logged::add, new Openings(home.resolve("openings")), Clock.systemUTC()),
                "localhost",
                0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMemberCopiesTheWholeLogAndLaterOnlyWhatIsNew() throws Exception {
        Path copy = home.resolve("copy");
        List<String> fetched = new ArrayList<>();
        try (HttpClient client = client(authority.issueTls(Role.SITE, "NYU", List.of()))) {
            assertThat(LogMirror.copy(path -> get(client, path, fetched), copy)).isEqualTo(700);
            assertThat(LogVerifier.verify(copy)).returns(true, LogVerification::ok);
            append(20);
            fetched.clear();
            assertThat(LogMirror.copy(path -> get(client, path, fetched), copy)).isEqualTo(720);
        }
        assertThat(LogVerifier.verify(copy)).returns(true, LogVerification::ok).returns(720L, LogVerification::size);
        assertThat(fetched).contains("tile/entries/002.p/208").doesNotContain("tile/entries/000", "tile/0/001");
        assertThat(logged).hasSize(1); // not once for each of the files
        assertThat(logged.getFirst().getAction()).isEqualTo(Actions.LOG_READ);
        assertThat(Facts.text(logged.getFirst(), "site")).hasValue("NYU");
    }

    @Test
    void partialTilesOfAnyWidthAreAnsweredAndWhatIsUnderACheckpointIsCachedForEver() throws Exception {
        byte[] whole = Files.readAllBytes(log.resolve("tile/0/002.p/188"));
        try (HttpClient client = client(authority.issueTls(Role.SITE, "NYU", List.of()))) {
            HttpResponse<byte[]> narrow = ask(client, "GET", "tile/0/002.p/17");
            assertThat(narrow.statusCode()).isEqualTo(200);
            assertThat(narrow.body()).isEqualTo(Arrays.copyOf(whole, 17 * 32));
            assertThat(narrow.headers().firstValue("Cache-Control"))
                    .hasValueSatisfying(value -> assertThat(value).contains("immutable"));
            assertThat(ask(client, "GET", "tile/0/000.p/255").body()).hasSize(255 * 32); // overgrown
            assertThat(ask(client, "GET", "tile/0/002.p/189").statusCode()).isEqualTo(404);
            assertThat(ask(client, "GET", "tile/0/000.p/256").statusCode()).isEqualTo(404);
            HttpResponse<byte[]> checkpoint = ask(client, "GET", "checkpoint");
            assertThat(checkpoint.body()).isEqualTo(Files.readAllBytes(log.resolve("checkpoint")));
            assertThat(checkpoint.headers().firstValue("Cache-Control")).hasValue("no-cache");
            HttpResponse<byte[]> head = ask(client, "HEAD", "checkpoint");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void nothingButTheLogIsReadAndNothingIsWritten() throws Exception {
        Files.writeString(home.resolve("secret"), "x");
        try (HttpClient client = client(authority.issueTls(Role.SITE, "NYU", List.of()))) {
            for (String path : List.of(
                    "",
                    "../secret",
                    "%2e%2e/secret",
                    "tile/../../secret",
                    "tile/0/..%2f..%2fsecret",
                    ".lock",
                    "tile/0",
                    "tile/0/0",
                    "tile/0/x000/001",
                    "tile/-1/000",
                    "certificates/../checkpoint",
                    "trust/log.key")) {
                assertThat(ask(client, "GET", path).statusCode()).as(path).isEqualTo(404);
            }
            for (String method : List.of("POST", "PUT", "DELETE")) {
                assertThat(ask(client, method, "checkpoint").statusCode()).isEqualTo(405);
            }
        }
    }

    @Test
    void aStrangerIsToldWhyAndAPersonIsLoggedByACommitmentOnly() throws Exception {
        try (HttpClient nobody = client(null)) {
            HttpResponse<byte[]> refused = ask(nobody, "GET", "checkpoint");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("show a certificate");
        }
        FederationAuthority foreign = FederationAuthority.create(home.resolve("foreign"), "net", Clock.systemUTC());
        try (HttpClient stranger = client(foreign.issueTls(Role.SITE, "NYU", List.of()))) {
            assertThat(ask(stranger, "GET", "checkpoint").statusCode()).isEqualTo(403);
        }
        assertThat(logged).isEmpty();
        try (HttpClient anna = client(authority.issueTls(Role.OPERATOR, "anna", List.of()))) {
            assertThat(ask(anna, "GET", "checkpoint").statusCode()).isEqualTo(200);
        }
        String person = Facts.text(logged.getFirst(), "person").orElseThrow();
        assertThat(logged.getFirst().toString()).doesNotContain("anna");
        Openings openings = new Openings(home.resolve("openings"));
        assertThat(openings.open("person", person)).hasValue("anna");
        assertThat(openings.erase(person)).isTrue();
        assertThat(openings.open("person", person)).isEmpty();
        Signed entry = coordinator.sign(logged.getFirst());
        try (TransparencyLog opened = TransparencyLog.open(log, home.resolve("log.key"))) {
            opened.append(List.of(entry), List.of(coordinator.certificate()));
        }
        assertThat(LogVerifier.verify(log).ok()).isTrue();
    }

    private void append(int count) {
        Signed entry = coordinator.sign(LogEntries.of(Actions.SITE_INVITED, Outcome.DONE, Instant.now())
                .actor("coordinator")
                .build());
        try (TransparencyLog opened = TransparencyLog.open(log, home.resolve("log.key"))) {
            opened.append(Collections.nCopies(count, entry), List.of(coordinator.certificate()));
        }
    }

    private Optional<byte[]> get(HttpClient client, String path, List<String> fetched) throws IOException {
        fetched.add(path);
        try {
            HttpResponse<byte[]> answer = ask(client, "GET", path);
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private HttpResponse<byte[]> ask(HttpClient client, String method, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/" + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpClient client(@Nullable TlsIdentity identity) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                identity == null ? new KeyManager[0] : keys(identity),
                new TrustManager[] {
                    new FederationTrustManager(authority.certificate(), Clock.systemUTC(), EnumSet.of(Role.COORDINATOR))
                },
                new SecureRandom());
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static KeyManager[] keys(TlsIdentity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("tls", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }
}
