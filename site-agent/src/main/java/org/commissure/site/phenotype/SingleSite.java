package org.commissure.site.phenotype;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.linear.LinearModel;
import org.commissure.models.linear.Logistic;
import org.commissure.models.linear.Moments;
import org.commissure.models.linear.Ridge;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;

/** What a hospital would have alone: the task's model fitted to its own training patients by the same rules. */
final class SingleSite {
    private static final double CONVERGED = 1e-8;
    private static final int MOST_STEPS = 50;

    private SingleSite() {}

    /** A model of every target. */
    static List<LinearModel> fit(PhenotypePlan plan, List<Patient> patients, List<double[]> rows) {
        PhenotypeVectors vectors = PhenotypeVectors.of(plan);
        List<Moments> folds = folds(vectors, patients, rows);
        return IntStream.range(0, vectors.targets())
                .mapToObj(target -> fit(plan, vectors, vectors.target(target), folds, rows))
                .toList();
    }

    /** Where one class has fewer than two members here, or the fit fails, the site's own mean for everybody. */
    private static LinearModel fit(
            PhenotypePlan plan, PhenotypeVectors vectors, int target, List<Moments> folds, List<double[]> rows) {
        Moments all = Ridge.sum(folds);
        int[] predictors = vectors.predictors(0);
        try {
            double penalty = Ridge.choose(folds, predictors, target, plan.fit().penalties());
            return plan.target().type() == PhenotypePlan.Type.REGRESSION
                    ? Ridge.fit(all, predictors, target, penalty)
                    : newton(new Logistic(all, predictors, target, penalty), rows);
        } catch (ArithmeticException e) {
            return PhenotypeScores.constant(plan, all.mean(target));
        }
    }

    private static LinearModel newton(Logistic logistic, List<double[]> rows) {
        double[] point = logistic.start();
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] sums = new double[Logistic.length(logistic.coefficients())];
            for (double[] row : rows) {
                logistic.add(row, point, sums, 0);
            }
            double[] next = logistic.next(point, sums, 0);
            boolean still = Logistic.movement(point, next) < CONVERGED;
            point = next;
            if (still) {
                break;
            }
        }
        return logistic.model(point);
    }

    static List<Moments> folds(PhenotypeVectors vectors, List<Patient> patients, List<double[]> rows) {
        List<Moments> folds = new ArrayList<>();
        for (int fold = 0; fold < vectors.folds(); fold++) {
            folds.add(new Moments(vectors.width()));
        }
        for (int i = 0; i < rows.size(); i++) {
            folds.get(patients.get(i).fold()).add(rows.get(i));
        }
        return folds;
    }
}
