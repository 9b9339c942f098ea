package org.commissure.protocol.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The vector of masked reconstruction that sites add up: {@link EvaluationField}, the same sums at further mask ratios,
 * how R² differs between sites, subgroups, and Poisson bootstrap replicates over patients. What is said of
 * {@link PredictionSums} holds here; the sums over masked values are not scaled, since they are of many standardised
 * values each.
 *
 * @param furtherRatios mask ratios beside the study's own
 * @param singleSite whether a model that each site trained alone is scored too: the last number after
 *     {@link EvaluationField}, and of each replicate, is then its error, 0 until the last round
 */
public record ReconstructionLayout(int furtherRatios, boolean singleSite) {
    /** Numbers of {@link PatientErrors.Sums} without the error of the model that its site trained alone. */
    private static final int SUMS = 6;

    /** Where the error of that model is, from the number of values on. */
    static final int SINGLE_SITE = SUMS;

    /** Of a subgroup: n, sites that left it out, Σ of the patients' R², Σ of its square. */
    static final int GROUP = 4;

    public ReconstructionLayout {
        if (furtherRatios < 0) {
            throw new IllegalArgumentException("there cannot be fewer than no further mask ratios");
        }
    }

    /** Without models that sites trained alone. */
    public ReconstructionLayout(int furtherRatios) {
        this(furtherRatios, false);
    }

    /** Numbers in the vector. */
    public int length() {
        return replicates() + sums() * PoissonBootstrap.REPLICATES;
    }

    /** Numbers of a replicate. */
    int sums() {
        return singleSite ? SUMS + 1 : SUMS;
    }

    int ratio(int further) {
        return EvaluationField.values().length + sums() - SUMS + SUMS * further;
    }

    int sites() {
        return ratio(furtherRatios);
    }

    int group(Subgroup subgroup) {
        return sites() + SiteSpread.LENGTH + GROUP * subgroup.ordinal();
    }

    int replicates() {
        return sites() + SiteSpread.LENGTH + GROUP * Subgroup.values().length;
    }

    /**
     * The site's vector.
     *
     * @param seed as {@link PredictionSums#of} needs it
     */
    public double[] of(List<PatientErrors> patients, long seed) {
        double[] sums = new double[length()];
        double[][] contributions = new double[patients.size()][];
        for (int i = 0; i < contributions.length; i++) {
            List<PatientErrors.Sums> ratios = patients.get(i).ratios();
            if (ratios.size() != furtherRatios + 1) {
                throw new IllegalArgumentException(
                        "a patient has errors at " + ratios.size() + " mask ratios, not " + (furtherRatios + 1));
            }
            contributions[i] = Arrays.copyOf(numbers(ratios.getFirst()), sums());
            sums[EvaluationField.PATIENTS.ordinal()]++;
            add(contributions[i], sums, EvaluationField.VALUES.ordinal());
            for (int further = 0; further < furtherRatios; further++) {
                add(Arrays.copyOf(numbers(ratios.get(further + 1)), SUMS), sums, ratio(further));
            }
        }
        addGroups(patients, contributions, sums);
        double[][] replicates = PoissonBootstrap.replicates(contributions, sums(), seed);
        double[] scores = new double[replicates.length];
        for (int b = 0; b < replicates.length; b++) {
            System.arraycopy(replicates[b], 0, sums, replicates() + b * sums(), sums());
            scores[b] = r2(replicates[b], 0, 3);
        }
        addSite(sums, scores);
        return sums;
    }

    private void addSite(double[] sums, double[] scores) {
        double[] block = new double[SiteSpread.LENGTH];
        double score = r2(sums, EvaluationField.VALUES.ordinal(), 3);
        Optional<Double> variance = Quantiles.variance(scores);
        boolean few = sums[EvaluationField.PATIENTS.ordinal()] < ReportableSubgroups.SMALLEST;
        if (few || !Double.isFinite(score) || variance.isEmpty()) {
            SiteSpread.addNone(block, 0);
        } else {
            SiteSpread.add(block, 0, SiteScale.R2, score, variance.get());
        }
        add(PredictionSums.scaled(block), sums, sites());
    }

    private void addGroups(List<PatientErrors> patients, double[][] contributions, double[] sums) {
        ReportableSubgroups groups = ReportableSubgroups.of(
                patients.stream().map(PatientErrors::subgroups).toList());
        groups.leftOut().forEach(group -> sums[group(group) + 1] = PredictionSums.SCALE);
        for (int i = 0; i < contributions.length; i++) {
            double own = r2(contributions[i], 0, 3);
            double r2 = Double.isFinite(own) ? Math.clamp(own, -SiteScale.LARGEST, 1) : 0;
            for (Subgroup group : patients.get(i).subgroups()) {
                if (groups.reported().contains(group)) {
                    add(PredictionSums.scaled(new double[] {1, 0, r2, r2 * r2}), sums, group(group));
                }
            }
        }
    }

    private static double[] numbers(PatientErrors.Sums sums) {
        return new double[] {
            sums.values(),
            sums.sum(),
            sums.sumOfSquares(),
            sums.errorModel(),
            sums.errorParcelMean(),
            sums.errorInterpolation(),
            sums.errorSingleSite()
        };
    }

    private static void add(double[] numbers, double[] sums, int at) {
        for (int i = 0; i < numbers.length; i++) {
            sums[at + i] += numbers[i];
        }
    }

    /** 1 − SSE/SST of the six sums at {@code at}, the error being the one at {@code at + error}. */
    static double r2(double[] sums, int at, int error) {
        return RegressionSums.r2(sums[at], sums[at + 1], sums[at + 2], sums[at + error]);
    }
}
