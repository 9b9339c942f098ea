package org.commissure.models.meanfield.fit;

import java.util.Arrays;
import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;

/** A family of candidates that a search describes by few numbers. Immutable. */
public sealed interface CandidateSpace permits HomogeneousSpace, MapSpace {
    int dimensions();

    int regions();

    /** @param point [dimensions] */
    RegionalParameters parameters(double[] point);

    ParameterBounds bounds();

    /** Where the published search begins; the mean is inside the bounds. */
    Start start(Random random);

    /** Anywhere inside the bounds, with first deviations of about a tenth of them. */
    Start broadStart(Random random);

    /** Names the family and its maps for provenance. */
    String description();

    /** Changes with anything that changes {@link #parameters}. */
    String fingerprint();

    default boolean contains(double[] point) {
        return bounds().contains(parameters(point));
    }

    /**
     * The first generation's distribution before the global step size.
     *
     * @param mean [dimensions]
     * @param basis [dimensions, dimensions], orthonormal, an axis in each column
     * @param deviations [dimensions], along the axes
     */
    record Start(double[] mean, double[][] basis, double[] deviations) {
        /** Along the coordinates. */
        Start(double[] mean, double[] deviations) {
            this(mean, SymmetricEigen.identity(mean.length), deviations);
        }

        /** @param covariance [dimensions, dimensions], positive definite */
        static Start of(double[] mean, double[][] covariance) {
            SymmetricEigen eigen = SymmetricEigen.of(covariance);
            double[] deviations = Arrays.stream(eigen.values()).map(Math::sqrt).toArray();
            return new Start(mean, eigen.vectors(), deviations);
        }
    }
}
