package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.statistics.Target;

/** What one split of a cohort gives a fit: its structural connectome, and what the simulation is compared with. */
public record FitData(Connectome connectome, Target target) {
    public FitData {
        if (connectome.regions() != target.regions()) {
            throw new IllegalArgumentException("the structural connectome has " + connectome.regions()
                    + " regions, but the functional connectivity has " + target.regions());
        }
    }

    public int regions() {
        return connectome.regions();
    }
}
