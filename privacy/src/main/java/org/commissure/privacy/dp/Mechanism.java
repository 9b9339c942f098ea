package org.commissure.privacy.dp;

/**
 * One noised step, or one closed group of them, that an accountant can compose. Noise is told in the unit of
 * one patient's largest contribution unless a record says otherwise.
 *
 * <p>Security guarantee: {@link #rdp} never lies below the true divergence, up to rounding of about 10⁻¹².
 * Immutable.
 */
public sealed interface Mechanism
        permits PoissonGaussian,
                DiscreteLaplace,
                FixedSizeGaussian,
                TreeGaussian,
                SummedDiscreteGaussian,
                SummedSkellam {

    /**
     * An upper bound of the Rényi divergence of {@code order} &gt; 1 between the outputs of neighbours, the
     * worse of both directions; infinite where no bound is known.
     */
    double rdp(double order, Relation relation);
}
