package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorHomeTest {
    private static final Clock START = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void tlsCertificatesAreRenewedAfterTwoThirdsOfTheirLifeAndNotBefore() throws Exception {
        CoordinatorHome home = new CoordinatorHome(folder.resolve("home"));
        home.create(new CoordinatorConfig("test", "localhost", 8443), START);
        var first = new IdentityStore(home.identity()).loadTls().certificate();

        home.renewTls(Clock.offset(START, Duration.ofDays(10)));
        assertThat(new IdentityStore(home.identity()).loadTls().certificate()).isEqualTo(first);

        Clock late = Clock.offset(START, Duration.ofDays(40));
        home.renewTls(late);
        CertificateVerifier verifier =
                new CertificateVerifier(new IdentityStore(home.identity()).loadAuthority(), late);
        verifier.verify(new IdentityStore(home.identity()).loadTls().certificate(), Role.COORDINATOR, Purpose.TLS);
        verifier.verify(new IdentityStore(home.operator()).loadTls().certificate(), Role.OPERATOR, Purpose.TLS);
    }
}
