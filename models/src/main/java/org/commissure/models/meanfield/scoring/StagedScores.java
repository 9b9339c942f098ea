package org.commissure.models.meanfield.scoring;

import java.util.List;
import org.commissure.models.meanfield.statistics.Cost;

/**
 * Candidates that are scored in two steps, because most of them need no second: the connectivity of all is known, the
 * dynamics are computed for those asked for. Not thread-safe; holds the simulations until closed.
 */
public interface StagedScores extends AutoCloseable {
    /** One cost for each candidate, in order; ks is 0. */
    List<Cost> connectivity();

    /**
     * Complete costs of some candidates, in the order asked for.
     *
     * @param candidates indices from 0
     */
    List<Cost> withDynamics(List<Integer> candidates) throws InterruptedException;

    @Override
    void close();
}
