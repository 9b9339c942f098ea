package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a study of kind {@link StudyFile#REGIONAL} asks for: one sum of sufficient statistics, one fit
 * at an elected site, local refinements, one scoring on the sealed external cohorts.
 *
 * @param structure absent where the connectome is the atlas's
 * @param maps absent where the cortical maps are the atlas's
 */
public record RegionalPlan(
        Atlas atlas,
        Statistics statistics,
        Fit fit,
        Refinement refinement,
        Scoring scoring,
        Optional<RegionalStructure> structure,
        Optional<RegionalMaps> maps) {
    /** The round of the sum of sufficient statistics. */
    public static final int STATISTICS_ROUND = 1;

    /** The round of the fit; refinements follow. */
    public static final int FIT_ROUND = 2;

    /** Regions whose pairs outnumber the 2 · regions + 2 numbers of an inversion. */
    private static final int FEWEST_REGIONS_OF_INVERSION = 6;

    public RegionalPlan {
        if (fit.method() == Method.PMFM
                && (atlas.myelin().isEmpty() || atlas.gradient().isEmpty())) {
            throw new StudyException(
                    "regional.fit.method", "is pmfm, which needs regional.atlas.myelin and regional.atlas.gradient");
        }
        if (maps.isPresent() && fit.method() != Method.PMFM) {
            throw new StudyException("regional.maps", "is only for regional.fit.method = \"pmfm\"");
        }
        boolean inverts = fit.method() == Method.RMFM || refinement.rounds() > 0;
        if (inverts && atlas.names().size() < FEWEST_REGIONS_OF_INVERSION) {
            throw new StudyException(
                    "regional.atlas.names",
                    "names " + atlas.names().size() + " regions; rmfm and refinement need at least "
                            + FEWEST_REGIONS_OF_INVERSION);
        }
        int windows = fit.simulatedFrames()
                - (int) Math.round(statistics.windowSeconds() / statistics.repetitionTimeSeconds());
        if (windows < 1) {
            throw new StudyException(
                    "regional.fit.simulated_frames",
                    "is " + fit.simulatedFrames() + ", less than two windows of the dynamics need");
        }
    }

    /** Gaussian releases that one patient's data are in: n, Σz, Σhistogram, and connectomes and each map where they are summed. */
    public int noisedReleases() {
        return 3
                + (siteStructure().isPresent() ? 1 : 0)
                + maps().map(asked -> asked.names().size()).orElse(0);
    }

    /** How the sites' own connectomes are summed; empty where the connectome is the atlas's. */
    public Optional<RegionalStructure.OfSites> siteStructure() {
        return structure.flatMap(RegionalStructure::ofSites);
    }

    /** Regions of the model. */
    public int regions() {
        return atlas.names().size();
    }

    /** Frames of one FCD window at the study's repetition time. */
    public int windowFrames() {
        return (int) Math.round(statistics.windowSeconds() / statistics.repetitionTimeSeconds());
    }

    /**
     * The public group data that travel with the study, so that every site approves the same bytes.
     *
     * @param names of the regions, in the order of every matrix
     * @param sourceParcels parcels of the sites' series
     * @param weights {@code [region, parcel, weight]}, counted from 1; absent where parcels are the regions
     * @param coverage share of each region that the parcels cover; under one half is reported
     * @param structuralConnectivity group streamline counts, [regions, regions]; where the sites sum their own, it is
     *     what the report compares theirs with
     * @param myelin T1w/T2w by region
     * @param gradient principal gradient of functional connectivity by region
     */
    public record Atlas(
            List<String> names,
            int sourceParcels,
            Optional<double[][]> weights,
            Optional<double[]> coverage,
            double[][] structuralConnectivity,
            Optional<double[]> myelin,
            Optional<double[]> gradient) {
        private static final double HALF = 0.5;

        public Atlas {
            Checks.present("regional.atlas.names", names);
            names = List.copyOf(names);
            int regions = names.size();
            Checks.range("regional.atlas.names", regions, 3, 400);
            Checks.range("regional.atlas.source_parcels", sourceParcels, 2, 100_000);
            RegionalAtlasChecks.weights(weights, regions, sourceParcels);
            RegionalAtlasChecks.map("regional.atlas.coverage", coverage, regions);
            RegionalAtlasChecks.connectivity(structuralConnectivity, regions);
            RegionalAtlasChecks.map("regional.atlas.myelin", myelin, regions);
            RegionalAtlasChecks.map("regional.atlas.gradient", gradient, regions);
        }

        /** Names of the regions of which the sites' parcels cover less than half. */
        public List<String> poorlyCovered() {
            return IntStream.range(0, names.size())
                    .filter(region ->
                            coverage.map(share -> share[region] < HALF).orElse(false))
                    .mapToObj(names::get)
                    .toList();
        }
    }

    /**
     * What each site computes from each of its patients.
     *
     * @param repetitionTimeToleranceSeconds scans that differ by more take no part
     * @param minimumFrames shorter scans take no part
     * @param windowSeconds of the FCD
     * @param histogramBins of the FCD on [−1, 1]
     * @param validationFraction share of internal patients in the validation part
     * @param minimumSubjects a site with fewer internal patients takes no part
     */
    public record Statistics(
            double repetitionTimeSeconds,
            double repetitionTimeToleranceSeconds,
            int minimumFrames,
            double windowSeconds,
            int histogramBins,
            double validationFraction,
            int minimumSubjects) {
        /** Bins of a simulation's histogram, of which a study's bins are whole groups. */
        private static final int FINEST_BINS = 10_000;

        public Statistics {
            Checks.range("regional.statistics.repetition_time_seconds", repetitionTimeSeconds, 0.1, 10);
            Checks.range("regional.statistics.repetition_time_tolerance_seconds", repetitionTimeToleranceSeconds, 0, 1);
            Checks.range(
                    "regional.statistics.window_seconds",
                    windowSeconds,
                    10 * repetitionTimeSeconds,
                    100_000 * repetitionTimeSeconds);
            Checks.range(
                    "regional.statistics.minimum_frames",
                    minimumFrames,
                    Math.round(windowSeconds / repetitionTimeSeconds) + 2.0,
                    1_000_000);
            Checks.range("regional.statistics.histogram_bins", histogramBins, 10, FINEST_BINS);
            if (FINEST_BINS % histogramBins != 0) {
                throw new StudyException(
                        "regional.statistics.histogram_bins",
                        "is " + histogramBins + ", which does not divide " + FINEST_BINS);
            }
            Checks.openUnit("regional.statistics.validation_fraction", validationFraction);
            Checks.range("regional.statistics.minimum_subjects", minimumSubjects, 2, 1_000_000);
        }
    }

    /** How the group parameters are found. */
    public enum Method {
        /** The same w, I, σ in every region, and G. */
        @JsonProperty("homogeneous")
        HOMOGENEOUS,
        /** {w, I, σ} linear in myelin and gradient, and G, by CMA-ES (Kong et al. 2021). */
        @JsonProperty("pmfm")
        PMFM,
        /** Every region its own, by expectation–maximisation (Wang et al. 2019). */
        @JsonProperty("rmfm")
        RMFM
    }

    /** Presets of the Balloon–Windkessel model. */
    public enum Haemodynamics {
        @JsonProperty("kong2021")
        KONG_2021,
        @JsonProperty("wang2018")
        WANG_2018
    }

    /**
     * @param sites names of sites that may fit, in the order in which they are asked; or the one word
     *     {@code first}: the first party of the sum, by name
     * @param budget iterations (rmfm), generations (pmfm, and the homogeneous model beside each method)
     * @param offspring candidates of one generation
     * @param repeats simulations of one candidate
     * @param simulatedFrames kept frames of one simulation
     * @param strideFrames of the FCD during the search
     */
    public record Fit(
            Method method,
            List<String> sites,
            int budget,
            int offspring,
            int repeats,
            long seed,
            int simulatedFrames,
            int strideFrames,
            Haemodynamics haemodynamics) {
        /** Elects the first party. */
        public static final String FIRST = "first";

        public Fit {
            Checks.present("regional.fit.method", method);
            Checks.present("regional.fit.haemodynamics", haemodynamics);
            Checks.present("regional.fit.sites", sites);
            sites = List.copyOf(sites);
            if (sites.isEmpty() || (sites.contains(FIRST) && sites.size() > 1)) {
                throw new StudyException(
                        "regional.fit.sites", "must name at least one site, or be [\"" + FIRST + "\"] alone");
            }
            Checks.range("regional.fit.budget", budget, 1, 10_000);
            Checks.range("regional.fit.offspring", offspring, 8, 10_000);
            Checks.range("regional.fit.repeats", repeats, 1, 1_000);
            Checks.range("regional.fit.simulated_frames", simulatedFrames, 20, 100_000);
            Checks.range("regional.fit.stride_frames", strideFrames, 1, 100);
        }
    }

    /**
     * @param rounds secure sums of the sites' own parameters; 0 for none
     * @param iterations Gauss–Newton steps of one site in one round
     */
    public record Refinement(int rounds, int iterations) {
        public Refinement {
            Checks.range("regional.refinement.rounds", rounds, 0, 5);
            Checks.range("regional.refinement.iterations", iterations, 1, 100);
        }
    }

    /**
     * @param externalFraction share of a site's patients that is sealed as its external cohort
     * @param repeats simulations of each candidate
     * @param bootstrapSamples resamplings of the external patients
     */
    public record Scoring(double externalFraction, int repeats, int bootstrapSamples) {
        public Scoring {
            Checks.openUnit("regional.scoring.external_fraction", externalFraction);
            Checks.range("regional.scoring.repeats", repeats, 1, 10_000);
            Checks.range("regional.scoring.bootstrap_samples", bootstrapSamples, 10, 10_000);
        }
    }
}
