package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site refuses before it makes a key. */
class ConfigurationRefusalTest {
    @TempDir
    Path folder;

    private SumFixture fixture;

    @BeforeEach
    void federationOfFive() throws Exception {
        fixture = new SumFixture(folder, 5, 8);
    }

    @Test
    void aThresholdUnderTheRuleOrUnderTheSitesPolicyIsRefused() throws Exception {
        assertRefused(config -> config.setThreshold(3), "its threshold is 3, but must lie between 4 and 5");
        assertRefused(config -> config.setThreshold(6), "its threshold is 6");
        assertRefused(config -> {}, new SiteLimits(3, 5), "its threshold is 4, but this site's policy demands 5");
    }

    @Test
    void fewerSitesThanThePolicyDemandsAreRefused() throws Exception {
        assertRefused(config -> {}, new SiteLimits(6, 0), "it has 5 parties, but this site's policy demands 6");
    }

    @Test
    void aRosterThatShrinksBelowThePolicyLaterIsRefused() throws Exception {
        SumFixture other = new SumFixture(folder.resolve("other"), 5, 8);
        SiteSum site = other.begin(1, other.config, new SiteLimits(5, 0));
        java.util.Map<Integer, Signed> four = new java.util.TreeMap<>(java.util.Map.of(1, site.advertiseKeys()));
        for (int index = 2; index <= 4; index++) {
            four.put(index, other.begin(index, other.config).advertiseKeys());
        }
        assertThatThrownBy(() -> site.shareKeys(other.sum.roster(four)))
                .hasMessage("roster of coordinator: it has 4 sites, but this site's policy demands 5");
    }

    @Test
    void moreColludersThanTheThresholdWithstandsAreRefused() throws Exception {
        assertRefused(config -> config.setMaxColluders(3), "its threshold of 4 of 5 does not withstand 3 colluders");
        assertRefused(config -> config.setMaxColluders(0), "it withstands 0 colluders");
    }

    @Test
    void anEncodingThatCouldOverflowIsRefused() throws Exception {
        assertRefused(config -> config.setScaleLog2(30), "does not fit the ring");
        assertRefused(config -> config.setValueBound(Double.NaN), "does not fit the ring");
        assertRefused(config -> config.setValueBound(-1), "does not fit the ring");
        assertRefused(config -> config.setRingBits(48), "its ring has 48 bits, but must have 16, 24, 32 or 64");
        assertRefused(config -> config.setRingBits(16), "is beyond the ring");
        assertRefused(config -> config.setRingBits(16).setScaleLog2(13), "does not fit the ring");
        assertRefused(config -> config.setScaleLog2(-1), "is beyond the ring");
        assertRefused(config -> config.setDimension(-1), "its dimension is 18446744073709551615");
        assertRefused(config -> config.setDimension(0), "its dimension is 0");
    }

    @Test
    void anUnknownKeyExchangeOrAMissingModelHashIsRefused() throws Exception {
        assertRefused(config -> config.setKeyExchange(1), "its key exchange 1 is unknown");
        assertRefused(config -> config.setModelSha256(ByteString.EMPTY), "does not name the model");
        assertRefused(SecureSumConfig.Builder::clearSum, "does not say which sum");
    }

    @Test
    void theSameSiteTwiceIsRefused() throws Exception {
        assertRefused(config -> config.setParty(1, config.getParty(0)), "its parties are not distinct and sorted");
        assertRefused(
                config ->
                        config.setParty(1, Party.newBuilder(config.getParty(0)).setSite("site-02")),
                "the certificate of party 'site-02' is that of 'site-01'");
    }

    @Test
    void aCertificateOfAnotherFederationOrAnExpiredOneIsRefused() throws Exception {
        SigningIdentity foreign = FederationAuthority.create(folder.resolve("foreign"), "test", Clock.systemUTC())
                .issueSigning(Role.SITE, "site-02");
        assertRefused(with(foreign), "party 'site-02'");
        Instant now = Instant.now();
        SigningIdentity expired =
                fixture.authority.issueSigning(Role.SITE, "site-02", now.minusSeconds(90_000), now.minusSeconds(3_600));
        assertRefused(with(expired), "expired on");
        assertRefused(
                with(fixture.authority.issueSigning(Role.OPERATOR, "site-02")),
                "is a coordinator-operator's, but a site's");
    }

    @Test
    void aConfigurationThatTheCoordinatorDidNotSignIsRefused() throws Exception {
        Signed bySite = fixture.identity(2).sign(fixture.config(8, 1).build());
        assertThatThrownBy(() -> fixture.begin(1, bySite)).isInstanceOfSatisfying(SecAggException.class, refused -> {
            assertThat(refused.step()).isEqualTo("secure sum configuration");
            assertThat(refused.peer()).isEqualTo("coordinator");
        });
        Signed altered = fixture.config.toBuilder()
                .setPayload(fixture.config(8, 2).build().toByteString())
                .build();
        assertThatThrownBy(() -> fixture.begin(1, altered)).hasMessageContaining("does not fit the message");
    }

    @Test
    void aSumThatThisSiteIsNoPartyOfIsRefused() throws Exception {
        SecureSumConfig.Builder config = fixture.config(8, 1).removeParty(0).setThreshold(3);
        assertThatThrownBy(() -> fixture.begin(1, fixture.coordinator.sign(config.build())))
                .hasMessageContaining("site 'site-01' with its present certificate is not among the parties");
    }

    @Test
    void whatTheSumIsAboutIsVisibleToTheCaller() throws Exception {
        ByteString model = ByteString.copyFrom(new byte[31]).concat(ByteString.copyFrom(new byte[] {9}));
        SiteSum site = fixture.begin(
                1,
                fixture.coordinator.sign(
                        fixture.config(8, 1).setModelSha256(model).build()));
        assertThat(site.config().getModelSha256()).isEqualTo(model);
    }

    private static Consumer<SecureSumConfig.Builder> with(SigningIdentity second) {
        return config -> {
            try {
                config.setParty(
                        1,
                        Party.newBuilder()
                                .setSite("site-02")
                                .setSigningCertificate(
                                        ByteString.copyFrom(second.certificate().getEncoded())));
            } catch (java.security.cert.CertificateEncodingException e) {
                throw new AssertionError(e);
            }
        };
    }

    private void assertRefused(Consumer<SecureSumConfig.Builder> change, String symptom) throws Exception {
        assertRefused(change, SumFixture.LIMITS, symptom);
    }

    private void assertRefused(Consumer<SecureSumConfig.Builder> change, SiteLimits limits, String symptom)
            throws Exception {
        SecureSumConfig.Builder config = fixture.config(8, 1);
        change.accept(config);
        Signed signed = fixture.coordinator.sign(config.build());
        assertThatThrownBy(() -> fixture.begin(1, signed, limits))
                .isInstanceOfSatisfying(SecAggException.class, refused -> {
                    assertThat(refused.step()).isEqualTo("secure sum configuration");
                    assertThat(refused.peer()).isEqualTo("coordinator");
                    assertThat(refused.symptom()).contains(symptom);
                });
    }
}
