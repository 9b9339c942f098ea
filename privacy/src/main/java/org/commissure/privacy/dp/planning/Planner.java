package org.commissure.privacy.dp.planning;

import java.util.List;
import java.util.Locale;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.privacy.dp.RenyiOrders;

/**
 * Finds the noise that a budget demands and says whether a model can still learn under it.
 *
 * <p>ε alone is never infeasible: more noise always helps. What limits a study is the noise in a step's mean gradient,
 * σ/(q·N). It falls as the sampling rate q grows, so q = 1 decides whether a mode is feasible at all; among the feasible
 * rates the smallest is proposed, because a step costs as much computing as q.
 *
 * <p>Accounted by Rényi divergences at integer orders, which hold for discrete noise as well and are what the site's
 * ledger charges or more.
 */
public final class Planner {
    private static final double[] SAMPLING_RATES = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
    private static final double LARGEST_MULTIPLIER = 1e6;
    private static final double PRECISION = 1e-4;

    private final PlanRequest request;

    public Planner(PlanRequest request) {
        this.request = request;
    }

    /** One option for each mode. */
    public List<PlanOption> options() {
        return List.of(local(), distributed());
    }

    private PlanOption local() {
        int smallest =
                request.cohortSizes().stream().mapToInt(Integer::intValue).min().orElseThrow();
        String where = request.sites() == 1
                ? "at a site of " + smallest + " patients"
                : "at the smallest site, of " + smallest + " patients";
        return option(PlanMode.LOCAL, request.localSteps(), smallest, 1, 1, where);
    }

    private PlanOption distributed() {
        int sites = request.sites();
        int threshold = request.threshold();
        int honest = threshold - request.colluders();
        if (sites < 3
                || honest < 1
                || 2 * threshold <= sites + request.colluders()
                || sites < request.colluders() + 2) {
            return new PlanOption(
                    PlanMode.DISTRIBUTED,
                    false,
                    1,
                    0,
                    0,
                    request.rounds(),
                    0,
                    0,
                    0,
                    "a secure sum of " + sites + " sites does not hold against " + request.colluders()
                            + " colluding ones; it needs at least 3 sites and 2t > n + c");
        }
        long patients =
                request.cohortSizes().stream().mapToLong(Integer::longValue).sum();
        // t − c sites' noise is σ; if all n survive there is more of it.
        double excess = Math.sqrt(sites / (double) honest);
        return option(
                PlanMode.DISTRIBUTED,
                1,
                patients,
                excess,
                1 / Math.sqrt(honest),
                "in the sum over " + patients + " patients");
    }

    /**
     * @param patients whose mean gradient is noised
     * @param excess actual over counted noise
     * @param siteShare one site's noise over the counted noise
     */
    private PlanOption option(
            PlanMode mode, int stepsARound, long patients, double excess, double siteShare, String where) {
        long steps = (long) request.rounds() * stepsARound;
        double chosenRate = 1;
        double sigma = multiplier(1, steps);
        double noise = noise(sigma, 1, patients, excess);
        boolean feasible = noise <= request.maximumNoise();
        for (double rate : SAMPLING_RATES) {
            if (!feasible || rate * patients < 1) {
                continue;
            }
            double needed = multiplier(rate, steps);
            double reached = noise(needed, rate, patients, excess);
            if (reached <= request.maximumNoise()) {
                chosenRate = rate;
                sigma = needed;
                noise = reached;
                break;
            }
        }
        int most = feasible ? request.rounds() : mostRounds(stepsARound, patients, excess);
        String reason = feasible
                ? ""
                : String.format(
                        Locale.ROOT,
                        "the noise would be %.2g of the clip norm %s even if everybody takes part in every step; at most"
                                + " %.2g is wanted",
                        noise,
                        where,
                        request.maximumNoise());
        return new PlanOption(
                mode,
                feasible,
                chosenRate,
                sigma,
                sigma * siteShare,
                steps,
                epsilon(chosenRate, sigma, steps),
                noise,
                most,
                reason);
    }

    private static double noise(double sigma, double rate, long patients, double excess) {
        return sigma * excess / (rate * patients);
    }

    /** The smallest σ that keeps ε, rounded up to a tenth of a thousandth. */
    private double multiplier(double rate, long steps) {
        double low = 0.01;
        double high = 1;
        while (epsilon(rate, high, steps) > request.epsilon()) {
            low = high;
            high *= 2;
            if (high > LARGEST_MULTIPLIER) {
                return Double.POSITIVE_INFINITY;
            }
        }
        while (high - low > PRECISION * high) {
            double middle = (low + high) / 2;
            if (epsilon(rate, middle, steps) > request.epsilon()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.ceil(high / PRECISION) * PRECISION;
    }

    private double epsilon(double rate, double sigma, long steps) {
        if (Double.isInfinite(sigma)) {
            return 0;
        }
        return RdpAccountant.builder(RenyiOrders.INTEGER)
                .add(rate, sigma, steps)
                .epsilon(request.delta())
                .epsilon();
    }

    /** Of the number of rounds asked for, as many as are feasible at q = 1. */
    private int mostRounds(int stepsARound, long patients, double excess) {
        int feasible = 0;
        int infeasible = request.rounds();
        while (infeasible - feasible > 1) {
            int middle = feasible + (infeasible - feasible) / 2;
            double sigma = multiplier(1, (long) middle * stepsARound);
            if (noise(sigma, 1, patients, excess) <= request.maximumNoise()) {
                feasible = middle;
            } else {
                infeasible = middle;
            }
        }
        return feasible;
    }
}
