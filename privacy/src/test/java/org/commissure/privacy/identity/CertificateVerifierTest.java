package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class CertificateVerifierTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private FederationAuthority authority;
    private CertificateVerifier verifier;

    @BeforeEach
    void createFederation() {
        // Created years ago, so that certificates of the past can be issued.
        Clock past = Clock.offset(CLOCK, Duration.ofDays(-900));
        authority = FederationAuthority.create(folder.resolve("a"), "stroke-net", past);
        authority = FederationAuthority.open(folder.resolve("a"), CLOCK);
        verifier = new CertificateVerifier(authority.certificate(), CLOCK);
    }

    @Test
    void anExpiredCertificateIsRefusedWithItsDateAndTheRemedy() {
        X509Certificate expired = signing(NOW.minus(Duration.ofDays(60)), NOW.minus(Duration.ofDays(30)));
        assertThatThrownBy(() -> verifier.verify(expired, Role.SITE, Purpose.SIGNING))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("commissure://stroke-net/site/NYU")
                .hasMessageContaining("expired on 2026-01-30T12:00:00Z")
                .hasMessageContaining("renew it: ask the coordinator for a new invitation and enrol again");
    }

    @Test
    void unusedBitsOfACertificatesSignatureAreRefused() throws Exception {
        X509Certificate issued;
        byte[] der;
        do { // the signature's last bit is zero in every second one
            issued = authority.issueSigning(Role.SITE, "NYU").certificate();
            der = Certificates.der(issued);
        } while ((der[der.length - 1] & 1) != 0);
        assertThat(Certificates.fromDer(der)).isEqualTo(issued);
        byte[] respelled = der.clone();
        int unusedBits = der.length - issued.getSignature().length - 1;
        assertThat(respelled[unusedBits]).isZero();
        respelled[unusedBits] = 1;
        assertThatThrownBy(() -> Certificates.fromDer(respelled))
                .isInstanceOf(CertificateException.class)
                .hasMessage("not one certificate in DER");
    }

    @Test
    void aCertificateIsJudgedAtTheGivenTime() throws Exception {
        X509Certificate expired = signing(NOW.minus(Duration.ofDays(60)), NOW.minus(Duration.ofDays(30)));
        assertThat(verifier.verifyAt(expired, Purpose.SIGNING, NOW.minus(Duration.ofDays(40)))
                        .name())
                .isEqualTo("NYU");
        assertThatThrownBy(() -> verifier.verifyAt(expired, Purpose.SIGNING, NOW.minus(Duration.ofDays(70))))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("is not valid before");
    }

    @Test
    void clocksMayDifferByFiveMinutes() throws Exception {
        Duration inside = Duration.ofMinutes(4);
        Duration outside = Duration.ofMinutes(6);
        verifier.verify(signing(NOW.plus(inside), NOW.plus(Duration.ofDays(1))), Role.SITE, Purpose.SIGNING);
        verifier.verify(signing(NOW.minus(Duration.ofDays(1)), NOW.minus(inside)), Role.SITE, Purpose.SIGNING);
        X509Certificate early = signing(NOW.plus(outside), NOW.plus(Duration.ofDays(1)));
        X509Certificate late = signing(NOW.minus(Duration.ofDays(1)), NOW.minus(outside));
        assertThatThrownBy(() -> verifier.verify(early, Role.SITE, Purpose.SIGNING))
                .hasMessageContaining("set the clocks");
        assertThatThrownBy(() -> verifier.verify(late, Role.SITE, Purpose.SIGNING))
                .hasMessageContaining("expired on");
    }

    @Test
    void aCertificateOfAForeignAuthorityIsRefusedEvenUnderTheSameFederationId() {
        FederationAuthority other = FederationAuthority.create(folder.resolve("b"), "lesion-net", CLOCK);
        FederationAuthority twin = FederationAuthority.create(folder.resolve("c"), "stroke-net", CLOCK);
        for (FederationAuthority foreign : List.of(other, twin)) {
            X509Certificate certificate = foreign.issueSigning(Role.SITE, "NYU").certificate();
            assertThatThrownBy(() -> verifier.verify(certificate, Role.SITE, Purpose.SIGNING))
                    .isInstanceOf(CertificateRefusedException.class)
                    .hasMessageContaining("issued by another federation's authority")
                    .hasMessageContaining("enrol at federation 'stroke-net'");
        }
    }

    @Test
    void aNameOfAnotherFederationUnderOurAuthorityIsRefused() {
        X509Certificate certificate = SubjectCertificates.subject(
                authority.issuing(),
                new IdentityStore(folder.resolve("a")).loadAuthorityKey().key(),
                new CertificateName("lesion-net", Role.SITE, "NYU"),
                Purpose.SIGNING,
                KeyKinds.newEd25519().getPublic(),
                List.of(),
                NOW,
                NOW.plus(Duration.ofDays(1)));
        assertThatThrownBy(() -> verifier.verify(certificate, Role.SITE, Purpose.SIGNING))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("names another federation than 'stroke-net'");
    }

    @Test
    void theWrongRoleIsRefused() {
        X509Certificate site = authority.issueTls(Role.SITE, "NYU", List.of()).certificate();
        assertThatThrownBy(() -> verifier.verify(site, Role.COORDINATOR, Purpose.TLS))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("is a site's, but a coordinator's is needed");
    }

    @Test
    void eachPurposeNeedsItsOwnCertificate() {
        X509Certificate signing = authority.issueSigning(Role.SITE, "NYU").certificate();
        X509Certificate tls = authority.issueTls(Role.SITE, "NYU", List.of()).certificate();
        assertThatThrownBy(() -> verifier.verify(signing, Role.SITE, Purpose.TLS))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("is not a TLS certificate");
        assertThatThrownBy(() -> verifier.verify(tls, Role.SITE, Purpose.SIGNING))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("is not a signing certificate");
    }

    @Test
    void theAuthoritysOwnCertificateIsNoMembers() {
        assertThatThrownBy(() -> verifier.verify(authority.certificate(), Role.SITE, Purpose.SIGNING))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("is an authority's");
    }

    @Test
    void aMembersCertificateCannotBeTheAuthority() {
        X509Certificate member = authority.issueSigning(Role.SITE, "NYU").certificate();
        assertThatThrownBy(() -> new CertificateVerifier(member, CLOCK))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a Commissure authority's");
    }

    private X509Certificate signing(Instant from, Instant until) {
        return authority.issueSigning(Role.SITE, "NYU", from, until).certificate();
    }
}
