package org.commissure.site.round;

import com.google.protobuf.InvalidProtocolBufferException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.dp.Charge;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.plan.AgentCode;
import org.commissure.site.plan.LeavingFields;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.regional.StatisticsNoise;

/** What a masked update costs, written to the ledger before the first byte of it leaves. */
final class PrivacyCharge {
    private static final String NO_PLAN = "no signed plan; this site asks for none";

    private PrivacyCharge() {}

    /** Whether sums of that kind hold something of patients that is noised and charged. */
    static boolean spends(SumKind kind) {
        return kind == SumKind.TRAIN || kind == SumKind.STATISTICS;
    }

    /** Noised releases in one sum of the study that a patient's data are in. */
    private static long releases(Study study) {
        return study.regional()
                .map(plan -> (long) StatisticsNoise.releases(plan))
                .orElseGet(() -> (long) study.localSteps());
    }

    /** The charge of a training sum; the same attempt is never charged twice. */
    static Charge planned(SumInProgress sum, SiteServices site) {
        Study study = sum.study();
        return new Charge(
                sum.id().getRunId(),
                sum.id().getRound(),
                sum.id().getAttempt(),
                Charge.GAUSSIAN,
                study.privacy().clipNorm(),
                study.privacy().noiseMultiplier(),
                study.privacy().samplingRate(),
                releases(study),
                study.privacy().delta(),
                site.clock().instant());
    }

    /** Charges, and logs what was spent and what is left. Mode {@code none} has nothing to charge. */
    static void charge(SumInProgress sum, SiteServices site) {
        Study.Privacy privacy = sum.study().privacy();
        if (privacy.mode() == Study.PrivacyMode.NONE) {
            return;
        }
        site.ledger().charge(planned(sum, site));
        double spent = site.ledger().spent(privacy.delta()).epsilon();
        SitePolicy policy = site.policy();
        double left = Math.max(0, policy.privacy().epsilonBudget() - spent);
        LogEntries entry = LogEntries.of(
                        Actions.PRIVACY_CHARGED, Outcome.DONE, site.clock().instant())
                .actor(site.signing().name())
                .run(sum.id().getRunId())
                .round(sum.id().getRound())
                .attempt(sum.id().getAttempt())
                .fact("mechanism", Charge.GAUSSIAN)
                .fact("clip_norm", privacy.clipNorm())
                .fact("noise_multiplier", privacy.noiseMultiplier())
                .fact("sampling_rate", privacy.samplingRate())
                .fact("steps", releases(sum.study()))
                .fact("delta", privacy.delta());
        if (policy.mayLeave(ClearField.EPSILON)) {
            entry = entry.fact("epsilon_spent", decimal(spent, RoundingMode.CEILING))
                    .fact("epsilon_left", decimal(left, RoundingMode.FLOOR));
        }
        sum.log(entry.build(), site);
    }

    /** Logs the hash of what will be uploaded, so that the hospital can later prove its part. */
    static void logMasked(SumInProgress sum, Signed signedHeader, SiteServices site) {
        MaskedHeader header = header(signedHeader);
        boolean training = spends(sum.id().getKind());
        Optional<SignedPlan> plan = ApprovalReview.of(sum, site, site.policy()).plan();
        sum.log(
                LogEntries.of(Actions.UPDATE_MASKED, Outcome.DONE, site.clock().instant())
                        .actor(site.signing().name())
                        .run(sum.id().getRunId())
                        .round(sum.id().getRound())
                        .attempt(sum.id().getAttempt())
                        .fact("kind", sum.id().getKind().name())
                        .fact(
                                "privacy",
                                training ? sum.study().privacy().mode().name().toLowerCase(Locale.ROOT) : "sum only")
                        .fact("sha256", SealingPhase.hex(header.getVectorSha256()))
                        .fact("bytes", header.getVectorBytes())
                        .fact("purpose", sum.study().study().purpose())
                        .fact("legal_basis", plan.map(SignedPlan::legalBasis).orElse(NO_PLAN))
                        .fact("plan_sha256", plan.map(SignedPlan::hex).orElse(NO_PLAN))
                        .fact("code_sha256", AgentCode.sha256())
                        .fact(
                                "data_commitment",
                                SealingPhase.hex(site.cohorts().of(sum.study()).commitment()))
                        .fact(
                                "fields",
                                String.join(
                                        "; ",
                                        LeavingFields.masked(
                                                sum.study(), sum.id().getKind())))
                        .build(),
                site);
    }

    private static MaskedHeader header(Signed signed) {
        try {
            return MaskedHeader.parseFrom(signed.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("this site's own header cannot be decoded", e);
        }
    }

    /** Rounded against the reader's hope: an upper bound stays one. */
    private static String decimal(double value, RoundingMode rounding) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(6, rounding).toPlainString()
                : "unbounded";
    }
}
