package org.commissure.site.compute;

import java.util.random.RandomGenerator;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
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
     * Checks all of the update now and encodes it while it is masked, so that no second copy of it exists.
     *
     * @param update must not change until the vector is masked
     * @param rounding for stochastic rounding, which keeps the sum unbiased
     * @throws LocalWorkException if a coordinate is not finite or exceeds the study's bound
     */
    public static PlainVector encode(float[] update, int weight, Study study, RandomGenerator rounding)
            throws LocalWorkException {
        Study.SecureAggregation plan = study.secureAggregation();
        FixedPoint fixedPoint = new FixedPoint(new Ring(plan.ringBits()), plan.scaleLog2(), valueBound(study));
        double factor = (double) weight / plan.maximumWeight();
        try {
            fixedPoint.check(update, factor);
        } catch (ArithmeticException e) {
            throw new LocalWorkException("the update cannot be encoded: " + e.getMessage(), e);
        }
        return new Encoded(update, factor, fixedPoint, rounding);
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Encoded(float[] update, double factor, FixedPoint fixedPoint, RandomGenerator rounding)
            implements PlainVector {
        private static final float[] ONE = {1};

        @Override
        public int length() {
            return update.length + 1;
        }

        @Override
        public void copyTo(RingVector chunk, int from, int count) {
            int parameters = Math.min(count, update.length - from);
            fixedPoint.encode(update, from, parameters, factor, chunk, 0, rounding);
            if (parameters < count) {
                fixedPoint.encode(ONE, 0, 1, factor, chunk, parameters, rounding);
            }
        }

        @Override
        public String toString() {
            return "Encoded[" + length() + " elements]";
        }
    }
}
