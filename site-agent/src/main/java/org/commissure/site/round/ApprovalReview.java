package org.commissure.site.round;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.commissure.privacy.dp.Charge;
import org.commissure.protocol.study.Study;
import org.commissure.site.plan.AgentCode;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.PolicyReview;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.policy.SitePolicy.Refusal;

/**
 * Whether a steward's approval covers what an invitation asks: exactly this study, by its signed plan; this kind of
 * sum; the code and the data that were there when it was approved; its ε, over all runs of the plan; and not for longer
 * than was said.
 */
final class ApprovalReview {
    private static final String REQUIRED = "approval.required";
    private static final String TERMS = "approval terms";
    private static final String APPROVE = "the site's steward can approve it: commissure site plans show ";

    private final SumInProgress sum;
    private final SiteServices site;
    private final SitePolicy policy;
    private final Optional<SignedPlan> plan;

    private ApprovalReview(SumInProgress sum, SiteServices site, SitePolicy policy, Optional<SignedPlan> plan) {
        this.sum = sum;
        this.site = site;
        this.policy = policy;
        this.plan = plan;
    }

    static ApprovalReview of(SumInProgress sum, SiteServices site, SitePolicy policy) {
        return new ApprovalReview(
                sum,
                site,
                policy,
                site.plans()
                        .ofStudy(
                                sum.studyFile(),
                                policy.approvalRule(),
                                site.clock().instant()));
    }

    /** The plan of exactly the study that was asked about. */
    Optional<SignedPlan> plan() {
        return plan;
    }

    /** The first objection. Where the policy asks for no approval, only a steward's explicit no counts. */
    Optional<Refusal> refusal() {
        return policy.approvalRule().required() ? standing().or(this::terms) : forbidden();
    }

    /** Why the site must leave even a sum that is under way: a steward has said no to its plan. */
    Optional<Refusal> forbidden() {
        return plan.map(known ->
                        site.plans().state(known, policy.approvalRule()).status())
                .filter(status -> status == PlanState.Status.REFUSED || status == PlanState.Status.REVOKED)
                .flatMap(status -> standing());
    }

    private Optional<Refusal> standing() {
        if (plan.isEmpty()) {
            return refuse(
                    REQUIRED,
                    "this site has no signed plan of exactly this study",
                    "publish it (commissure coordinator plan publish), and wait for the site's steward");
        }
        SignedPlan asked = plan.get();
        PlanState state = site.plans().state(asked, policy.approvalRule());
        String name = "plan " + asked.id();
        return switch (state.status()) {
            case APPROVED -> expired(asked, site.clock().instant());
            case WAITING -> refuse(REQUIRED, "no steward of this site has approved " + name, APPROVE + asked.id());
            case HALF_APPROVED ->
                refuse(
                        "approval.stewards",
                        "only one of two stewards of this site has approved " + name,
                        APPROVE + asked.id());
            case REFUSED ->
                refuse(
                        REQUIRED,
                        "a steward of this site refused " + name + ": " + state.reason(),
                        "talk to the site, and publish a plan that it can approve");
            case REVOKED ->
                refuse(
                        REQUIRED,
                        "a steward of this site revoked the approval of " + name + ": " + state.reason(),
                        "talk to the site");
        };
    }

    private Optional<Refusal> expired(SignedPlan asked, Instant now) {
        return now.isBefore(asked.expires())
                ? Optional.empty()
                : refuse(REQUIRED, "plan " + asked.id() + " expired on " + asked.expires(), "publish it again");
    }

    /** Only asked of an approved plan. */
    private Optional<Refusal> terms() {
        SignedPlan asked = plan.orElseThrow();
        ApprovalTerms terms = site.plans()
                .state(asked, policy.approvalRule())
                .terms()
                .orElseThrow(() -> new IllegalStateException("an approved plan has terms"));
        String name = "plan " + asked.id();
        String again = "the site's steward can approve it again: commissure site plans approve " + asked.id();
        if (!site.clock().instant().isBefore(terms.expires())) {
            return refuse(TERMS, "this site's approval of " + name + " ended on " + terms.expires(), again);
        }
        String task = PolicyReview.task(sum.id().getKind());
        if (!terms.tasks().contains(task)) {
            return refuse(TERMS, "this site approved " + name + " without the task '" + task + "'", again);
        }
        if (!terms.code().equals(AgentCode.sha256())) {
            return refuse(TERMS, "the code of this site's agent is not the one that was approved for " + name, again);
        }
        if (asked.codeSha256().filter(code -> !code.equals(AgentCode.sha256())).isPresent()) {
            return refuse(TERMS, name + " is for other code than this site's agent runs", "install that version");
        }
        if (!terms.data().equals(SealingPhase.hex(site.cohorts().of(sum.study()).commitment()))) {
            return refuse(TERMS, "the data of this site are not those that were approved for " + name, again);
        }
        return epsilon(asked, terms, again);
    }

    private Optional<Refusal> epsilon(SignedPlan asked, ApprovalTerms terms, String again) {
        Study study = sum.study();
        Optional<Charge> planned = PrivacyCharge.planned(sum, site);
        if (planned.isEmpty()) {
            return Optional.empty();
        }
        var runs = site.planStore().runs(asked.sha256());
        double after = site.ledger()
                .after(planned.get(), study.privacy().delta(), charge -> runs.contains(charge.runId()))
                .epsilon();
        String figures = policy.mayLeave(ClearField.EPSILON)
                ? String.format(Locale.ROOT, " (%.3f of %.3f)", after, terms.epsilon())
                : "";
        return after <= terms.epsilon()
                ? Optional.empty()
                : refuse(
                        TERMS,
                        "the round would spend more epsilon than this site approved for plan " + asked.id() + figures,
                        again);
    }

    private static Optional<Refusal> refuse(String rule, String reason, String remedy) {
        return Optional.of(new Refusal(rule, reason, remedy));
    }
}
