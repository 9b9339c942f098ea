package org.commissure.protocol.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The layout for two classes: counts, Brier sums, pairs within sites, a histogram of the probability by class, sites and
 * subgroups. The histogram holds what every interval needs, so there are no bootstrap replicates.
 */
final class ClassificationSums {
    /** Equal bins of the probability; a multiple of the reliability curve's ten, and one begins at .5. */
    static final int BINS = 250;

    /** From which probability a patient is said to be of class 1. */
    static final double THRESHOLD = 0.5;

    /** Fewest patients of each class at a site for its AUC to count. */
    static final int FEWEST_OF_CLASS = 2;

    static final int PATIENTS = 0;
    static final int ONES = 1;
    static final int RIGHT_ONES = 2;
    static final int RIGHT_ZEROS = 3;
    static final int BRIER = 4;
    static final int BRIER2 = 5;
    static final int CONCORDANT = 6;
    static final int PAIRS = 7;

    static final int SITES = 8;

    /** Of a subgroup: n, sites that left it out, class 1, right of either class, Σ(p − y)², concordant pairs, pairs. */
    static final int GROUPS = SITES + SiteSpread.LENGTH;

    static final int GROUP = 8;

    /** Patients of class 0 by bin, then of class 1. */
    static final int HISTOGRAM = GROUPS + GROUP * Subgroup.values().length;

    static final int LENGTH = HISTOGRAM + 2 * BINS;

    private ClassificationSums() {}

    static double[] of(List<Prediction> predictions) {
        predictions.forEach(ClassificationSums::check);
        double[] sums = new double[LENGTH];
        count(predictions, sums, PATIENTS, ONES);
        for (Prediction prediction : predictions) {
            double squared = squared(prediction);
            sums[BRIER2] += squared * squared;
            int bin = (int) Math.min(prediction.predicted() * BINS, BINS - 1);
            sums[HISTOGRAM + (prediction.truth() == 1 ? BINS : 0) + bin]++;
        }
        addPairs(predictions, sums);
        ReportableSubgroups groups = ReportableSubgroups.of(
                predictions.stream().map(Prediction::subgroups).toList());
        groups.leftOut().forEach(group -> sums[at(group) + 1] = 1);
        groups.reported().forEach(group -> addGroup(predictions, group, sums));
        return sums;
    }

    private static void check(Prediction prediction) {
        if (prediction.truth() != 0 && prediction.truth() != 1) {
            throw new IllegalArgumentException("the class of an external patient is neither 0 nor 1");
        }
        if (!(prediction.predicted() >= 0 && prediction.predicted() <= 1)) {
            throw new IllegalArgumentException("a prediction for an external patient is no probability in [0, 1]");
        }
    }

    /** n at {@code patients}; class 1, right ones, right zeros and Brier's sum from {@code ones} on. */
    private static void count(List<Prediction> predictions, double[] sums, int patients, int ones) {
        for (Prediction prediction : predictions) {
            boolean one = prediction.truth() == 1;
            boolean saidOne = prediction.predicted() >= THRESHOLD;
            sums[patients]++;
            sums[ones] += one ? 1 : 0;
            sums[ones + 1] += one && saidOne ? 1 : 0;
            sums[ones + 2] += !one && !saidOne ? 1 : 0;
            sums[ones + 3] += squared(prediction);
        }
    }

    private static void addPairs(List<Prediction> predictions, double[] sums) {
        Optional<Auc> auc = auc(predictions);
        auc.ifPresent(area -> {
            sums[CONCORDANT] = area.concordantPairs();
            sums[PAIRS] = area.pairs();
        });
        siteAuc(predictions)
                .ifPresentOrElse(
                        area -> SiteSpread.add(sums, SITES, SiteScale.AUC, area.value(), area.variance()),
                        () -> SiteSpread.addNone(sums, SITES));
    }

    /** What a site tells of itself among others; empty where too few patients, or too few of a class, are there. */
    static Optional<Auc> siteAuc(List<Prediction> predictions) {
        long ones = predictions.stream()
                .filter(prediction -> prediction.truth() == 1)
                .count();
        return predictions.size() < ReportableSubgroups.SMALLEST
                        || Math.min(ones, predictions.size() - ones) < FEWEST_OF_CLASS
                ? Optional.empty()
                : auc(predictions);
    }

    private static void addGroup(List<Prediction> predictions, Subgroup group, double[] sums) {
        List<Prediction> members = predictions.stream()
                .filter(prediction -> prediction.subgroups().contains(group))
                .toList();
        int at = at(group);
        count(members, sums, at, at + 2);
        auc(members).ifPresent(area -> {
            sums[at + 6] = area.concordantPairs();
            sums[at + 7] = area.pairs();
        });
    }

    /** Of the unbinned scores; empty where a class has no patient. */
    private static Optional<Auc> auc(List<Prediction> predictions) {
        TreeMap<Double, double[]> byScore = new TreeMap<>();
        for (Prediction prediction : predictions) {
            // 0.0 and −0.0 are one score.
            byScore.computeIfAbsent(prediction.predicted() + 0.0, score -> new double[2])[(int) prediction.truth()]++;
        }
        double[] zeros =
                byScore.values().stream().mapToDouble(counts -> counts[0]).toArray();
        double[] ones =
                byScore.values().stream().mapToDouble(counts -> counts[1]).toArray();
        Set<Double> classes =
                Set.copyOf(predictions.stream().map(Prediction::truth).toList());
        return classes.size() == 2 ? Optional.of(Auc.of(ones, zeros)) : Optional.empty();
    }

    private static double squared(Prediction prediction) {
        double error = prediction.predicted() - prediction.truth();
        return error * error;
    }

    static int at(Subgroup group) {
        return GROUPS + GROUP * group.ordinal();
    }
}
