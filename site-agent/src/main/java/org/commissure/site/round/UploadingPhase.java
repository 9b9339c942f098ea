package org.commissure.site.round;

import java.util.Optional;

/**
 * The masked vector is on disk and on its way.
 *
 * <p>Waits for: the acknowledgement of the last chunk. Persists: that it arrived. After a kill the
 * same bytes go on from the last acknowledged chunk. Failures: a masked vector
 * that cannot be read back ends the attempt here. A broken connection is none, nor is a coordinator
 * that refuses: it asks again, or ends the sum.
 */
record UploadingPhase() implements SitePhase {
    @Override
    public String name() {
        return "uploading";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) {
        if (event instanceof SiteEvent.WorkFailed failed) {
            return Optional.of(AbandonedPhase.failed(name(), failed.reason(), sum));
        }
        if (event instanceof SiteEvent.UploadFinished) {
            return Optional.of(new UploadedPhase());
        }
        return event.frame().hasShareDelivery() ? Optional.of(this) : Optional.empty();
    }

    /** Uploads unless an upload is running already; what it was trained from is of no use any more. */
    @Override
    public void speak(SumInProgress sum, SiteServices site) {
        site.work().forget(site.trainingCheckpoint(sum.id()));
        site.work().startUpload(sum.id(), site.maskedVector(sum.id()));
    }
}
