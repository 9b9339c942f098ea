package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void anEnrolledSiteHasTwoCertificatesForItsKeysInItsName() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        EnrolmentRequests requests = EnrolmentRequests.generate("NYU");
        EnrolledCertificates granted = authority.enrol("NYU", requests.tlsRequestDer(), requests.signingRequestDer());

        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), CLOCK);
        assertThat(verifier.verify(granted.tls(), Role.SITE, Purpose.TLS).uri())
                .isEqualTo("commissure://stroke-net/site/NYU");
        assertThat(verifier.verify(granted.signing(), Role.SITE, Purpose.SIGNING)
                        .name())
                .isEqualTo("NYU");
        assertThat(requests.tlsIdentity(granted.tls(), authority.certificate()).chain())
                .containsExactly(granted.tls(), authority.issuing(), authority.certificate());
        SigningIdentity identity = requests.signingIdentity(granted.signing());
        LogEntry message = LogEntry.newBuilder().setActor("NYU").build();
        assertThat(SignedMessages.open(identity.sign(message), LogEntry.parser(), granted.signing()))
                .isEqualTo(message);
    }

    @Test
    void theNameComesFromTheTokenAndNotFromTheRequest() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        EnrolmentRequests requests = EnrolmentRequests.generate("coordinator");
        EnrolledCertificates granted = authority.enrol("PITT", requests.tlsRequestDer(), requests.signingRequestDer());
        assertThat(CertificateName.of(granted.tls()).uri()).isEqualTo("commissure://stroke-net/site/PITT");
        assertThat(granted.tls().getSubjectX500Principal().getName()).contains("CN=PITT");
    }

    @Test
    void aReopenedAuthorityIsTheSameAndASecondOneIsRefused() {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        FederationAuthority reopened = FederationAuthority.open(folder, CLOCK);
        assertThat(reopened.certificate()).isEqualTo(authority.certificate());
        assertThat(reopened.federationId()).isEqualTo("stroke-net");
        assertThatThrownBy(() -> FederationAuthority.create(folder, "stroke-net", CLOCK))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds a federation's authority already");
    }

    @Test
    void keysOfAnotherKindAreRefused() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        EnrolmentRequests good = EnrolmentRequests.generate("NYU");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));

        assertThatThrownBy(() -> authority.enrol("NYU", good.signingRequestDer(), good.signingRequestDer()))
                .isInstanceOf(EnrolmentRefusedException.class)
                .hasMessageContaining("the TLS request of 'NYU'")
                .hasMessageContaining("TLS keys are P-256");
        assertThatThrownBy(() ->
                        authority.enrol("NYU", good.tlsRequestDer(), request(rsa.generateKeyPair(), "SHA256withRSA")))
                .isInstanceOf(EnrolmentRefusedException.class)
                .hasMessageContaining("signing keys are Ed25519 or P-256");
        assertThatThrownBy(() -> authority.enrol(
                        "NYU", request(p384.generateKeyPair(), "SHA256withECDSA"), good.signingRequestDer()))
                .isInstanceOf(EnrolmentRefusedException.class)
                .hasMessageContaining("TLS keys are P-256");
    }

    @Test
    void aP256SigningKeyIsAcceptedButNotTheTlsKeyItself() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        EnrolmentRequests good = EnrolmentRequests.generate("NYU");
        byte[] signing = request(KeyKinds.newP256(), "SHA256withECDSA");
        EnrolledCertificates granted = authority.enrol("NYU", good.tlsRequestDer(), signing);
        new CertificateVerifier(authority.certificate(), CLOCK).verify(granted.signing(), Role.SITE, Purpose.SIGNING);
        assertThatThrownBy(() -> authority.enrol("NYU", good.tlsRequestDer(), good.tlsRequestDer()))
                .isInstanceOf(EnrolmentRefusedException.class)
                .hasMessageContaining("both certificates for one key");
    }

    @Test
    void aRequestThatDoesNotProvePossessionIsRefused() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        EnrolmentRequests good = EnrolmentRequests.generate("NYU");
        KeyPair stolen = KeyKinds.newEd25519();
        KeyPair own = KeyKinds.newEd25519();
        byte[] forged = request(new KeyPair(stolen.getPublic(), own.getPrivate()), "Ed25519");
        assertThatThrownBy(() -> authority.enrol("NYU", good.tlsRequestDer(), forged))
                .isInstanceOf(EnrolmentRefusedException.class)
                .hasMessageContaining("does not prove possession");

        byte[] altered = good.tlsRequestDer();
        altered[altered.length - 1] ^= 1;
        assertThatThrownBy(() -> authority.enrol("NYU", altered, good.signingRequestDer()))
                .isInstanceOf(EnrolmentRefusedException.class);
    }

    @Test
    void whatIsNoRequestIsRefusedWithoutAnotherException() {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        byte[] signing = EnrolmentRequests.generate("NYU").signingRequestDer();
        for (byte[] garbage : List.of(new byte[0], new byte[] {0x30, 0x03, 1, 2, 3}, new byte[100_000])) {
            assertThatThrownBy(() -> authority.enrol("NYU", garbage, signing))
                    .isInstanceOf(EnrolmentRefusedException.class)
                    .hasMessageContaining("the TLS request of 'NYU'");
        }
    }

    @Test
    void aSiteCannotTakeTheCoordinatorsNameOrAnUnusableOne() {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        for (String name : List.of("coordinator", "Coordinator", "", "a/b", "a b", "../x", "x".repeat(64))) {
            assertThatThrownBy(() -> authority.enrol(name, new byte[1], new byte[1]))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("'" + name + "'");
        }
    }

    @Test
    void aReturnedCertificateForAnotherKeyIsRefusedByTheSite() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        EnrolmentRequests ours = EnrolmentRequests.generate("NYU");
        EnrolmentRequests theirs = EnrolmentRequests.generate("NYU");
        EnrolledCertificates granted = authority.enrol("NYU", theirs.tlsRequestDer(), theirs.signingRequestDer());
        assertThatThrownBy(() -> ours.signingIdentity(granted.signing()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("for another key");
        assertThatThrownBy(() -> ours.tlsIdentity(granted.tls(), authority.certificate()))
                .isInstanceOf(UserError.class);
    }

    @Test
    void tokensAreLongDifferentAndReadBack() {
        byte[] token = EnrolmentToken.generate();
        assertThat(token).hasSize(32).isNotEqualTo(EnrolmentToken.generate());
        assertThat(EnrolmentToken.decode(EnrolmentToken.encode(token))).isEqualTo(token);
        assertThat(EnrolmentToken.hash(token))
                .isEqualTo(SignedMessages.sha256(ByteString.copyFrom(token)).toByteArray());
    }

    @Test
    void tlsCertificatesLiveThirtyDaysAndBeginWithinTheClockSkew() {
        FederationAuthority authority = FederationAuthority.create(folder, "stroke-net", CLOCK);
        TlsIdentity identity = authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost", "127.0.0.1"));
        assertThat(identity.certificate().getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
        assertThat(identity.certificate().getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(30)));
    }

    private static byte[] request(KeyPair pair, String algorithm) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=x"), pair.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                .getEncoded();
    }
}
