package org.commissure.models.golden;

/**
 * One quantity of the engine against the original's.
 *
 * @param name as in the golden folder, for example {@code grads/decoder.mask_token}
 * @param kind says which difference is judged
 * @param values how many numbers were compared
 * @param largestAbsoluteDifference over these numbers
 * @param largestRelativeDifference likewise, relative to the reference's number; numbers below a millionth of the
 *     tensor's largest count as that
 * @param relativeToNorm L2 norm of the difference divided by the reference's L2 norm; 0 if both are 0
 * @param beyond how many of the numbers differ by more than {@code tolerance}, where that is absolute
 * @param difference what is judged
 * @param tolerance its bound
 */
public record Comparison(
        String name,
        Kind kind,
        long values,
        double largestAbsoluteDifference,
        double largestRelativeDifference,
        double relativeToNorm,
        long beyond,
        double difference,
        double tolerance) {

    /** NaN fails. */
    public boolean pass() {
        return difference <= tolerance;
    }
}
