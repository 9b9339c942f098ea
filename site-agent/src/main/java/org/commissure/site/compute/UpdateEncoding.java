package org.commissure.site.compute;

import java.util.random.RandomGenerator;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.protocol.study.Study;

/**
 * The vector of a TRAIN sum: {@code w/W·Δ} and, as its last element, {@code w/W}, both in fixed point.
 * The coordinator divides the sums and so gets the weighted mean without learning anybody's weight.
 */
public final class UpdateEncoding {
    /** The declared weight steps by this much, so that it says little about the exact cohort size. */
    private static final int WEIGHT_STEP = 8;

    private UpdateEncoding() {}

    /** Ring elements of a TRAIN vector for a model of that many parameters. */
    public static long dimension(long parameterCount) {
        return parameterCount + 1;
    }

    /** B: what no encoded coordinate exceeds in magnitude. */
    public static double valueBound(Study study) {
        return Math.max(study.secureAggregation().updateBound(), 1);
    }

    /** w: the internal cohort rounded down to a multiple of eight, at least 1, at most W. */
    public static int weight(int internalPatients, Study study) {
        int rounded = Math.max(1, internalPatients / WEIGHT_STEP * WEIGHT_STEP);
        return Math.min(rounded, study.secureAggregation().maximumWeight());
    }

    /**
     * @param rounding for stochastic rounding, which keeps the sum unbiased
     * @throws LocalWorkException if a coordinate is not finite or exceeds the study's bound
     */
    public static int[] encode(float[] update, int weight, Study study, RandomGenerator rounding)
            throws LocalWorkException {
        FixedPoint fixedPoint = new FixedPoint(study.secureAggregation().scaleLog2(), valueBound(study));
        double factor = (double) weight / study.secureAggregation().maximumWeight();
        int[] vector = new int[update.length + 1];
        try {
            fixedPoint.encode(update, 0, update.length, factor, vector, 0, rounding);
            fixedPoint.encode(new float[] {1}, 0, 1, factor, vector, update.length, rounding);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new LocalWorkException("the update cannot be encoded: " + e.getMessage(), e);
        }
        return vector;
    }
}
