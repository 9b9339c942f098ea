package org.commissure.site.finetune;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.commissure.protocol.evaluation.ClassPrediction;
import org.commissure.protocol.evaluation.Prediction;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.Subgroup;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;

/** The head and the baseline on this site's sealed external patients. */
final class FineTuneScores {
    private FineTuneScores() {}

    /**
     * @param model with the vector to score loaded
     * @param subgroups of each patient
     * @param random of the bootstrap's weights
     * @return the values of this site's vector, by model
     */
    static double[] of(
            FineTunePlan plan,
            LabelledGradient model,
            List<LabelledScan> external,
            List<Set<Subgroup>> subgroups,
            SecureRandom random,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        List<double[]> said = new ArrayList<>();
        List<double[]> mean = new ArrayList<>();
        for (int i = 0; i < external.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("evaluation was stopped");
            }
            progress.at((double) i / external.size());
            said.add(model.predict(external.get(i)));
            mean.add(model.predictMean());
        }
        progress.at(1);
        double[] values = new double[plan.models().size() * plan.scores()];
        try {
            // The same weights for both, so that replicates are paired.
            long seed = random.nextLong();
            double[] head = sums(plan.target().kind(), external, said, subgroups, seed);
            double[] baseline = sums(plan.target().kind(), external, mean, subgroups, seed);
            System.arraycopy(head, 0, values, 0, head.length);
            System.arraycopy(baseline, 0, values, head.length, baseline.length);
            return values;
        } catch (IllegalArgumentException e) {
            throw new LocalWorkException("the external patients cannot be scored: " + e.getMessage(), e);
        }
    }

    private static double[] sums(
            TargetKind kind,
            List<LabelledScan> external,
            List<double[]> said,
            List<Set<Subgroup>> subgroups,
            long seed) {
        if (kind instanceof TargetKind.Classes classes) {
            List<ClassPrediction> predictions = new ArrayList<>();
            for (int i = 0; i < external.size(); i++) {
                predictions.add(new ClassPrediction(
                        (int) external.get(i).target(),
                        Arrays.stream(said.get(i)).boxed().toList(),
                        subgroups.get(i)));
            }
            return PredictionSums.of(classes, predictions);
        }
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < external.size(); i++) {
            // Of a number the only output; of two classes the probability of the one coded 1.
            double predicted = said.get(i)[said.get(i).length - 1];
            predictions.add(new Prediction(external.get(i).target(), predicted, subgroups.get(i)));
        }
        return PredictionSums.of(kind, predictions, seed);
    }
}
