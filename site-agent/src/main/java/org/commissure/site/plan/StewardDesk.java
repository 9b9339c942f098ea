package org.commissure.site.plan;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.PolicyReview;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.PlanStore;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;

/**
 * Where a steward reads plans and decides. Works beside the serving agent: a decision is durable, with its signed log
 * entry, when a method returns, and the agent acts on it and announces it within a second or two.
 */
public final class StewardDesk {
    private static final double ROUNDED_TO = 1e-4;

    private final SiteHome home;
    private final Clock clock;
    private final SiteDatabase database;
    private final PlanStore store;
    private final PlanBook book;

    private StewardDesk(SiteHome home, Clock clock, SiteDatabase database) {
        this.home = home;
        this.clock = clock;
        this.database = database;
        this.store = new PlanStore(database);
        this.book = new PlanBook(store);
    }

    /** @throws UserError if the folder is not an enrolled site's */
    public static StewardDesk open(SiteHome home, Clock clock) {
        var unused = home.readSettings();
        return new StewardDesk(home, clock, SiteDatabase.open(home.database()));
    }

    public PlanBook book() {
        return book;
    }

    public SitePolicy policy() {
        return PolicyFile.read(home.policy());
    }

    public PlanState state(SignedPlan plan) {
        return book.state(plan, policy().approvalRule());
    }

    /**
     * What approving would bind: this agent's code, the data as the folder holds them, the study's planned ε. Reads
     * every series once.
     *
     * @throws UserError if the data folder cannot be read
     */
    public ApprovalTerms proposal(SignedPlan plan) {
        double cost = PlanCost.epsilon(plan.study().study());
        return new ApprovalTerms(
                plan.hex(),
                List.of("train", "evaluate"),
                plan.purpose(),
                AgentCode.sha256(),
                data(plan),
                Math.ceil(cost / ROUNDED_TO) * ROUNDED_TO,
                plan.expires());
    }

    private String data(SignedPlan plan) {
        return HexFormat.of()
                .formatHex(CohortSplit.commitment(
                        CohortFolder.read(
                                Path.of(home.readSettings().data()),
                                CohortRules.of(plan.study().study())),
                        salt()));
    }

    private byte[] salt() {
        return new SealStore(database).salt(new SecureRandom());
    }

    /** What this site's policy would refuse of these terms, whatever the hour; empty where nothing. */
    public Optional<SitePolicy.Refusal> objection(SignedPlan plan, ApprovalTerms terms) {
        PolicyReview review = new PolicyReview(policy());
        Optional<SitePolicy.Refusal> found = review.code(terms.code()).or(() -> review.data(terms.data()));
        for (String task : terms.tasks()) {
            SumKind kind = task.equals("evaluate") ? SumKind.EVALUATE : SumKind.TRAIN;
            found = found.or(() -> review.study(plan.study().study(), kind));
        }
        return found;
    }

    /**
     * Approves, as one of the stewards that the policy asks for.
     *
     * @param key of the steward; must be one of the policy's where it names any
     * @return where the plan stands now
     * @throws UserError if the plan has expired, the policy forbids it, the code is not the plan's, or the key is not
     *     one of the policy's
     */
    public PlanState approve(SignedPlan plan, ApprovalTerms terms, String steward, Optional<StewardKey> key) {
        Instant now = clock.instant();
        if (!now.isBefore(plan.expires()) || !now.isBefore(terms.expires())) {
            throw new UserError(
                    "plan " + plan.id() + " or the approval would have expired already",
                    "choose a later --until, or ask the coordinator's operator to publish the plan again");
        }
        if (plan.codeSha256().filter(code -> !code.equals(terms.code())).isPresent()) {
            throw new UserError(
                    "plan " + plan.id() + " is for other code than this agent's, " + terms.code(),
                    "install the version that the coordinator's operator names");
        }
        objection(plan, terms).ifPresent(refusal -> {
            throw new UserError("plan " + plan.id() + " cannot be approved: " + refusal.reason(), refusal.remedy());
        });
        SitePolicy.Approval rule = policy().approvalRule();
        requireKey(rule, key);
        PlanStore.Decision decision = new PlanStore.Decision(
                plan.sha256(),
                PlanBook.APPROVE,
                key.map(StewardKey::name).orElse(steward),
                terms.text(),
                key.map(owner -> ByteString.copyFrom(owner.sign(terms))).orElse(ByteString.EMPTY),
                "",
                now.toEpochMilli());
        decide(
                decision,
                // Half an approval is this site's own business.
                book.completes(decision, plan, rule),
                LogEntries.of(Actions.PLAN_APPROVED, Outcome.DONE, now)
                        .fact("plan_sha256", plan.hex())
                        .fact(
                                "study_sha256",
                                HexFormat.of().formatHex(plan.study().sha256()))
                        .fact("purpose", terms.purpose())
                        .fact("legal_basis", plan.legalBasis())
                        .fact("tasks", String.join(",", terms.tasks()))
                        .fact("code_sha256", terms.code())
                        .fact("data_commitment", terms.data())
                        .fact("epsilon", policy().mayLeave(ClearField.EPSILON) ? "" + terms.epsilon() : "not stated")
                        .fact("expires", terms.expires().toString()));
        return state(plan);
    }

