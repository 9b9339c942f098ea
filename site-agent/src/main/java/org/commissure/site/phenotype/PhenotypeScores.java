package org.commissure.site.phenotype;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.linear.LinearModel;
import org.commissure.protocol.evaluation.Prediction;
import org.commissure.protocol.evaluation.PredictionSums;
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
        List<LinearModel> models = new ArrayList<>(List.of(
                published.model(0),
                SingleSite.fit(plan, training, rows.of(training)),
                published.model(PhenotypeVectors.DEMOGRAPHICS),
                constant(plan, published.mean())));
        for (int model = PhenotypeVectors.DEMOGRAPHICS + 1;
                model < PhenotypeVectors.of(plan).fitted();
                model++) {
            models.add(published.model(model));
        }
        for (int model = 0; model < models.size(); model++) {
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < scored.size(); i++) {
                double[] row = scored.get(i);
                predictions.add(new Prediction(
                        row[row.length - 1],
                        plan.target().type() == PhenotypePlan.Type.REGRESSION
                                ? models.get(model).predict(row)
                                : models.get(model).probability(row),
                        task.cohort().subgroups().get(i)));
            }
            double[] sums = PredictionSums.of(published.target(), predictions, random.nextLong());
            System.arraycopy(sums, 0, values, model * sums.length, sums.length);
        }
    }

    /** Everybody gets the mean, or in a classification the share of class 1. */
    static LinearModel constant(PhenotypePlan plan, double mean) {
        int width = PhenotypeVectors.of(plan).width();
        return LinearModel.constant(
                plan.target().type() == PhenotypePlan.Type.REGRESSION ? mean : Math.log(mean / (1 - mean)), width);
    }
}
