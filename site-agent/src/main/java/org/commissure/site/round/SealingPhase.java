package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.dp.NoisedCount;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.SitePolicy.Refusal;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.SealStore;

/**
 * The site was invited and has not answered yet.
 *
 * <p>Waits for: the invitation itself, and, the first time in a run, the receipt that the seal of its
 * cohort is in the log, so that nobody can choose the external patients after seeing a model.
 * Persists: the seal and its log entry, with the noised number of patients and its charge; then the reply. Failures: whatever policy, ledger, study or
 * cohort object to leads to {@link RefusedPhase} with reason and remedy.
 */
record SealingPhase() implements SitePhase {
    @Override
    public String name() {
        return "sealing";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) {
        boolean repeated =
                event instanceof SiteEvent.Received received && received.frame().hasInvitation();
        if (!repeated && !(event instanceof SiteEvent.EntryLogged)) {
            return Optional.empty();
        }
        InvitationReview review = new InvitationReview(sum, site);
        Optional<Refusal> refusal = review.refusal();
        if (refusal.isPresent()) {
            return Optional.of(RefusedPhase.refuse(refusal.get(), review.mayTellReason(), sum, site));
        }
        if (!sealed(sum, site, review)) {
            return Optional.of(this);
        }
        Optional<SignedPlan> plan = review.plan();
        plan.ifPresent(known -> site.planStore().begun(known.sha256(), sum.id().getRunId()));
        sum.answer(SiteFrame.newBuilder()
                .setInvitationReply(site.signing()
                        .sign(InvitationReply.newBuilder()
                                .setSum(sum.id())
                                .setInvitationSha256(sum.invitationSha256())
                                .setAccepted(true)
                                .build())));
        sum.log(
                LogEntries.of(
                                Actions.INVITATION_ACCEPTED,
                                Outcome.DONE,
                                site.clock().instant())
                        .actor(site.signing().name())
                        .run(sum.id().getRunId())
                        .round(sum.id().getRound())
                        .attempt(sum.id().getAttempt())
                        .fact("kind", sum.id().getKind().name())
                        .fact(
                                "study_sha256",
                                hex(ByteString.copyFrom(sum.studyFile().sha256())))
                        .fact("model_sha256", hex(sum.asked().getModelSha256()))
                        .fact("plan_sha256", plan.map(SignedPlan::hex).orElse("none"))
                        .build(),
                site);
        return Optional.of(new InvitedPhase());
    }

    /** Whether the run's seal is in the log; signs it the first time. */
    private static boolean sealed(SumInProgress sum, SiteServices site, InvitationReview review) {
        Optional<SealStore.Seal> known = site.seals().find(sum.id().getRunId());
        if (known.isPresent()) {
            return site.outbox().isLogged(known.get().entrySha256());
        }
        SealedCohorts.Split split = review.split();
        LogEntries sealed = LogEntries.of(
                        Actions.COHORT_SEALED, Outcome.DONE, site.clock().instant())
                .actor(site.signing().name())
                .run(sum.id().getRunId())
                .detail("the split into internal and external patients is fixed for this run")
                .fact("internal_sha256", hex(split.internalSha256()))
                .fact("external_sha256", hex(split.externalSha256()))
                .fact("dataset", site.federation() + "/" + site.signing().name());
        Optional<NoisedCount> count = CohortCount.toState(split, sum, site);
        Signed entry = sum.signedEntry(
                count.map(noised -> noised.state(sealed)).orElse(sealed).build(), site);
        sum.seal(new SealStore.Seal(split.internalSha256(), split.externalSha256(), LogOutbox.hash(entry)));
        return false;
    }

    static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
