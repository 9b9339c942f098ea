package org.commissure.protocol.evaluation;

/**
 * The statistics of masked reconstruction that sites add up under secure aggregation, in the order
 * of the vector. Sums run over the masked values of all external patients of a site.
 */
public enum EvaluationField {
    /** External patients. */
    PATIENTS,
    /** Masked values. */
    VALUES,
    /** Σ y. */
    SUM,
    /** Σ y². */
    SUM_OF_SQUARES,
    /** Σ (y − ŷ)² of the model. */
    ERROR_MODEL,
    /** Σ (y − ŷ)² where ŷ is the parcel's mean over its visible patches. */
    ERROR_PARCEL_MEAN,
    /** Σ (y − ŷ)² where ŷ interpolates linearly between the parcel's visible patches. */
    ERROR_INTERPOLATION
}
