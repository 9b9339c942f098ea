package org.commissure.models.meanfield.hierarchy;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.statistics.Costs;

/** Spearman's rank correlation; ties share their mean rank. */
public final class RankCorrelation {
    private RankCorrelation() {}

    /** @return −1 … 1; not a number where one side is constant */
    public static double of(double[] one, double[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException(one.length + " values cannot be ranked against " + other.length);
        }
        double[] a = ranks(one);
        double[] b = ranks(other);
        return isConstant(a) || isConstant(b) ? Double.NaN : Costs.pearson(a, b);
    }

    static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static boolean isConstant(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }
}
