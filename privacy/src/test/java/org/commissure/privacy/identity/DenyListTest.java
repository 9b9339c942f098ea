package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class DenyListTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private FederationAuthority authority;
    private SigningIdentity coordinator;
    private CertificateVerifier plain;

    @BeforeEach
    void createFederation() {
        authority = FederationAuthority.create(folder.resolve("a"), "net", CLOCK);
        coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        plain = new CertificateVerifier(authority.certificate(), CLOCK);
    }

    private byte[] signed(DenyList list) {
        return list.signed("net", coordinator, CLOCK);
    }

    private DenyList denied(Instant since) {
        return DenyList.EMPTY.with(Role.SITE, "NYU", "the disk was stolen", since);
    }

    @Test
    void aDeniedSiteIsRefusedWithDateAndReasonAndOthersAreNot() throws Exception {
        DenyList list = DenyList.open(signed(denied(NOW.minusSeconds(1))), plain);
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), CLOCK, () -> list);
        var nyu = authority.issueSigning(Role.SITE, "NYU").certificate();
        var pitt = authority.issueSigning(Role.SITE, "PITT").certificate();
        assertThat(verifier.verify(pitt, Role.SITE, Purpose.SIGNING).name()).isEqualTo("PITT");
        assertThatThrownBy(() -> verifier.verify(nyu, Role.SITE, Purpose.SIGNING))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("site 'NYU' was revoked on 2026-03-01T11:59:59Z: the disk was stolen")
                .hasMessageContaining("ask the coordinator's operator");
    }

    @Test
    void whatWasSaidBeforeTheDenialStaysValid() throws Exception {
        DenyList list = denied(NOW);
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), CLOCK, () -> list);
        var nyu = authority.issueSigning(Role.SITE, "NYU").certificate();
        assertThat(verifier.verifyAt(nyu, Purpose.SIGNING, NOW.minusSeconds(60)).name())
                .isEqualTo("NYU");
        assertThatThrownBy(() -> verifier.verifyAt(nyu, Purpose.SIGNING, NOW))
                .isInstanceOf(CertificateRefusedException.class);
    }

    @Test
    void aReadmittedSiteNeedsNewCertificates() throws Exception {
        var before = authority.issueSigning(Role.SITE, "NYU").certificate();
        Clock later = Clock.offset(CLOCK, Duration.ofDays(1));
        DenyList list = denied(NOW).readmitting(Role.SITE, "NYU", later.instant());
        assertThat(list.standing(Role.SITE, "NYU")).isEmpty();
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), later, () -> list);
        var after = FederationAuthority.open(folder.resolve("a"), later)
                .issueSigning(Role.SITE, "NYU")
                .certificate();
        assertThat(verifier.verify(after, Role.SITE, Purpose.SIGNING).name()).isEqualTo("NYU");
        assertThatThrownBy(() -> verifier.verify(before, Role.SITE, Purpose.SIGNING))
                .hasMessageContaining("was revoked");
    }

    @Test
    void onlyTheCoordinatorOfThisFederationSignsAList() {
        SigningIdentity site = authority.issueSigning(Role.SITE, "PITT");
        SigningIdentity foreign = FederationAuthority.create(folder.resolve("b"), "net", CLOCK)
                .issueSigning(Role.COORDINATOR, "coordinator");
        assertThatThrownBy(() -> DenyList.open(denied(NOW).signed("net", site, CLOCK), plain))
                .hasMessageContaining("commissure://net/site/PITT, who may not");
        assertThatThrownBy(() -> DenyList.open(denied(NOW).signed("net", foreign, CLOCK), plain))
                .hasMessageContaining("another federation's authority");
        assertThatThrownBy(() -> DenyList.open(denied(NOW).signed("other", coordinator, CLOCK), plain))
                .hasMessageContaining("who may not");
    }

    @Test
    void anOlderListIsRefusedAlsoAfterARestart() throws Exception {
        Path file = folder.resolve("deny-list.pb");
        DenyList first = denied(NOW);
        DenyList second = first.readmitting(Role.SITE, "NYU", NOW);
        assertThat(new DenyListFile(file, plain).update(signed(second))).isTrue();
        DenyListFile reopened = new DenyListFile(file, plain);
        assertThat(reopened.get()).isEqualTo(second);
        assertThat(reopened.update(signed(second))).isFalse();
        assertThatThrownBy(() -> reopened.update(signed(first)))
                .isInstanceOf(CertificateRefusedException.class)
                .hasMessageContaining("the deny list 1 is older than 2");
        assertThat(new DenyListFile(file, plain).get()).isEqualTo(second);
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        Path file = Files.write(folder.resolve("deny-list.pb"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> new DenyListFile(file, plain))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file.toString());
    }
}
