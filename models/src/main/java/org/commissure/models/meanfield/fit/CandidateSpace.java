package org.commissure.models.meanfield.fit;

import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;

/** A family of candidates that a search describes by few numbers. Immutable. */
public sealed interface CandidateSpace permits HomogeneousSpace, MapSpace {
    int dimensions();

    int regions();

    /** @param point [dimensions] */
    RegionalParameters parameters(double[] point);

    ParameterBounds bounds();

    /** Where a search begins; the mean is inside the bounds. */
    Start start(Random random);

    /** Names the family and its maps for provenance. */
    String description();

    /** Changes with anything that changes {@link #parameters}. */
    String fingerprint();

    default boolean contains(double[] point) {
        return bounds().contains(parameters(point));
    }

    /**
     * @param mean [dimensions]
     * @param deviations [dimensions], of the first generation before the global step size
     */
    record Start(double[] mean, double[] deviations) {}
}
