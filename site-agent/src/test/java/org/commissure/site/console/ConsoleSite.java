package org.commissure.site.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Signed;
import org.commissure.site.ExampleCohort;
import org.commissure.site.ExampleStudy;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.plan.ExamplePlan;
import org.commissure.site.plan.PlanRefusedException;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.commissure.site.policy.PolicyFile;

/** An enrolled site's folder, without any process, and a coordinator's plan in it. */
final class ConsoleSite {
    static final int PATIENTS = 14;

    final SiteHome home;
    final Path data;
    private final SigningIdentity coordinator;

    ConsoleSite(Path folder) throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("ca"), "fed", Clock.systemUTC());
        coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        home = new SiteHome(Files.createDirectories(folder.resolve("home")));
        data = ExampleCohort.write(folder.resolve("data"), PATIENTS, 7);
        EnrolmentRequests requests = EnrolmentRequests.generate("NYU");
        EnrolledCertificates issued = authority.enrol("NYU", requests.tlsRequestDer(), requests.signingRequestDer());
        IdentityStore store = new IdentityStore(home.identity());
        store.saveAuthority(authority.certificate());
        store.saveTls(requests.tlsIdentity(issued.tls(), authority.certificate()));
        store.saveSigning(requests.signingIdentity(issued.signing()));
        Files.write(home.coordinatorSigning(), coordinator.certificate().getEncoded());
        try (TransparencyLog log = TransparencyLog.create(
                folder.resolve("log"), "commissure/fed", authority.certificate(), folder.resolve("log.key"))) {
            Files.writeString(home.logVerifierKey(), log.verifierKey());
        }
        policy(PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = 500.0"));
        Files.writeString(home.settings(), """
                federation = "fed"
                site = "NYU"
                coordinator_host = "127.0.0.1"
                coordinator_port = 1
                authority_sha256 = "%s"
                data = "%s"
                """.formatted(Certificates.fingerprint(authority.certificate()), data));
    }

    void policy(String text) throws IOException {
        Files.writeString(home.policy(), text);
    }

    /** As if it had come over the wire. */
    SignedPlan publish() throws PlanRefusedException {
        Signed signed =
                coordinator.sign(ExamplePlan.of(new ExampleStudy().file()).build());
        SignedPlan plan = SignedPlan.open(signed, coordinator.certificate(), "fed");
        desk().book().receive(plan, signed, Instant.now());
        return plan;
    }

    StewardDesk desk() {
        return StewardDesk.open(home, Clock.systemUTC());
    }

    void spend(int rounds) {
        try (PrivacyLedger ledger = PrivacyLedger.open(home.ledger())) {
            for (int round = 1; round <= rounds; round++) {
                ledger.charge(new Charge(
                        "run-1",
                        round,
                        1,
                        Charge.GAUSSIAN,
                        1,
                        20,
                        0.1,
                        20,
                        1e-5,
                        Instant.parse("2026-11-01T10:00:00Z")));
            }
        }
    }
}