    private static void requireKey(SitePolicy.Approval rule, Optional<StewardKey> key) {
        if (rule.keys().isEmpty()) {
            return;
        }
        StewardKey owner = key.orElseThrow(() -> new UserError(
                "this site's policy names its stewards by their keys, and no key was given",
                "name the file of your key with --key"));
        if (!rule.keys().contains(owner.publicLine())) {
            throw new UserError(
                    "the key of '" + owner.name() + "' is not one of approval.keys in this site's policy",
                    "use a key that is, or ask the privacy officer to add " + owner.publicLine());
        }
    }

    /** Says no to a plan; the coordinator's operator hears the reason where the policy lets it leave. */
    public void refuse(SignedPlan plan, String steward, String reason) {
        say(plan, PlanBook.REFUSE, Actions.PLAN_REFUSED, steward, reason);
    }

    /** Takes an approval back: a running round ends for this site at its next phase. */
    public void revoke(SignedPlan plan, String steward, String reason) {
        PlanState.Status status = state(plan).status();
        if (status != PlanState.Status.APPROVED && status != PlanState.Status.HALF_APPROVED) {
            throw new UserError(
                    "plan " + plan.id() + " is " + status.label() + ", so there is no approval to revoke",
                    "refuse it instead: commissure site plans refuse " + plan.id());
        }
        say(plan, PlanBook.REVOKE, Actions.PLAN_REVOKED, steward, reason);
    }

    private void say(SignedPlan plan, String action, String logged, String steward, String reason) {
        String plain = reason.replaceAll("\\p{Cntrl}", " ").strip();
        if (plain.isEmpty()) {
            throw new UserError("a " + action + " needs a reason", "give one with --reason");
        }
        Instant now = clock.instant();
        decide(
                new PlanStore.Decision(plan.sha256(), action, steward, "", ByteString.EMPTY, plain, now.toEpochMilli()),
                true,
                LogEntries.of(logged, Outcome.REFUSED, now)
                        .detail(policy().mayLeave(ClearField.REASON) ? plain : "the site does not say why")
                        .fact("plan_sha256", plan.hex())
                        .fact(
                                "study_sha256",
                                HexFormat.of().formatHex(plan.study().sha256()))
                        .fact("purpose", plan.purpose()));
    }

    /** The decision and, where it is due, its log entry, in one transaction. */
    private void decide(PlanStore.Decision decision, boolean logged, LogEntries entry) {
        SigningIdentity signing = new IdentityStore(home.identity()).loadSigning();
        // A steward is a person: the log gets a commitment that only this site can open.
        String commitment = HexFormat.of()
                .formatHex(SignedMessages.sha256(ByteString.copyFrom(salt())
                                .concat(ByteString.copyFrom("steward\0" + decision.steward(), StandardCharsets.UTF_8)))
                        .toByteArray());
        var signed = signing.sign(entry.actor(signing.name())
                .fact("steward_commitment", commitment)
                .build());
        database.transaction(handle -> {
            store.decide(handle, decision);
            if (logged) {
                new LogOutbox(database).add(handle, signed);
            }
        });
    }
}
