package org.commissure.site.compute;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.secagg.CoordinatorSum;
import org.commissure.privacy.secagg.Dealt;
import org.commissure.privacy.secagg.SiteLimits;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleStudy;

/** A process of its own that masks one large update of three sites' sum, for a test that bounds its memory. */
final class MaskingProcess {
    private MaskingProcess() {}

    /** @param arguments an empty folder, and the number of parameters */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int parameters = Integer.parseInt(arguments[1]);
        Study study = new ExampleStudy().file().study();
        FederationAuthority authority =
                FederationAuthority.create(folder.resolve("authority"), "fed", Clock.systemUTC());
        SigningIdentity coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        List<SigningIdentity> identities = new ArrayList<>();
        SecureSumConfig.Builder config = SecureSumConfig.newBuilder()
                .setFederationId("fed")
                .setSum(SumId.newBuilder().setRunId("run").setKind(SumKind.TRAIN))
                .setThreshold(3)
                .setMaxColluders(1)
                .setRingBits(study.secureAggregation().ringBits())
                .setDimension(UpdateEncoding.dimension(study, parameters))
                .setValueBound(UpdateEncoding.valueBound(study))
                .setScaleLog2(study.secureAggregation().scaleLog2())
                .setModelSha256(ByteString.copyFrom(new byte[32]))
                .setStudySha256(ByteString.copyFrom(new byte[32]))
                .setKeyExchange(2);
        for (String name : List.of("A", "B", "C")) {
            SigningIdentity identity = authority.issueSigning(Role.SITE, name);
            identities.add(identity);
            config.addParty(Party.newBuilder()
                    .setSite(name)
                    .setSigningCertificate(
                            ByteString.copyFrom(identity.certificate().getEncoded())));
        }
        Signed signed = coordinator.sign(config.build());
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), Clock.systemUTC());
        List<SiteSum> sums = new ArrayList<>();
        Roster.Builder roster = Roster.newBuilder().setSum(config.getSum());
        for (SigningIdentity identity : identities) {
            SiteSum sum = SiteSum.begin(
                    signed, identity, coordinator.certificate(), verifier, new SiteLimits(3, 3), new SecureRandom());
            sums.add(sum);
            roster.addAdvertise(sum.advertiseKeys());
        }
        Map<Integer, Signed> shared = new TreeMap<>();
        for (SiteSum sum : sums) {
            shared.put(sum.index(), sum.shareKeys(roster.build()));
        }
        SiteSum own = sums.getFirst();
        own.receiveShares(CoordinatorSum.delivery(config.getSum(), shared, Dealt.inMessages(), 1));
        Path file = folder.resolve("masked");
        own.mask(
                UpdateEncoding.encode(List.of(new float[parameters]), 8, study, RandomGenerator.of("L64X128MixRandom")),
                file);
        System.out.println("masked " + Files.size(file) + " bytes");
    }
}
