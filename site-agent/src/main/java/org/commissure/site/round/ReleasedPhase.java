package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.Outcome;

/**
 * The coordinator released the sum; reached from any phase, also by a site whose own vector came too
 * late. Every secret of the attempt is deleted. Waits for nothing but, where sums are checked, the worker's
 * verdict about the released one, which it logs.
 */
record ReleasedPhase() implements SitePhase {
    @Override
    public String name() {
        return "released";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        if (event instanceof SiteEvent.SumChecked checked) {
            if (checked.altered().isPresent()) {
                throw checked.altered().get();
            }
            sum.log(
                    LogEntries.of(
                                    checked.problem().isEmpty() ? Actions.SUM_CHECKED : Actions.SUM_UNCHECKED,
                                    checked.problem().isEmpty() ? Outcome.DONE : Outcome.FAILED,
                                    site.clock().instant())
                            .actor(site.signing().name())
                            .run(sum.id().getRunId())
                            .round(sum.id().getRound())
                            .attempt(sum.id().getAttempt())
                            .detail(checked.problem())
                            .fact("sum", sum.id().getKind().name())
                            .build(),
                    site);
            return Optional.of(this);
        }
        return Optional.empty();
    }

    /** Stops what may still run, and deletes the masked vector. */
    @Override
    public void speak(SumInProgress sum, SiteServices site) {
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
