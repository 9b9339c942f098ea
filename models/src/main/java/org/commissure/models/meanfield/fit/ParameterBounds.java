package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.RegionalParameters;

/** Where a search may go: the same interval in every region. */
public record ParameterBounds(Interval recurrence, Interval input, Interval coupling, Interval noise) {
    /** Kong et al. 2021. */
    public static final ParameterBounds KONG_2021 = new ParameterBounds(
            new Interval(0, 1), new Interval(0, 0.5), new Interval(1, 10), new Interval(5e-4, 0.01));

    /** A closed interval. */
    public record Interval(double low, double high) {
        public Interval {
            if (!(low < high)) {
                throw new IllegalArgumentException("no number lies between " + low + " and " + high);
            }
        }

        /** @param share 0 … 1 */
        double at(double share) {
            return low + share * (high - low);
        }

        double width() {
            return high - low;
        }

        boolean contains(double value) {
            return value >= low && value <= high;
        }

        boolean containsAll(double[] values) {
            for (double value : values) {
                if (!contains(value)) {
                    return false;
                }
            }
            return true;
        }
    }

    public boolean contains(RegionalParameters parameters) {
        return recurrence.containsAll(parameters.recurrence())
                && input.containsAll(parameters.input())
                && coupling.contains(parameters.coupling())
                && noise.containsAll(parameters.noise());
    }
}
