package org.commissure.site.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commissure.privacy.audit.Witness;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.Signed;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.consent.ConsentRegister;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.ConsentStore;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumRow;
import org.commissure.site.storage.SumStore;
import org.jspecify.annotations.Nullable;

/**
 * What the site's folder says about it. Names no patient.
 *
 * @param coordinatorReplicas further addresses at which it may be
 * @param cohort null until a study has said what series it needs
 * @param log what the site saw of the federation's log as its witness; null until it serves
 * @param lastSums newest first
 */
public record SiteStatus(
        String federation,
        String site,
        String coordinator,
        @JsonProperty("coordinator_replicas") List<String> coordinatorReplicas,
        @JsonProperty("authority_sha256") String authoritySha256,
        @JsonProperty("tls_certificate_expires") String tlsCertificateExpires,
        @JsonProperty("tls_certificate_expired") boolean tlsCertificateExpired,
        @JsonProperty("signing_certificate_expires") String signingCertificateExpires,
        @Nullable CohortCounts cohort,
        Privacy privacy,
        @Nullable SeenLog log,
        @JsonProperty("last_sums") List<Map<String, Object>> lastSums) {
    /** So many of the newest sums are told of. */
    public static final int LAST_SUMS = 10;

    /**
     * @param internal who train, without who withdrew
     * @param external who only evaluate, without who withdrew
     * @param withdrawn of those whom the folder would admit
     */
    public record CohortCounts(int internal, int external, int rejected, int withdrawn) {}

    public record Privacy(
            @JsonProperty("epsilon_spent") double epsilonSpent,
            @JsonProperty("epsilon_left") double epsilonLeft,
            @JsonProperty("epsilon_budget") double epsilonBudget,
            double delta,
            int charges) {}

    /** @param refused checkpoints that did not fit what the site had seen before */
    public record SeenLog(long entries, int refused) {}

    /** Reads every series, for the cohort. @throws UserError if the folder is not an enrolled site's, or damaged */
    public static SiteStatus of(SiteHome home, Clock clock) {
        SiteSettings settings = home.readSettings();
        if (!Files.exists(home.database())) {
            return of(home, clock, List.of(), null);
        }
        SiteDatabase database = SiteDatabase.open(home.database());
        List<SumRow> sums = new SumStore(database).newest(LAST_SUMS);
        CohortCounts cohort = sums.isEmpty() ? null : cohort(sums.getFirst(), Path.of(settings.data()), database);
        return of(home, clock, sums, cohort);
    }

    /**
     * The same without the cohort, so without reading series.
     *
     * @param sums the newest {@link #LAST_SUMS}, newest first
     */
    public static SiteStatus withoutCohort(SiteHome home, Clock clock, List<SumRow> sums) {
        return of(home, clock, sums, null);
    }

    private static SiteStatus of(SiteHome home, Clock clock, List<SumRow> sums, @Nullable CohortCounts cohort) {
        SiteSettings settings = home.readSettings();
        IdentityStore store = new IdentityStore(home.identity());
        X509Certificate tls = store.loadTls().certificate();
        X509Certificate signing = store.loadSigning().certificate();
        return new SiteStatus(
                settings.federation(),
                settings.site(),
                settings.addresses().getFirst().toString(),
                settings.addresses().stream()
                        .skip(1)
                        .map(CoordinatorAddress::toString)
                        .toList(),
                settings.authoritySha256(),
                tls.getNotAfter().toInstant().toString(),
                clock.instant().isAfter(tls.getNotAfter().toInstant()),
                signing.getNotAfter().toInstant().toString(),
                cohort,
                privacy(home),
                Files.isDirectory(home.witness()) ? seenLog(home.openWitness()) : null,
                sums.stream().map(SiteStatus::facts).toList());
    }

    private static Privacy privacy(SiteHome home) {
        SitePolicy.Privacy policy = PolicyFile.read(home.policy()).privacy();
        LedgerContents ledger = LedgerContents.read(home.ledger());
        double spent = ledger.spent(policy.maximumDelta()).epsilon();
        return new Privacy(
                spent,
                Math.max(0, policy.epsilonBudget() - spent),
                policy.epsilonBudget(),
                policy.maximumDelta(),
                ledger.charges().size());
    }

    private static SeenLog seenLog(Witness witness) {
        return new SeenLog(witness.size(), witness.refusals().size());
    }

    /** As the newest study splits the folder now, and as its next sum would take it. */
    private static @Nullable CohortCounts cohort(SumRow newest, Path data, SiteDatabase database) {
        try {
            RoundInvitation asked = RoundInvitation.parseFrom(
                    Signed.parseFrom(newest.invitation()).getPayload());
            Study study = StudyFile.parse(asked.getStudyText()).study();
            Admission admission = CohortFolder.read(data, CohortRules.of(study));
            byte[] salt = new SealStore(database).salt(new SecureRandom());
            SealedSplit all = CohortSplit.seal(admission, study.externalFraction(), salt);
            var register = new ConsentRegister(new ConsentStore(database), salt);
            Set<ByteString> withdrawn = register.withdrawn().patients();
            SealedSplit left = all.without(subject -> withdrawn.contains(register.name(subject.participantId())));
            return new CohortCounts(
                    left.internal().size(),
                    left.external().size(),
                    admission.rejected().size(),
                    patients(all) - patients(left));
        } catch (InvalidProtocolBufferException | StudyException | UserError e) {
            return null;
        }
    }

    private static int patients(SealedSplit split) {
        return split.internal().size() + split.external().size();
    }

    private static Map<String, Object> facts(SumRow row) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("run", row.sum().getRunId());
        facts.put("round", row.sum().getRound());
        facts.put("kind", row.sum().getKind().name());
        facts.put("attempt", row.sum().getAttempt());
        facts.put("phase", row.phase());
        facts.put("note", row.note());
        facts.put("updated_unix_ms", row.updatedUnixMs());
        return facts;
    }
}
