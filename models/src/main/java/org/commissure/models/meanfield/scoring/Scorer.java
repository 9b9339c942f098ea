package org.commissure.models.meanfield.scoring;

import java.util.List;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;

/**
 * Scores candidates against a target, many at a time. All candidates of a call share the noise of each
 * repeat, so that they can be compared with each other; a seed gives the same costs again on the same
 * engine. Thread-safe; owns its engine and threads until closed.
 */
public interface Scorer extends AutoCloseable {
    /**
     * @param repeats noise realisations that are averaged before the comparison
     * @return one cost for each candidate, in order
     */
    List<Cost> score(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed)
            throws InterruptedException;

    /** The same without the dynamics: ks is 0. About four fifths of the work remain. */
    List<Cost> scoreConnectivity(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed)
            throws InterruptedException;

    @Override
    void close();
}
