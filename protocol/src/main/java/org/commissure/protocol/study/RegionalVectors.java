package org.commissure.protocol.study;

import org.commissure.protocol.v1.SumKind;

/**
 * The layout of what a regional study sums and publishes. Each site's vector of a sum ends with 1 if
 * the site contributed and 0 if not, so that a sum also says how many did.
 *
 * <p>The published vector is the blocks of STATISTICS, FIT and REFINE one after another, as float32;
 * each of these sums replaces its own block and leaves the others. To the coordinator they are opaque.
 *
 * @param regions n
 * @param bins of the FCD histogram
 * @param structure whether STATISTICS holds the sites' structural connectomes
 * @param maps how many cortical maps of the sites STATISTICS holds
 */
public record RegionalVectors(int regions, int bins, boolean structure, int maps) {
    /** Candidates of the FIT block: the method's, then the homogeneous model that stands beside it. */
    public static final int FITTED = 2;

    /** Candidates that are scored: the fitted ones, then the refined mean. */
    public static final int SCORED = 3;

    /** Costs of one fitted candidate: r and KS on the training part, then on the validation part. */
    public static final int COSTS = 4;

    /** Parts of the statistics: training, validation. */
    public static final int PARTS = 2;

    /**
     * Every value is a multiple of 2^-32 within ±2^30: the exact sums of 2^-16 resolution, scaled. A sum
     * of S sites is within S·2^-33 of the sum of the unrounded values.
     */
    public static final double SCALE = 0x1p16;

    /** Numbers of one candidate in EVALUATE: Σx, Σx², Σvar for each of r, KS and total. */
    public static final int SCORES = 9;

    public static RegionalVectors of(RegionalPlan plan) {
        return new RegionalVectors(
                plan.regions(),
                plan.statistics().histogramBins(),
                plan.siteStructure().isPresent(),
                plan.maps().map(asked -> asked.names().size()).orElse(0));
    }

    /** Entries of the upper triangle. */
    public int pairs() {
        return regions * (regions - 1) / 2;
    }

    /** n, Σz, Σhistogram of one part. */
    public int part() {
        return 1 + pairs() + bins;
    }

    /** Where, behind both parts, patients with a connectome, ΣSC and Σ1[SC > 0] begin. */
    public int structureOffset() {
        return PARTS * part();
    }

    /** Where, behind the connectomes, patients with the map and Σmap begin. */
    public int mapOffset(int map) {
        return structureOffset() + (structure ? 1 + 2 * pairs() : 0) + map * (1 + regions);
    }

    /** w, I, G, σ. */
    public int candidate() {
        return 3 * regions + 1;
    }

    /** Values of one site's vector, the contribution included. */
    public int length(SumKind kind) {
        return switch (kind) {
            case STATISTICS -> mapOffset(maps) + 1;
            case FIT -> FITTED * (candidate() + COSTS) + 1;
            case REFINE -> candidate() + candidate() * (candidate() + 1) / 2 + 1;
            case EVALUATE -> 1 + SCORED * SCORES + 1;
            default -> throw new IllegalArgumentException("a regional study has no sum of kind " + kind);
        };
    }

    /** Where the block of that sum begins in the published vector. */
    public int offset(SumKind kind) {
        return switch (kind) {
            case STATISTICS -> 0;
            case FIT -> length(SumKind.STATISTICS);
            case REFINE -> offset(SumKind.FIT) + length(SumKind.FIT);
            default -> throw new IllegalArgumentException("a sum of kind " + kind + " publishes no block");
        };
    }

    /** Length of the published vector. */
    public int published() {
        return offset(SumKind.REFINE) + length(SumKind.REFINE);
    }
}
