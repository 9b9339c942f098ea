package org.commissure.models.meanfield.fit;

import java.util.List;

/** Three disjoint groups of subjects: to search on, to choose on, to report on. */
public record FitSplits(FitData train, FitData validation, FitData test) {
    public FitSplits {
        for (FitData other : List.of(validation, test)) {
            if (other.regions() != train.regions()) {
                throw new IllegalArgumentException("the splits disagree: " + train.regions()
                        + " regions in training, but " + other.regions() + " in validation or test");
            }
        }
        boolean dynamics = train.target().dynamics().isPresent();
        if (validation.target().dynamics().isPresent() != dynamics
                || test.target().dynamics().isPresent() != dynamics) {
            throw new IllegalArgumentException("some splits have connectivity dynamics and some have none;"
                    + " give the FCD distribution of all three, or of none");
        }
    }

    public int regions() {
        return train.regions();
    }
}
