package org.commissure.protocol.study;

import java.util.List;
import org.commissure.protocol.v1.SumKind;

/**
 * The layout of what a study sums and publishes where it trains no network. Each site's vector of a sum ends with 1 if
 * the site contributed and 0 if not, so that a sum also says how many did. To the coordinator the rest is opaque.
 */
public sealed interface PublishedVectors permits RegionalVectors, PhenotypeVectors {
    /**
     * Every value is a multiple of 2^-32 within ±2^30: the exact sums of 2^-16 resolution, scaled. A sum
     * of S sites is within S·2^-33 of the sum of the unrounded values.
     */
    double SCALE = 0x1p16;

    /** What each value of a sum is multiplied by before it is encoded. */
    default double scale(SumKind kind) {
        return SCALE;
    }

    /** The sums of such a study, in the order of its course. */
    List<SumKind> kinds();

    /** Values of one site's vector, the contribution included. */
    int length(SumKind kind);

    /** Where the block of that sum begins in the published vector, in float32 values. */
    int offset(SumKind kind);

    /** Length of the published vector, in float32 values. */
    int published();
}
