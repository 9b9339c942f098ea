package org.commissure.site.plan;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.StudyPlan;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.PlanStore;

/** The plans that this site knows, and where each stands. Reads the database at every call. Thread-safe. */
public final class PlanBook {
    static final String APPROVE = "approve";
    static final String REFUSE = "refuse";
    static final String REVOKE = "revoke";

    private final PlanStore store;

    public PlanBook(PlanStore store) {
        this.store = store;
    }

    /** Keeps a plan that was verified. @return whether it is new */
    public boolean receive(SignedPlan plan, Signed signed, Instant now) {
        return store.add(new PlanStore.Plan(plan.sha256(), signed, now.toEpochMilli()));
    }

    /** Newest first. */
    public List<SignedPlan> plans() {
        return store.plans().stream().map(PlanBook::stored).toList();
    }

    /** @throws UserError if no plan, or more than one, has an id that begins so */
    public SignedPlan named(String idPrefix) {
        List<SignedPlan> found = plans().stream()
                .filter(plan -> !idPrefix.isEmpty() && plan.hex().startsWith(idPrefix))
                .toList();
        if (found.size() != 1) {
            throw new UserError(
                    (found.isEmpty() ? "no plan" : "more than one plan") + " of this site begins with '" + idPrefix
                            + "'",
                    "see 'commissure site plans list'; plans come while 'site serve' is connected");
        }
        return found.getFirst();
    }

    /** The plan of exactly that study: the newest that is approved and not expired, else the newest of all. */
    public Optional<SignedPlan> ofStudy(StudyFile study, SitePolicy.Approval rule, Instant now) {
        List<SignedPlan> found = plans().stream()
                .filter(plan -> plan.study().text().equals(study.text()))
                .toList();
        return found.stream()
                .filter(plan ->
                        now.isBefore(plan.expires()) && state(plan, rule).status() == PlanState.Status.APPROVED)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** The plan that was approved last, leaving {@code other} out; empty before the first approval. */
    public Optional<SignedPlan> lastApproved(SignedPlan other) {
        return store.decisions().reversed().stream()
                .filter(decision ->
                        decision.action().equals(APPROVE) && !decision.plan().equals(other.sha256()))
                .findFirst()
                .flatMap(decision -> plans().stream()
                        .filter(plan -> plan.sha256().equals(decision.plan()))
                        .findFirst());
    }

    /** Every decision about a plan, oldest first. */
    public List<PlanStore.Decision> decisions(SignedPlan plan) {
        return store.decisions().stream()
                .filter(decision -> decision.plan().equals(plan.sha256()))
                .toList();
    }

    /** Where {@code plan} stands under the policy's present rule: an approval by a key that is not in it counts for nothing. */
    public PlanState state(SignedPlan plan, SitePolicy.Approval rule) {
        return state(decisions(plan), rule);
    }

    /** Whether the plan would be approved with {@code next}. */
    boolean completes(PlanStore.Decision next, SignedPlan plan, SitePolicy.Approval rule) {
        List<PlanStore.Decision> all = new ArrayList<>(decisions(plan));
        all.add(next);
        return state(all, rule).status() == PlanState.Status.APPROVED;
    }

    private static PlanState state(List<PlanStore.Decision> decisions, SitePolicy.Approval rule) {
        PlanState state = PlanState.waiting();
        List<PlanStore.Decision> approvals = new ArrayList<>();
        for (PlanStore.Decision decision : decisions) {
            if (decision.action().equals(APPROVE)) {
                if (ApprovalTerms.parse(decision.terms()).isPresent() && counts(decision, rule)) {
                    approvals.add(decision);
                    state = approved(approvals, rule);
                }
            } else {
                approvals.clear();
                PlanState.Status status =
                        decision.action().equals(REVOKE) ? PlanState.Status.REVOKED : PlanState.Status.REFUSED;
                state = new PlanState(status, Optional.empty(), List.of(), decision.reason());
            }
        }
        return state;
    }

    /** The newest terms, and everybody who approved exactly them. */
    private static PlanState approved(List<PlanStore.Decision> approvals, SitePolicy.Approval rule) {
        String terms = approvals.getLast().terms();
        TreeSet<String> stewards = new TreeSet<>();
        for (PlanStore.Decision approval : approvals) {
            if (approval.terms().equals(terms)) {
                stewards.add(approval.steward());
            }
        }
        return new PlanState(
                stewards.size() >= rule.stewards() ? PlanState.Status.APPROVED : PlanState.Status.HALF_APPROVED,
                ApprovalTerms.parse(terms),
                List.copyOf(stewards),
                "");
    }

    private static boolean counts(PlanStore.Decision approval, SitePolicy.Approval rule) {
        return rule.keys().isEmpty()
                || rule.keys().stream()
                        .filter(key -> key.startsWith(approval.steward() + ":"))
                        .anyMatch(key -> StewardKey.verify(
                                key, approval.terms(), approval.signature().toByteArray()));
    }

    /** Its signature was checked when it came; the coordinator's certificate may be another by now. */
    private static SignedPlan stored(PlanStore.Plan row) {
        try {
            StudyPlan plan = StudyPlan.parseFrom(row.signed().getPayload());
            return new SignedPlan(
                    plan,
                    StudyFile.parse(plan.getStudyText()),
                    SignedMessages.sha256(row.signed().getPayload()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the site's database holds a plan that cannot be decoded", e);
        }
    }
}
