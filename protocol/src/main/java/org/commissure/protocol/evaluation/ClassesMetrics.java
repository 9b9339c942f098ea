package org.commissure.protocol.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How well one of several classes is predicted, over all of the pooled external patients.
 *
 * @param accuracy share of patients whose class is the one that the model names, with Wilson's interval
 * @param balancedAccuracy mean over classes of that share of their members; null where a class has no patient
 * @param macroAuc mean over classes of the AUC of each against the rest; null where a class has no patient. The same
 *     patients are in all of them, so the interval is the mean of their intervals: that of the mean at perfect
 *     correlation, and conservative at any other
 * @param sites spread of macro AUC
 * @param againstRest each class as class 1 against all others, in the study's order
 */
public record ClassesMetrics(
        long patients,
        Estimate accuracy,
        @Nullable Estimate balancedAccuracy,
        @Nullable Estimate macroAuc,
        SiteSpread sites,
        List<ClassificationMetrics> againstRest)
        implements PredictionMetrics {

    public ClassesMetrics {
        againstRest = List.copyOf(againstRest);
    }

    static ClassesMetrics of(int classes, double[] sums) {
        double[] s = PredictionSums.unscaled(sums, ClassesSums.length(classes));
        List<ClassificationMetrics> againstRest = new ArrayList<>();
        List<Estimate> recalls = new ArrayList<>();
        double right = 0;
        for (int which = 0; which < classes; which++) {
            int at = ClassesSums.block(classes, which);
            ClassificationMetrics one =
                    ClassificationMetrics.ofUnscaled(Arrays.copyOfRange(s, at, at + ClassificationSums.LENGTH));
            againstRest.add(one);
            double named = Math.rint(s[ClassesSums.RIGHT + which]);
            right += named;
            if (one.ones() > 0) {
                recalls.add(ClassificationMetrics.share(named, one.ones()));
            }
        }
        long patients = againstRest.getFirst().patients();
        return new ClassesMetrics(
                patients,
                ClassificationMetrics.share(right, patients),
                recalls.size() == classes ? ClassificationMetrics.meanOf(recalls) : null,
                macro(againstRest),
                SiteSpread.of(s, ClassesSums.SITES, SiteScale.AUC),
                againstRest);
    }

    private static @Nullable Estimate macro(List<ClassificationMetrics> againstRest) {
        List<Estimate> areas = againstRest.stream()
                .map(ClassificationMetrics::auc)
                .filter(Objects::nonNull)
                .toList();
        if (areas.size() < againstRest.size()) {
            return null;
        }
        double value = 0;
        double low = 0;
        double high = 0;
        for (Estimate area : areas) {
            Interval interval = Objects.requireNonNull(area.interval());
            value += area.value() / areas.size();
            low += interval.low() / areas.size();
            high += interval.high() / areas.size();
        }
        return new Estimate(value, new Interval(low, high));
    }
}
