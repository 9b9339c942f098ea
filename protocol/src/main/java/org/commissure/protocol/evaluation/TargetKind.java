package org.commissure.protocol.evaluation;

/** What a model predicts of a patient, which decides what is summed and which metrics follow. */
public sealed interface TargetKind {

    /**
     * A number. Truth and prediction are summed as z = (y − centre)/scale, so that the resolution of the fixed point
     * suits any unit; every metric is given in the unit again. The study fixes both numbers before anybody evaluates,
     * for example as mean and standard deviation of the training patients.
     *
     * @param centre finite
     * @param scale finite, above 0
     */
    record Regression(double centre, double scale) implements TargetKind {
        public Regression {
            if (!Double.isFinite(centre) || !(scale > 0) || !Double.isFinite(scale)) {
                throw new IllegalArgumentException(
                        "a target needs a finite centre and a finite scale above 0, not " + centre + " and " + scale);
            }
        }
    }

    /** One of two classes: the truth is 0 or 1, the prediction a probability of 1. */
    record Classification() implements TargetKind {}

    /** One of more than two classes: the truth is its place, the prediction a probability of each. */
    record Classes(int count) implements TargetKind {
        public Classes {
            if (count < 3) {
                throw new IllegalArgumentException("two classes are a classification of one against the other");
            }
        }
    }

    static TargetKind regression(double centre, double scale) {
        return new Regression(centre, scale);
    }

    static TargetKind classification() {
        return new Classification();
    }

    /** A classification of two classes, or of more. */
    static TargetKind classes(int count) {
        return count == 2 ? new Classification() : new Classes(count);
    }
}
