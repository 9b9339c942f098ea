package org.commissure.site.phenotype;

import java.security.SecureRandom;
import java.util.List;
import org.commissure.models.harmonise.CombatSums;
import org.commissure.models.linear.Logistic;
import org.commissure.models.linear.Moments;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;

/** Turns a {@link PhenotypeTask} into the vector that the site adds to the sum. Used by the worker only. */
public final class PhenotypeWork {
    private final FeatureReader reader = new FeatureReader();
    private final SecureRandom random;

    /** @param random of the bootstrap's weights */
    public PhenotypeWork(SecureRandom random) {
        this.random = random;
    }

    /** @return the ring elements of this site's vector */
    public int[] vector(PhenotypeTask task, WorkProgress progress) throws LocalWorkException, InterruptedException {
        double[] values = values(task, progress);
        double scale = PhenotypeVectors.of(task.plan()).scale(task.kind());
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
        try {
            return ExactSums.encode(values);
        } catch (ArithmeticException e) {
            throw new LocalWorkException("the site's sums cannot be encoded: " + e.getMessage(), e);
        }
    }

    /** The same before scale and encoding. */
    public double[] values(PhenotypeTask task, WorkProgress progress) throws LocalWorkException, InterruptedException {
        PhenotypeVectors vectors = PhenotypeVectors.of(task.plan());
        Published published = new Published(task.plan(), task.published());
        Rows rows = new Rows(task, published, reader, progress);
        double[] values = new double[vectors.length(task.kind())];
        try {
            switch (task.kind()) {
                case OVERLAP -> PatientOverlap.count(task, values);
                case SCALE -> histograms(task, rows, values);
                case HARMONISE -> harmonisation(task, rows, vectors, values);
                case FIT -> moments(task, rows, vectors, values);
                case REFINE -> newton(task, rows, vectors, published, values);
                case EVALUATE -> PhenotypeScores.write(task, rows, published, random, values);
                default -> throw new LocalWorkException("this site knows no sum of kind " + task.kind());
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new LocalWorkException("the phenotype cannot be fitted: " + e.getMessage(), e);
        }
        values[values.length - 1] = 1;
        progress.at(1);
        return values;
    }

    private static void histograms(PhenotypeTask task, Rows rows, double[] values)
            throws LocalWorkException, InterruptedException {
        for (double[] features : rows.features(rows.patients(task.cohort().training()))) {
            for (int f = 0; f < features.length; f++) {
                values[f * PhenotypeVectors.BINS + Published.HISTOGRAM.bin(features[f])]++;
            }
        }
    }

    private static void harmonisation(PhenotypeTask task, Rows rows, PhenotypeVectors vectors, double[] values)
            throws LocalWorkException, InterruptedException {
        List<Patient> training = rows.patients(task.cohort().training());
        double[] sums = CombatSums.of(
                        Rows.covariates(training), rows.scaled(training), vectors.covariates(), vectors.features())
                .values();
        System.arraycopy(sums, 0, values, 0, sums.length);
    }

    private static void moments(PhenotypeTask task, Rows rows, PhenotypeVectors vectors, double[] values)
            throws LocalWorkException, InterruptedException {
        List<Patient> training = rows.patients(task.cohort().training());
        List<Moments> folds = SingleSite.folds(vectors, training, rows.of(training));
        for (int fold = 0; fold < folds.size(); fold++) {
            folds.get(fold).write(values, fold * Moments.length(vectors.width()));
        }
    }

    /** Of each fitted model: the point, so that it is published too, then gradient, Hessian and log-likelihood there. */
    private static void newton(
            PhenotypeTask task, Rows rows, PhenotypeVectors vectors, Published published, double[] values)
            throws LocalWorkException, InterruptedException {
        List<double[]> training = rows.of(rows.patients(task.cohort().training()));
        for (int model = 0; model < vectors.fitted(); model++) {
            for (int target = 0; target < vectors.targets(); target++) {
                Logistic logistic = published.logistic(model, target);
                double[] point = published.point(model, target, logistic);
                int at = vectors.newtonAt(model, target);
                System.arraycopy(point, 0, values, at, point.length);
                for (double[] row : training) {
                    logistic.add(row, point, values, at + point.length);
                }
                values[vectors.movement()] =
                        Math.max(values[vectors.movement()], published.movement(model, target, point));
            }
        }
    }
}
