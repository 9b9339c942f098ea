package org.commissure.coordinator.report;

import java.util.List;
import org.commissure.coordinator.round.RegionalScores;
import org.jspecify.annotations.Nullable;

/**
 * What a regional study found; part of {@code report.json}.
 *
 * @param poorlyCovered regions of which the sites' parcels cover less than half
 * @param fixedPointResolution of every summed value
 * @param trainingSubjects n as published, with its noise
 * @param privacyError null where nothing was noised
 * @param structure null where the connectome is the study's own
 * @param maps that the sites summed; empty where they are the study's own
 * @param fits the fit, then the homogeneous model; empty before a fit
 * @param refinement null where there was none
 * @param scores on the sealed external cohorts; null where they were not released
 */
public record RegionalResult(
        int regions,
        List<String> poorlyCovered,
        double fixedPointResolution,
        double trainingSubjects,
        double validationSubjects,
        int sites,
        @Nullable PrivacyError privacyError,
        @Nullable Structure structure,
        List<CorticalMap> maps,
        String method,
        List<Fit> fits,
        @Nullable Refinement refinement,
        @Nullable RegionalScores scores) {
    public RegionalResult {
        poorlyCovered = List.copyOf(poorlyCovered);
        maps = List.copyOf(maps);
        fits = List.copyOf(fits);
    }

    /** How one candidate fares on the released statistics; validation is 0 where that part is empty. */
    public record Fit(String name, double trainingR, double trainingKs, double validationR, double validationKs) {}

    /**
     * The connectome that the sites summed.
     *
     * @param patients n_sc as published, with its noise
     * @param edgeStandardDeviation z·C·√(2S)/n_sc: predicted error of one entry of the mean connectome, whose largest
     *     entries are about 1; 0 without noise
     * @param correlationWithStudy of the mean, before edges are left out, with the study's own over all pairs
     */
    public record Structure(double patients, double edgeStandardDeviation, double correlationWithStudy) {}

    /**
     * A cortical map that the sites summed.
     *
     * @param patients with the map, as published, with noise
     * @param regionStandardDeviation predicted error of one region of the mean, of norm at most 1: 2·z·√S/n; 0 without
     *     noise
     * @param correlationWithStudy of the mean with the study's own map
     */
    public record CorticalMap(
            String name, double patients, double regionStandardDeviation, double correlationWithStudy) {}

    /**
     * The sites' own parameters.
     *
     * @param meanVariation mean over parameters of their standard deviation between sites, relative to their mean
     */
    public record Refinement(int sites, double meanVariation) {}

    /**
     * What the noise does to the training part, predicted and, where it can be seen, observed.
     *
     * @param edgeStandardDeviation z·C·√S/n: predicted error of one entry of the mean z
     * @param releasedStandardDeviation of the mean z over pairs, noise included
     * @param predictedAttenuation factor by which the noise lowers a correlation with the mean z
     * @param binStandardDeviation z·√2·√S/n: predicted error of one bin of the mean histogram
     * @param sumOverPairs of the released Σz: 0 without noise
     * @param predictedSumOverPairs standard deviation that the noise predicts for it: z·C·√(S·pairs)
     * @param dynamicsUsable whether n/√S reaches the 1,000 patients from which KS means something
     */
    public record PrivacyError(
            double edgeStandardDeviation,
            double releasedStandardDeviation,
            double predictedAttenuation,
            double binStandardDeviation,
            double sumOverPairs,
            double predictedSumOverPairs,
            boolean dynamicsUsable) {
        /** The design's example: 351 patients, one release with ρ = ½ and C = 12 lower r from .690 to about .66. */
        public static final double EXAMPLE_SUBJECTS = 351;

        public static final double EXAMPLE_R = 0.690;
        public static final double EXAMPLE_NOISED_R = 0.66;
    }
}
