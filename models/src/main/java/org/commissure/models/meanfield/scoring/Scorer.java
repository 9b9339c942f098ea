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

    /**
     * Connectivity now and dynamics for whom they are asked. An engine that does not keep its simulations repeats
     * those, with the same noise.
     */
    default StagedScores connectivityThenDynamics(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed)
            throws InterruptedException {
        List<Cost> connectivity = scoreConnectivity(connectome, target, settings, candidates, repeats, seed);
        return new StagedScores() {
            @Override
            public List<Cost> connectivity() {
                return connectivity;
            }

            @Override
            public List<Cost> withDynamics(List<Integer> chosen) throws InterruptedException {
                List<RegionalParameters> some =
                        chosen.stream().map(candidates::get).toList();
                return score(connectome, target, settings, some, repeats, seed);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    void close();
}
