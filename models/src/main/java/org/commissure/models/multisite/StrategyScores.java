package org.commissure.models.multisite;

import java.util.Comparator;
import java.util.List;
import org.commissure.models.evaluation.Interval;
import org.commissure.models.finetune.ClassificationMetrics;

/**
 * What one strategy reaches at one site.
 *
 * @param predictions of every patient who was predicted, each once, in the site's order
 */
public record StrategyScores(List<PatientPrediction> predictions) {
    public StrategyScores {
        predictions = predictions.stream()
                .sorted(Comparator.comparingInt(PatientPrediction::patient))
                .toList();
        for (int i = 1; i < predictions.size(); i++) {
            if (predictions.get(i).patient() == predictions.get(i - 1).patient()) {
                throw new IllegalArgumentException("a patient was predicted twice");
            }
        }
    }

    public double accuracy() {
        return (double) predictions.stream().filter(PatientPrediction::right).count() / predictions.size();
    }

    /** Over patients, as they fell into folds; it does not say what other folds or first weights would give. */
    public Interval accuracyInterval(long seed) {
        return Interval.of(
                predictions.size(),
                drawn -> {
                    int right = 0;
                    for (int i : drawn) {
                        right += predictions.get(i).right() ? 1 : 0;
                    }
                    return (double) right / drawn.length;
                },
                seed);
    }

    /** Accuracy of this minus that of another strategy on the same patients, who are drawn together. */
    public Interval differenceInterval(StrategyScores other, long seed) {
        if (other.predictions.size() != predictions.size()) {
            throw new IllegalArgumentException("strategies that predicted different patients cannot be paired");
        }
        return Interval.of(
                predictions.size(),
                drawn -> {
                    int difference = 0;
                    for (int i : drawn) {
                        difference += (predictions.get(i).right() ? 1 : 0)
                                - (other.predictions.get(i).right() ? 1 : 0);
                    }
                    return (double) difference / drawn.length;
                },
                seed);
    }

    public double auc() {
        int[] truth = predictions.stream().mapToInt(PatientPrediction::label).toArray();
        double[][] scores = predictions.stream()
                .map(p -> new double[] {-p.score(), p.score()})
                .toArray(double[][]::new);
        return ClassificationMetrics.of(truth, scores).auc();
    }
}
