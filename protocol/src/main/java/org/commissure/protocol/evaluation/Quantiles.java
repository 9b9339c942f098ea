package org.commissure.protocol.evaluation;

import java.util.Arrays;
import java.util.Optional;

/** Quantiles of the normal and of Student's distribution, and of samples. */
final class Quantiles {
    static final double NORMAL_975 = 1.959963984540054;

    /** Of replicates, at least this share must have a value, else nothing is said. */
    private static final double DEFINED = 0.95;

    /** t_{.975} for 1 to 30 degrees of freedom (Abramowitz and Stegun, table 26.10). */
    private static final double[] STUDENT_975 = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    private Quantiles() {}

    /** t_{.975}; above 30 degrees of freedom by the expansion 26.7.5 of Abramowitz and Stegun, two terms. */
    static double student975(long degrees) {
        if (degrees < 1) {
            throw new IllegalArgumentException("Student's distribution needs a degree of freedom");
        }
        if (degrees <= STUDENT_975.length) {
            return STUDENT_975[(int) degrees - 1];
        }
        double x = NORMAL_975;
        double cube = x * x * x;
        return x + (cube + x) / (4.0 * degrees) + (5 * cube * x * x + 16 * cube + 3 * x) / (96.0 * degrees * degrees);
    }

    /** The 2.5 % and 97.5 % quantiles of bootstrap replicates; empty where many of them are no numbers. */
    static Optional<Interval> percentiles(double[] replicates) {
        double[] finite =
                Arrays.stream(replicates).filter(Double::isFinite).sorted().toArray();
        if (finite.length < 2 || finite.length < DEFINED * replicates.length) {
            return Optional.empty();
        }
        return Optional.of(new Interval(sorted(finite, 0.025), sorted(finite, 0.975)));
    }

    /** Linear between order statistics (type 7 of Hyndman and Fan 1996). */
    private static double sorted(double[] ascending, double probability) {
        double place = probability * (ascending.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, ascending.length - 1);
        return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
    }

    /** Sample variance of the finite replicates; empty where many of them are no numbers. */
    static Optional<Double> variance(double[] replicates) {
        double[] finite = Arrays.stream(replicates).filter(Double::isFinite).toArray();
        if (finite.length < 2 || finite.length < DEFINED * replicates.length) {
            return Optional.empty();
        }
        double mean = Arrays.stream(finite).average().orElse(0);
        double squares = Arrays.stream(finite).map(x -> (x - mean) * (x - mean)).sum();
        return Optional.of(squares / (finite.length - 1));
    }

    /** Wilson's interval of a share (Wilson 1927). */
    static Interval wilson(double successes, double trials) {
        double share = successes / trials;
        double z2 = NORMAL_975 * NORMAL_975;
        double centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
        double half =
                NORMAL_975 / (1 + z2 / trials) * Math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
        return new Interval(centre - half, centre + half).clamped(0, 1);
    }
}
