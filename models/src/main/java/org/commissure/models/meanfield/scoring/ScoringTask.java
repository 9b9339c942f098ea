package org.commissure.models.meanfield.scoring;

import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.statistics.Target;

/**
 * Candidates to score, and against what.
 *
 * @param target without dynamics where only the connectivity is compared: about four fifths of the work remain
 * @param repeats noise realisations that are averaged before the comparison
 * @param seed of the noise, which all candidates share
 */
public record ScoringTask(
        Connectome connectome,
        Target target,
        ScoringSettings settings,
        List<RegionalParameters> candidates,
        int repeats,
        long seed) {
    public ScoringTask {
        candidates = List.copyOf(candidates);
    }

    /** The same without the dynamics. */
    public ScoringTask connectivityAlone() {
        return new ScoringTask(
                connectome,
                new Target(target.regions(), target.correlation(), Optional.empty()),
                settings,
                candidates,
                repeats,
                seed);
    }

    /** The same for other candidates. */
    public ScoringTask of(List<RegionalParameters> candidates) {
        return new ScoringTask(connectome, target, settings, candidates, repeats, seed);
    }

    boolean wantsDynamics() {
        return target.dynamics().isPresent();
    }
}
