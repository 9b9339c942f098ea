package org.commissure.models.meanfield.federated;

import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.fit.IndividualFit;
import org.commissure.models.meanfield.fit.SubjectTask;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.Target;

/**
 * One site's own parameters in a hierarchical model θ_s ~ N(θ, Σ): the mode of their posterior, by
 * Gauss–Newton steps from the group's parameters; and what the sums over sites then say of θ and Σ.
 * The variance is one number for every log-parameter, because so few sites determine no more.
 */
public final class SiteRefinement {
    /** Between these a prior variance of log-parameters is useful: neither frozen nor wider than at first. */
    private static final double SMALLEST_VARIANCE = 1e-3;

    private static final double FIRST_VARIANCE = 0.25;

    private SiteRefinement() {}

    /** Where a refinement starts: θ, and the variance of every logarithm around it. */
    public record Prior(double[] parameters, double logVariance) {
        /** Before any refinement: the group's fit, and the published variance of ¼. */
        public static Prior first(double[] parameters) {
            return new Prior(parameters.clone(), FIRST_VARIANCE);
        }

        /**
         * From the sums over sites: the mean, and the mean squared coefficient of variation, which is
         * the variance of the logarithm to first order. The posterior's own width is left out.
         *
         * @param sum Σθ
         * @param squares Σθ²
         */
        public static Prior of(double[] sum, double[] squares, double sites) {
            double[] mean = new double[sum.length];
            double variation = 0;
            int counted = 0;
            for (int i = 0; i < sum.length; i++) {
                mean[i] = sum[i] / sites;
                if (mean[i] > 0 && sites > 1) {
                    double variance = Math.max(0, squares[i] - sum[i] * mean[i]) / (sites - 1);
                    variation += variance / (mean[i] * mean[i]);
                    counted++;
                }
            }
            double logVariance = counted == 0 ? FIRST_VARIANCE : variation / counted;
            return new Prior(mean, Math.clamp(logVariance, SMALLEST_VARIANCE, FIRST_VARIANCE));
        }
    }

    /**
     * θ_s.
     *
     * @param target of this site alone
     * @throws ArithmeticException if the simulation leaves the range of numbers
     */
    public static RegionalParameters of(
            Scorer scorer,
            Connectome connectome,
            Target target,
            Prior prior,
            ScoringSettings settings,
            double repetitionTimeSeconds,
            int iterations,
            long seed)
            throws InterruptedException {
        SubjectTask task = new SubjectTask(
                "site",
                connectome.regions(),
                connectome.toArray(),
                target.correlation(),
                target.dynamics().orElse(new double[0]),
                prior.parameters(),
                repetitionTimeSeconds,
                settings.timing().keptFrames(),
                settings.windowFrames(),
                settings.haemodynamics(),
                iterations,
                prior.logVariance(),
                seed);
        return RegionalParameters.ofVector(IndividualFit.fit(task, scorer).parameters());
    }
}
