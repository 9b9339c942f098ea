package org.commissure.models.harmonise;

import java.util.Arrays;

/** Takes what is one site's out of its patients' features. */
@FunctionalInterface
public interface Adjustment {
    /** Leaves features as they are. */
    Adjustment NONE = (covariates, features) -> features;

    /** @return [features], of one patient */
    double[] of(double[] covariates, double[] features);

    /** One for the features before {@code border}, another for those from there on. */
    static Adjustment ofBoth(int border, Adjustment first, Adjustment second) {
        return (covariates, features) -> {
            double[] out = Arrays.copyOf(first.of(covariates, Arrays.copyOf(features, border)), features.length);
            double[] rest = second.of(covariates, Arrays.copyOfRange(features, border, features.length));
            System.arraycopy(rest, 0, out, border, rest.length);
            return out;
        };
    }
}
