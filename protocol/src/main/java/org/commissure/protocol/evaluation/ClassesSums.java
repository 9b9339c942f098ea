package org.commissure.protocol.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The layout for more than two classes: spread of the sites' macro AUC, patients named rightly by class, then for each
 * class {@link ClassificationSums} of it against the rest.
 */
final class ClassesSums {
    static final int SITES = 0;
    static final int RIGHT = SITES + SiteSpread.LENGTH;

    private ClassesSums() {}

    static int length(int classes) {
        return RIGHT + classes + classes * ClassificationSums.LENGTH;
    }

    /** Where the block of a class against the rest begins. */
    static int block(int classes, int which) {
        return RIGHT + classes + which * ClassificationSums.LENGTH;
    }

    static double[] of(int classes, List<ClassPrediction> predictions) {
        double[] sums = new double[length(classes)];
        for (ClassPrediction prediction : predictions) {
            if (prediction.truth() < 0
                    || prediction.truth() >= classes
                    || prediction.probabilities().size() != classes) {
                throw new IllegalArgumentException("an external patient's class is none of the " + classes);
            }
            sums[RIGHT + prediction.truth()] += prediction.named() == prediction.truth() ? 1 : 0;
        }
        double[] areas = new double[classes];
        double standardErrors = 0;
        boolean scored = predictions.size() >= ReportableSubgroups.SMALLEST;
        for (int which = 0; which < classes; which++) {
            List<Prediction> against = against(predictions, which);
            System.arraycopy(ClassificationSums.of(against), 0, sums, block(classes, which), ClassificationSums.LENGTH);
            Optional<Auc> auc = ClassificationSums.siteAuc(against);
            scored &= auc.isPresent();
            areas[which] = auc.map(Auc::value).orElse(Double.NaN);
            standardErrors += auc.map(area -> Math.sqrt(area.variance())).orElse(Double.NaN);
        }
        if (scored) {
            // The same patients are in all of them: the mean's standard error is at most the mean of theirs.
            SiteSpread.add(
                    sums,
                    SITES,
                    SiteScale.AUC,
                    Arrays.stream(areas).average().orElseThrow(),
                    Math.pow(standardErrors / classes, 2));
        } else {
            SiteSpread.addNone(sums, SITES);
        }
        return sums;
    }

    private static List<Prediction> against(List<ClassPrediction> predictions, int which) {
        return predictions.stream().map(prediction -> prediction.of(which)).toList();
    }
}
