package org.commissure.site.phenotype;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.linear.LinearModel;
import org.commissure.protocol.evaluation.ClassPrediction;
import org.commissure.protocol.evaluation.Prediction;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.site.compute.LocalWorkException;

/** The models of a study on this site's sealed external patients. */
final class PhenotypeScores {
    private PhenotypeScores() {}

    static void write(PhenotypeTask task, Rows rows, Published published, SecureRandom random, double[] values)
            throws LocalWorkException, InterruptedException {
        PhenotypePlan plan = task.plan();
        List<Patient> external = rows.patients(task.cohort().external());
        if (external.isEmpty()) {
            throw new LocalWorkException("this site has no external patient to score");
        }
        List<Patient> training = rows.patients(task.cohort().training());
        List<double[]> scored = rows.of(external);
        List<List<LinearModel>> models = new ArrayList<>(List.of(
                published.models(0),
                SingleSite.fit(plan, training, rows.of(training)),
                published.models(PhenotypeVectors.DEMOGRAPHICS),
                published.means().stream().map(mean -> constant(plan, mean)).toList()));
        for (int model = PhenotypeVectors.DEMOGRAPHICS + 1;
                model < PhenotypeVectors.of(plan).fitted();
                model++) {
            models.add(published.models(model));
        }
        for (int model = 0; model < models.size(); model++) {
            double[] sums = published.target() instanceof TargetKind.Classes classes
                    ? PredictionSums.of(classes, classes(task, external, scored, models.get(model)))
                    : PredictionSums.of(
                            published.target(),
                            predictions(
                                    task, external, scored, models.get(model).getFirst()),
                            random.nextLong());
            System.arraycopy(sums, 0, values, model * sums.length, sums.length);
        }
    }

    private static List<Prediction> predictions(
            PhenotypeTask task, List<Patient> external, List<double[]> scored, LinearModel model) {
        boolean regression = task.plan().target().type() == PhenotypePlan.Type.REGRESSION;
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < scored.size(); i++) {
            double[] row = scored.get(i);
            predictions.add(new Prediction(
                    external.get(i).target(),
                    regression ? model.predict(row) : model.probability(row),
                    task.cohort().subgroups().get(i)));
        }
        return predictions;
    }

    /** Probabilities of each class against the rest, divided by their sum. */
    private static List<ClassPrediction> classes(
            PhenotypeTask task, List<Patient> external, List<double[]> scored, List<LinearModel> models) {
        List<ClassPrediction> predictions = new ArrayList<>();
        for (int i = 0; i < scored.size(); i++) {
            double[] row = scored.get(i);
            List<Double> each =
                    models.stream().map(model -> model.probability(row)).toList();
            double all = each.stream().mapToDouble(Double::doubleValue).sum();
            predictions.add(new ClassPrediction(
                    (int) external.get(i).target(),
                    each.stream()
                            .map(probability -> all > 0 ? probability / all : 1.0 / each.size())
                            .toList(),
                    task.cohort().subgroups().get(i)));
        }
        return predictions;
    }

    /** Everybody gets the mean, or in a classification the share of class 1. */
    static LinearModel constant(PhenotypePlan plan, double mean) {
        int width = PhenotypeVectors.of(plan).width();
        return LinearModel.constant(
                plan.target().type() == PhenotypePlan.Type.REGRESSION ? mean : Math.log(mean / (1 - mean)), width);
    }
}
