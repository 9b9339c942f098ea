package org.commissure.site.round;

import java.util.Optional;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.StepFailed;

/**
 * The attempt is over for this site without a sum: the coordinator aborted it, started another, ended
 * the run, or the site itself could not go on. Every secret of the attempt is deleted, so that
 * nothing of it can be opened later. What was charged for it stays charged.
 */
record AbandonedPhase() implements SitePhase {
    @Override
    public String name() {
        return "abandoned";
    }

    /** Ends the attempt because of this site, and tells the coordinator as often as it asks. */
    static AbandonedPhase failed(String step, String reason, SumInProgress sum) {
        sum.forget(reason);
        sum.answer(SiteFrame.newBuilder()
                .setStepFailed(
                        StepFailed.newBuilder().setSum(sum.id()).setStep(step).setReason(reason)));
        return new AbandonedPhase();
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) {
        return event instanceof SiteEvent.Received && sum.answer().isPresent() ? Optional.of(this) : Optional.empty();
    }

    @Override
    public void speak(SumInProgress sum, SiteServices site) {
        sum.answer().ifPresent(site.link()::send);
        site.work()
                .discard(
                        sum.id(),
                        site.maskedVector(sum.id()),
                        site.trainingCheckpoint(sum.id()),
                        site.pendingOwnState(sum.id()));
    }

    @Override
    public boolean isTerminal() {
        return true;
    }
}
