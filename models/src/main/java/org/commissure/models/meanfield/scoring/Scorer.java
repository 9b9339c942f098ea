package org.commissure.models.meanfield.scoring;

import java.util.List;
import org.commissure.models.meanfield.statistics.Cost;

/**
 * Scores candidates against a target, many at a time. All candidates of a task share the noise of each
 * repeat, so that they can be compared with each other; a seed gives the same costs again on the same
 * engine. Thread-safe; owns its engine and threads until closed.
 */
public interface Scorer extends AutoCloseable {
    /** One cost for each candidate, in order; ks is 0 where the target has no dynamics. */
    List<Cost> score(ScoringTask task) throws InterruptedException;

    /**
     * Connectivity now and dynamics for whom they are asked. An engine that does not keep its simulations repeats
     * those, with the same noise.
     */
    default StagedScores connectivityThenDynamics(ScoringTask task) throws InterruptedException {
        List<Cost> connectivity = score(task.connectivityAlone());
        return new StagedScores() {
            @Override
            public List<Cost> connectivity() {
                return connectivity;
            }

            @Override
            public List<Cost> withDynamics(List<Integer> chosen) throws InterruptedException {
                return score(task.of(chosen.stream().map(task.candidates()::get).toList()));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    void close();
}
