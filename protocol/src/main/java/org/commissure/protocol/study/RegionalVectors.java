package org.commissure.protocol.study;

import java.util.List;
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
public record RegionalVectors(int regions, int bins, boolean structure, int maps) implements PublishedVectors {
    /** Candidates of the FIT block: the method's, then the homogeneous model that stands beside it. */
    public static final int FITTED = 2;

    /** Candidates that are scored: the fitted ones, then the refined mean. */
    public static final int SCORED = 3;

    /** Costs of one fitted candidate: r and KS on the training part, then on the validation part. */
    public static final int COSTS = 4;

    /** Parts of the statistics: training, validation. */
    public static final int PARTS = 2;

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

    @Override
    public List<SumKind> kinds() {
        return List.of(SumKind.STATISTICS, SumKind.FIT, SumKind.REFINE, SumKind.EVALUATE);
    }

    @Override
    public int length(SumKind kind) {
        return switch (kind) {
            case STATISTICS -> mapOffset(maps) + 1;
            case FIT -> FITTED * (candidate() + COSTS) + 1;
            case REFINE -> candidate() + candidate() * (candidate() + 1) / 2 + 1;
            case EVALUATE -> 1 + SCORED * SCORES + 1;
            default -> throw new IllegalArgumentException("a regional study has no sum of kind " + kind);
        };
    }

    @Override
    public int offset(SumKind kind) {
        return switch (kind) {
            case STATISTICS -> 0;
            case FIT -> length(SumKind.STATISTICS);
            case REFINE -> offset(SumKind.FIT) + length(SumKind.FIT);
            default -> throw new IllegalArgumentException("a sum of kind " + kind + " publishes no block");
        };
    }

    @Override
    public int published() {
        return offset(SumKind.REFINE) + length(SumKind.REFINE);
    }
}
