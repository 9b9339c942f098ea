package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.FederationRoot;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorHomeTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    @Test
    void theRootsKeyIsNowhereInTheHomeAndServingNeedsNoRoot() throws Exception {
        CoordinatorHome home = new CoordinatorHome(folder.resolve("home"));
        String fingerprint = home.create(new CoordinatorConfig("test", "localhost", 0), CLOCK);
        FederationRoot root =
                FederationRoot.open(home.defaultRoot(), org.commissure.privacy.identity.Passphrase.ofProcess(), CLOCK);
        assertThat(Certificates.fingerprint(root.certificate())).isEqualTo(fingerprint);
        delete(home.defaultRoot());

        for (int start = 0; start < 2; start++) {
            Coordinator.open(home, CLOCK).close();
            assertThat(Certificates.fingerprint(new IdentityStore(home.identity()).loadAuthority()))
                    .isEqualTo(fingerprint);
            assertThat(home.defaultRoot()).doesNotExist();
        }
        FederationAuthority issuing = FederationAuthority.open(home.authority(), CLOCK);
        assertThat(issuing.issuing().getPublicKey())
                .isNotEqualTo(issuing.certificate().getPublicKey());
    }

    @Test
    void aRootOnAnotherMachineSignsTheFirstAuthorityAndItsRenewal() {
        CoordinatorHome home = new CoordinatorHome(folder.resolve("home"));
        FederationRoot root = FederationRoot.create(folder.resolve("root"), "test", CLOCK);
        String fingerprint = home.create(
                new CoordinatorConfig("test", "localhost", 0),
                List.of(sign(root, FederationAuthority.request(home.authority(), CLOCK)), root.certificate()),
                CLOCK);
        assertThat(fingerprint).isEqualTo(Certificates.fingerprint(root.certificate()));
        var first = FederationAuthority.open(home.authority(), CLOCK).issuing();

        byte[] renewal = FederationAuthority.request(home.authority(), CLOCK);
        FederationRoot other = FederationRoot.create(folder.resolve("other"), "test", CLOCK);
        assertThatThrownBy(() ->
                        FederationAuthority.install(home.authority(), sign(other, renewal), other.certificate(), CLOCK))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("another root");
        FederationAuthority.install(home.authority(), sign(root, renewal), root.certificate(), CLOCK);
        assertThat(FederationAuthority.open(home.authority(), CLOCK).issuing()).isNotEqualTo(first);
        Coordinator.open(home, CLOCK).close();
    }

    @Test
    void aHomeWhoseRootSignsMembersItselfIsRefusedWithTheRemedy() throws Exception {
        CoordinatorHome home = new CoordinatorHome(folder.resolve("home"));
        home.create(new CoordinatorConfig("test", "localhost", 0), CLOCK);
        // As earlier versions wrote it: the self-signed root with its key in authority/.
        for (String file : List.of("authority.p12", "authority.pem", "password")) {
            Files.copy(
                    home.defaultRoot().resolve(file),
                    home.authority().resolve(file),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        assertThatThrownBy(() -> Coordinator.open(home, CLOCK))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("whose root signs its members itself")
                .satisfies(e -> assertThat(((UserError) e).remedy()).contains("coordinator init"));
    }

    private static java.security.cert.X509Certificate sign(FederationRoot root, byte[] request) {
        try {
            return root.signIssuing(request);
        } catch (org.commissure.privacy.identity.EnrolmentRefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
