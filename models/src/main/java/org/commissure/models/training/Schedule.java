package org.commissure.models.training;

/** The learning rate over a run, as a share of the plan's. */
public enum Schedule {
    /** The same at every step. */
    CONSTANT {
        @Override
        public double shareOf(long step, long steps, double warmUpFraction) {
            return 1;
        }
    },
    /**
     * Rises linearly over the first {@code warmUpFraction} of the steps, then falls along half a cosine to nearly 0. As
     * Hugging Face's {@code get_cosine_schedule_with_warmup}, but one step ahead: the first step is not wasted on a rate
     * of 0.
     */
    COSINE {
        @Override
        public double shareOf(long step, long steps, double warmUpFraction) {
            long warmUp = (long) Math.ceil(steps * warmUpFraction);
            if (step < warmUp) {
                return (step + 1.0) / warmUp;
            }
            return 0.5 * (1 + StrictMath.cos(Math.PI * (step - warmUp) / Math.max(1, steps - warmUp)));
        }
    };

    /**
     * @param step counted from 0
     * @return in (0, 1]
     */
    public abstract double shareOf(long step, long steps, double warmUpFraction);
}
