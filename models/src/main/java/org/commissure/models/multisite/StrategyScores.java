package org.commissure.models.multisite;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.commissure.models.evaluation.Bootstrap;
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
    public Bootstrap.Interval accuracyInterval(long seed) {
        return interval(seed, p -> p.right() ? 1 : 0);
    }

    /** Accuracy of this minus that of another strategy on the same patients, who are drawn together. */
    public Bootstrap.Interval differenceInterval(StrategyScores other, long seed) {
        if (other.predictions.size() != predictions.size()) {
            throw new IllegalArgumentException("strategies that predicted different patients cannot be paired");
        }
        Map<Integer, PatientPrediction> theirs =
                other.predictions.stream().collect(Collectors.toMap(PatientPrediction::patient, Function.identity()));
        return interval(seed, p -> {
            PatientPrediction their = Objects.requireNonNull(theirs.get(p.patient()), "the same patients");
            return (p.right() ? 1 : 0) - (their.right() ? 1 : 0);
        });
    }

    private Bootstrap.Interval interval(long seed, ToIntFunction<PatientPrediction> value) {
        int[] values = predictions.stream().mapToInt(value).toArray();
        return Bootstrap.of(values.length, seed, times -> {
                    int sum = 0;
                    for (int i = 0; i < values.length; i++) {
                        sum += times[i] * values[i];
                    }
                    return new double[] {(double) sum / values.length};
                })
                .getFirst();
    }

    public double auc() {
        int[] truth = predictions.stream().mapToInt(PatientPrediction::label).toArray();
        double[][] scores = predictions.stream()
                .map(p -> new double[] {-p.score(), p.score()})
                .toArray(double[][]::new);
        return ClassificationMetrics.of(truth, scores).auc();
    }
}
