package org.commissure.protocol.evaluation;

/**
 * Area under the ROC curve of scores in classes of equal score: the share of pairs of one patient of each class in which
 * class 1 has the higher score, ties counting half (Mann and Whitney).
 *
 * @param value in [0, 1]
 * @param ties half the share of tied pairs: where scores were binned, the AUC of the unbinned scores is within
 *     {@code value ± ties}
 * @param interval 95 %, of Newcombe 2006 (method 5): those areas from which the value is less than 1.96 standard errors
 *     of Hanley and McNeil 1982 away; never of width 0, and widened by {@code ties} on both sides where scores were
 *     binned
 */
record Auc(double value, double concordantPairs, double pairs, double ties, Interval interval) {
    private static final int BISECTIONS = 60;

    /**
     * @param ones patients of class 1 by ascending score
     * @param zeros patients of class 0, at the same scores
     * @throws IllegalArgumentException if a class has no patient
     */
    static Auc of(double[] ones, double[] zeros) {
        double concordant = 0;
        double tied = 0;
        double zerosBelow = 0;
        double allOnes = 0;
        for (int i = 0; i < ones.length; i++) {
            concordant += ones[i] * (zerosBelow + zeros[i] / 2);
            tied += ones[i] * zeros[i];
            zerosBelow += zeros[i];
            allOnes += ones[i];
        }
        double pairs = allOnes * zerosBelow;
        if (!(pairs > 0)) {
            throw new IllegalArgumentException("the area under the curve needs patients of both classes");
        }
        double value = concordant / pairs;
        return new Auc(value, concordant, pairs, tied / pairs / 2, newcombe(value, allOnes, zerosBelow));
    }

    /** The variance that the interval stands for; above 0 also where every pair is right. */
    double variance() {
        double standardError = (interval.high() - interval.low()) / 2 / Quantiles.NORMAL_975;
        return standardError * standardError;
    }

    /** With the interval widened by what binning may have moved. */
    Auc ofBins() {
        return new Auc(
                value,
                concordantPairs,
                pairs,
                ties,
                new Interval(interval.low() - ties, interval.high() + ties).clamped(0, 1));
    }

    private static Interval newcombe(double value, double ones, double zeros) {
        return new Interval(limit(value, 0, ones, zeros), limit(value, 1, ones, zeros));
    }

    /** Between the value and {@code end}: the area that is 1.96 of its own standard errors away. */
    private static double limit(double value, double end, double ones, double zeros) {
        double near = value;
        double far = end;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (near + far) / 2;
            double distance = Math.abs(value - middle);
            if (distance < Quantiles.NORMAL_975 * Math.sqrt(hanleyMcNeil(middle, ones, zeros))) {
                near = middle;
            } else {
                far = middle;
            }
        }
        return (near + far) / 2;
    }

    /** With (m + n)/2 in the place of both counts less one, as Newcombe's method 5 has it. */
    private static double hanleyMcNeil(double area, double ones, double zeros) {
        double star = (ones + zeros) / 2 - 1;
        return area * (1 - area) * (1 + star * ((1 - area) / (2 - area) + area / (1 + area))) / (ones * zeros);
    }
}
