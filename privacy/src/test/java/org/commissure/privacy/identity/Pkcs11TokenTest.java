package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.Security;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against SoftHSM2 (Debian's {@code softhsm2}); skipped, saying so, where it is not installed. */
class Pkcs11TokenTest {
    private static final Passphrase PIN = Passphrase.of(Map.of("COMMISSURE_PASSPHRASE", "1234"));

    @TempDir
    private static Path tokens;

    private static Path configuration = Path.of("");

    @TempDir
    private Path folder;

    /** One token for all: a process loads the library once, and that reads its configuration once. */
    @BeforeAll
    static void makeToken() throws Exception {
        Optional<Path> library = Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
        Assumptions.assumeTrue(library.isPresent(), "no SoftHSM2 here: apt-get install softhsm2");
        String home = System.getenv("SOFTHSM2_CONF");
        Assumptions.assumeTrue(home != null, "SOFTHSM2_CONF is not set; the module's pom sets it");
        Path conf = Path.of(String.valueOf(home));
        Files.createDirectories(tokens.resolve("tokens"));
        Files.writeString(
                conf, "directories.tokendir = " + tokens.resolve("tokens") + "\nobjectstore.backend = file\n");
        Process made = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "site",
                        "--pin",
                        "1234",
                        "--so-pin",
                        "5678")
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        configuration = Files.writeString(
                tokens.resolve("pkcs11.cfg"), "name = TestHsm\nlibrary = " + library.get() + "\nslotListIndex = 0\n");
    }

    private IdentityStore store() throws Exception {
        Files.copy(
                configuration,
                folder.resolve(IdentityStore.TOKEN_CONFIGURATION),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return new IdentityStore(folder, PIN);
    }

    @Test
    void keysAreBornInTheTokenAndStayThereThroughEnrolmentAndRenewal() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("a"), "net", Clock.systemUTC());
        IdentityStore store = store();
        EnrolmentRequests waiting = EnrolmentRequests.generate("NYU", store);
        store.saveWaiting(waiting, "NYU");
        EnrolmentRequests requests = new IdentityStore(folder, PIN).loadWaiting("NYU");
        EnrolledCertificates issued = authority.enrol("NYU", requests.tlsRequestDer(), requests.signingRequestDer());
        store.saveAuthority(authority.certificate());
        store.saveTls(requests.tlsIdentity(issued.tls(), authority.certificate()));
        store.saveSigning(requests.signingIdentity(issued.signing()));
        store.deleteWaiting();

        IdentityStore reopened = new IdentityStore(folder, PIN);
        assertThat(reopened.isComplete()).isTrue();
        assertThat(reopened.loadTls().key().getEncoded()).isNull();
        signs(reopened.loadSigning());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".p12") || name.equals("password"));
        }

        EnrolmentRequests next = EnrolmentRequests.generate("NYU", reopened);
        var renewed = authority.renew(Role.SITE, "NYU", Purpose.SIGNING, next.signingRequestDer());
        reopened.saveSigning(next.signingIdentity(renewed));
        SigningIdentity after = new IdentityStore(folder, PIN).loadSigning();
        assertThat(after.certificate()).isEqualTo(renewed);
        signs(after);
    }

    private static void signs(SigningIdentity identity) throws Exception {
        LogEntry entry = LogEntry.newBuilder().setActor("NYU").build();
        assertThat(SignedMessages.open(identity.sign(entry), LogEntry.parser(), identity.certificate()))
                .isEqualTo(entry);
    }

    @Test
    void tlsWorksWithAKeyThatTheTokenDoesNotShow() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("a"), "net", Clock.systemUTC());
        IdentityStore store = store();
        EnrolmentRequests requests = EnrolmentRequests.generate("NYU", store);
        EnrolledCertificates issued = authority.enrol("NYU", requests.tlsRequestDer(), requests.signingRequestDer());
        store.saveTls(requests.tlsIdentity(issued.tls(), authority.certificate()));
        TlsIdentity coordinator = authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        assertThat(Handshakes.mutual(coordinator, store.loadTls(), authority.certificate()))
                .isEqualTo(issued.tls());
    }

    @Test
    void aWrongPinIsNamedWithoutRepeatingIt() throws Exception {
        var unused = store();
        // A process logs in once; without this, the PIN would not even be looked at.
        ((AuthProvider) Security.getProvider("SunPKCS11-TestHsm")).logout();
        assertThatThrownBy(() -> new IdentityStore(folder, Passphrase.of(Map.of("COMMISSURE_PASSPHRASE", "9999"))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("pkcs11.cfg cannot be opened")
                .hasMessageNotContaining("9999");
    }
}
