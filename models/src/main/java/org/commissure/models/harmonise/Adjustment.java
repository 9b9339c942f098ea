package org.commissure.models.harmonise;

/** Takes what is one site's out of its patients' features. */
@FunctionalInterface
public interface Adjustment {
    /** Leaves features as they are. */
    Adjustment NONE = (covariates, features) -> features;

    /** @return [features], of one patient */
    double[] of(double[] covariates, double[] features);
}
