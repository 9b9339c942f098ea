package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.site.policy.SitePolicy.Refusal;

/**
 * Local work is due: training, or evaluation on the external cohort.
 *
 * <p>Waits for: the finished vector. Persists: the masked vector as a file, its signed header, and,
 * for a training sum, the charge in the privacy ledger: all of it before the first chunk leaves. After a
 * kill before that, and if the coordinator still waits for this attempt, training goes on from its last
 * checkpoint, or afresh without one; nothing had left in either case. Failures: a damaged series, a model that does not verify or a full disk ends the attempt here; the round goes on
 * without this site.
 */
record TrainingPhase() implements SitePhase {
    @Override
    public String name() {
        return "training";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        if (event.frame().hasShareDelivery()) {
            sum.secrets().receiveShares(event.frame().getShareDelivery()); // refuses other shares than before
            return Optional.of(this);
        }
        if (event instanceof SiteEvent.WorkFailed failed) {
            return Optional.of(AbandonedPhase.failed(name(), failed.reason(), sum));
        }
        return event instanceof SiteEvent.VectorReady ready
                ? Optional.of(mask(ready.vector(), sum, site))
                : Optional.empty();
    }

    private SitePhase mask(PlainVector vector, SumInProgress sum, SiteServices site) throws SecAggException {
        Signed header = sum.secrets().mask(vector, site.maskedVector(sum.id()));
        Optional<Refusal> refusal = PrivacyCharge.charge(sum, site);
        if (refusal.isPresent()) {
            return AbandonedPhase.failed(name(), refusal.get().toString(), sum);
        }
        PrivacyCharge.logMasked(sum, header, site);
        sum.answer(SiteFrame.newBuilder().setMaskedHeader(header));
        return new UploadingPhase();
    }

    /** Starts the work unless it is running already. */
    @Override
    public void speak(SumInProgress sum, SiteServices site) {
        site.work()
                .startVector(
                        sum,
                        site.trainingCheckpoint(sum.id()),
                        site.ownState(sum.id()),
                        site.pendingOwnState(sum.id()));
    }
}
