package org.commissure.site.round;

import java.util.Optional;

/**
 * The coordinator released the sum; reached from any phase, also by a site whose own vector came too
 * late. Every secret of the attempt is deleted. Waits for nothing.
 */
record ReleasedPhase() implements SitePhase {
    @Override
    public String name() {
        return "released";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) {
        return Optional.empty();
    }

    /** Stops what may still run, and deletes the masked vector. */
    @Override
    public void speak(SumInProgress sum, SiteServices site) {
        site.work().discard(sum.id(), site.maskedVector(sum.id()), site.trainingCheckpoint(sum.id()));
    }

    @Override
    public boolean isTerminal() {
        return true;
    }
}
