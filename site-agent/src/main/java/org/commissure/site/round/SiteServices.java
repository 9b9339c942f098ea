package org.commissure.site.round;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import org.commissure.privacy.dp.PrivacyLedger;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.SiteLimits;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.compute.TrainingCheckpoint;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.consent.ConsentRegister;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.membership.Membership;
import org.commissure.site.plan.PlanBook;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.CohortCountStore;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.PlanStore;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumStore;

/**
 * Everything that the phases of a sum work with.
 *
 * @param federation id of the one federation this site belongs to
 * @param membership whose certificates may change between two sums
 */
record SiteServices(
        SiteHome home,
        String federation,
        Membership membership,
        SiteDatabase database,
        SumStore sums,
        SealStore seals,
        CohortCountStore counts,
        LogOutbox outbox,
        PrivacyLedger ledger,
        SealedCohorts cohorts,
        PlanStore planStore,
        ConsentRegister consents,
        CoordinatorLink link,
        LocalWork work,
        Clock clock,
        SecureRandom random) {

    SigningIdentity signing() {
        return membership.signing();
    }

    /** Whose signature invitations, configurations and results must bear. */
    X509Certificate coordinatorSigning() {
        return membership.coordinatorSigning();
    }

    CertificateVerifier verifier() {
        return membership.verifier();
    }

    /** As it stands on disk now. */
    SitePolicy policy() {
        return PolicyFile.read(home.policy());
    }

    /** The signed plans, and where each stands. */
    PlanBook plans() {
        return new PlanBook(planStore);
    }

    SiteLimits limits() {
        SitePolicy.SecureAggregation policy = policy().secureAggregation();
        return new SiteLimits(policy.minimumSites(), policy.minimumThreshold());
    }

    /** Where the masked vector of a sum lies until the sum ends. */
    Path maskedVector(SumId sum) {
        return outgoing(sum, ".masked");
    }

    /** Where unfinished local training of a sum lies until its vector is masked. */
    Path trainingCheckpoint(SumId sum) {
        return outgoing(sum, TrainingCheckpoint.SUFFIX);
    }

    /** What this site keeps of a run from round to round. */
    Path ownState(SumId sum) {
        return home.own().resolve(fileName(sum.getRunId()) + ".safetensors");
    }

    /** What that becomes if the sum is released with this site's vector in it. */
    Path pendingOwnState(SumId sum) {
        return home.own().resolve(fileName(sum.getRunId()) + "-" + named(sum) + ".pending");
    }

    private static String named(SumId sum) {
        return sum.getRound() + "-" + sum.getKind() + "-" + sum.getAttempt();
    }

    private static String fileName(String runId) {
        return runId.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private Path outgoing(SumId sum, String suffix) {
        String run = sum.getRunId().replaceAll("[^A-Za-z0-9_-]", "_");
        return home.outgoing().resolve(run + "-" + named(sum) + suffix);
    }

    SiteSum restoreSecrets(byte[] saved) {
        try {
            return SiteSum.restore(saved, signing(), random);
        } catch (SecAggException e) {
            throw new IllegalStateException("the site's database holds a secure sum that cannot be restored", e);
        }
    }
}
