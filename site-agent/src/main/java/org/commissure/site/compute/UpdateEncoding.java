package org.commissure.site.compute;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.Study;

/**
 * The vector of a TRAIN sum: {@code w/W·Δ}, with control variates {@code w/W·ΔC} after it, and as its last element
 * {@code w/W}, all in fixed point.
 * The coordinator divides the sums and so gets the weighted mean without learning anybody's weight.
 */
public final class UpdateEncoding {
    /** The declared weight steps by this much, so that it says little about the exact cohort size. */
    private static final int WEIGHT_STEP = 8;

    private UpdateEncoding() {}

    /** Ring elements of a TRAIN vector, of that many shared parameters. */
    public static long dimension(Study study, long shared) {
        return study.training().vectors() * shared + 1;
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
     * @param update Δ, and ΔC where there is one; must not change until the vector is masked
     * @param rounding for stochastic rounding, which keeps the sum unbiased
     * @throws LocalWorkException if a coordinate is not finite or exceeds the study's bound
     */
    public static PlainVector encode(List<float[]> update, int weight, Study study, RandomGenerator rounding)
            throws LocalWorkException {
        Study.SecureAggregation plan = study.secureAggregation();
        FixedPoint fixedPoint = new FixedPoint(new Ring(plan.ringBits()), plan.scaleLog2(), valueBound(study));
        double factor = (double) weight / plan.maximumWeight();
        try {
            for (float[] vector : update) {
                fixedPoint.check(vector, factor);
            }
        } catch (ArithmeticException e) {
            throw new LocalWorkException("the update cannot be encoded: " + e.getMessage(), e);
        }
        return new Encoded(
                Stream.concat(update.stream(), Stream.of(new float[] {1})).toList(), factor, fixedPoint, rounding);
    }

    /** @param vectors one after the other */
    private record Encoded(List<float[]> vectors, double factor, FixedPoint fixedPoint, RandomGenerator rounding)
            implements PlainVector {
        @Override
        public int length() {
            return vectors.stream().mapToInt(vector -> vector.length).reduce(0, Math::addExact);
        }

        @Override
        public void copyTo(RingVector chunk, int from, int count) {
            int begin = 0;
            for (float[] vector : vectors) {
                int first = Math.max(from, begin);
                int end = Math.min(from + count, begin + vector.length);
                if (first < end) {
                    fixedPoint.encode(vector, first - begin, end - first, factor, chunk, first - from, rounding);
                }
                begin += vector.length;
            }
        }

        @Override
        public String toString() {
            return "Encoded[" + length() + " elements]";
        }
    }
}
