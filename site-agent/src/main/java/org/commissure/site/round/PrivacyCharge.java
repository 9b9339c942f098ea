package org.commissure.site.round;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.ChargeEntry;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.plan.AgentCode;
import org.commissure.site.plan.LeavingFields;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.policy.SitePolicy.Refusal;

/** What a masked update costs, written to the ledger before the first byte of it leaves. */
final class PrivacyCharge {
    private static final String NO_PLAN = "no signed plan; this site asks for none";

    private PrivacyCharge() {}

    /** Whether sums of that kind hold something of patients that is noised and charged. */
    static boolean spends(SumKind kind) {
        return kind == SumKind.TRAIN || kind == SumKind.STATISTICS;
    }

    /**
     * What was agreed for the noise of a TRAIN sum in privacy mode distributed.
     *
     * @throws IllegalArgumentException if it cannot be added to that sum
     */
    static DistributedNoise noise(SecureSumConfig config, SumInProgress sum) {
        return DistributedNoise.of(
                sum.study(),
                ModelShape.summed(sum.study(), sum.asked().getParameterCount()),
                config.getPartyCount(),
                config.getThreshold(),
                config.getMaxColluders());
    }

    /**
     * The charge of a sum whose roster is not known yet, which costs the same; empty where nothing is charged.
     *
     * @throws StudyException if the study's noise does not fit its ring
     */
    static Optional<Charge> planned(SumInProgress sum, SiteServices site) {
        if (!spends(sum.id().getKind())) {
            return Optional.empty();
        }
        try {
            return StudyCost.ofSum(
                    sum.study(),
                    sum.id().getRunId(),
                    sum.id().getRound(),
                    sum.id().getAttempt(),
                    ModelShape.summed(sum.study(), sum.asked().getParameterCount()),
                    site.clock().instant());
        } catch (IllegalArgumentException e) {
            throw new StudyException("secure_aggregation.ring_bits", String.valueOf(e.getMessage()));
        }
    }

    /** The charge of a sum that has its configuration; the same attempt is never charged twice. */
    private static Optional<Charge> due(SumInProgress sum, SiteServices site) {
        if (sum.study().privacy().mode() != Study.PrivacyMode.DISTRIBUTED) {
            return planned(sum, site);
        }
        return spends(sum.id().getKind())
                ? Optional.of(StudyCost.ofSum(
                        sum.study(),
                        sum.id().getRunId(),
                        sum.id().getRound(),
                        sum.id().getAttempt(),
                        sum.asked().getClipNorm(),
                        Optional.of(noise(sum.secrets().config(), sum).share()),
                        site.clock().instant()))
                : Optional.empty();
    }

    /**
     * Charges, and logs what was spent and what is left. Nothing to do for a sum that costs nothing.
     *
     * @return why nothing was charged and nothing may leave: sums that were accepted side by side exceed the budget
     */
    static Optional<Refusal> charge(SumInProgress sum, SiteServices site) {
        Optional<Charge> due = due(sum, site);
        if (due.isEmpty()) {
            return Optional.empty();
        }
        Charge charge = due.get();
        Optional<Refusal> overBudget = overBudget(charge, site);
        if (overBudget.isPresent()) {
            return overBudget;
        }
        if (site.ledger().charge(charge)) {
            sum.log(entry(charge, site), site);
        }
        return Optional.empty();
    }

    /**
     * What a crash between the ledger and the database left out: charges of sums that are still in training, as log
     * entries. In another phase the entry is in the database, for it was stored with the phase.
     */
    static List<LogEntry> unlogged(SiteServices site) {
        return site.sums().inPhase(new TrainingPhase().name()).stream()
                .flatMap(row -> site.ledger().charges().stream()
                        .filter(charge -> charge.runId().equals(row.sum().getRunId())
                                && charge.round() == row.sum().getRound()
                                && charge.attempt() == row.sum().getAttempt()
                                && spends(row.sum().getKind())))
                .map(charge -> entry(charge, site))
                .toList();
    }

    /** A charge that the ledger holds, as the log tells it. */
    static LogEntry entry(Charge charge, SiteServices site) {
        SitePolicy policy = site.policy();
        double spent = site.ledger().spent(charge.delta()).epsilon();
        double left = Math.max(0, policy.privacy().epsilonBudget() - spent);
        LogEntries entry = ChargeEntry.of(charge, site.clock().instant());
        if (policy.mayLeave(ClearField.EPSILON)) {
            entry = ChargeEntry.stating(entry, spent, left);
        }
        return entry.actor(site.signing().name()).build();
    }

    /** Why {@code charge} may not be made; the budget is read from the policy as it stands now. */
    static Optional<Refusal> overBudget(Charge charge, SiteServices site) {
        SitePolicy policy = site.policy();
        double budget = policy.privacy().epsilonBudget();
        double after = site.ledger().after(charge, charge.delta()).epsilon();
        String figures = policy.mayLeave(ClearField.EPSILON)
                ? String.format(Locale.ROOT, "to %.3f, over its budget of %.3f", after, budget)
                : "over its budget";
        return after <= budget
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "privacy.epsilon_budget",
                        "the round would bring this site's spent epsilon " + figures,
                        "plan more noise, fewer local steps or a smaller sampling rate, or ask the site's privacy"
                                + " officer for a larger privacy.epsilon_budget"));
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
}
