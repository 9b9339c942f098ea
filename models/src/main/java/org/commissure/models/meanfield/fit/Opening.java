package org.commissure.models.meanfield.fit;

import java.util.Random;

/** Where a search begins and how far it may step. */
public enum Opening {
    /** Kong et al. 2021: one start, nearly flat maps in the middle of the bounds, short steps. */
    PUBLISHED(1, EvolutionStrategy.LARGEST_STEP) {
        @Override
        CandidateSpace.Start start(CandidateSpace space, Random random) {
            return space.start(random);
        }
    },
    /**
     * The best of many starts all over the bounds, and long steps. Regions synchronise in a narrow band of w, I and G only:
     * on the HCP group's 68 regions populations of 96 that begin near it reached training totals of 0.46 and 0.39
     * within 14,000 simulations; with the published opening, populations of up to 256 stayed at 0.64 or more.
     */
    BROAD(512, 0.5) {
        @Override
        CandidateSpace.Start start(CandidateSpace space, Random random) {
            return space.broadStart(random);
        }
    };

    private final int starts;
    private final double largestStep;

    Opening(int starts, double largestStep) {
        this.starts = starts;
        this.largestStep = largestStep;
    }

    abstract CandidateSpace.Start start(CandidateSpace space, Random random);

    /** Starts that are scored; the search begins at the best of them. */
    public int starts() {
        return starts;
    }

    /** The first step size, never exceeded. */
    double largestStep() {
        return largestStep;
    }
}
