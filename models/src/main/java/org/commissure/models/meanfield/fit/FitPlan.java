package org.commissure.models.meanfield.fit;

import java.time.Duration;

/**
 * How much a fit by evolution computes.
 *
 * @param seeds independent searches
 * @param validated best candidates of each search that are validated; at most one for each generation
 */
public record FitPlan(int seeds, SearchSettings search, int validated, SelectionSettings selection) {
    /** Kong et al. 2021: weeks of one core. */
    public static final FitPlan KONG_2021 = new FitPlan(
            10, SearchSettings.KONG_2021, SearchSettings.KONG_2021.generations(), SelectionSettings.KONG_2021);

    private static final double SEARCH_SHARE = 0.85;
    private static final int GENERATIONS = 250;
    private static final int LANES = 32;
    private static final int SMALLEST = 96;
    private static final int LARGEST = 512;
    private static final int VALIDATED = 48;
    private static final int TEST_SETS = 3;
    private static final int MOST_SEEDS = 5;

    public FitPlan {
        if (seeds < 1 || validated < 1) {
            throw new IllegalArgumentException("a fit needs at least one seed and one candidate to validate");
        }
    }

    /**
     * Scaled to what fits into {@code budget}: about 250 generations of one repeat each, first more offspring, then
     * more seeds, with a broad opening. The clock ends a search, so that a machine that was busy when it was measured
     * uses all of its time; the last seventh of it is for validation and test.
     *
     * @param simulationsPerSecond measured, with the FCD of the search
     */
    public static FitPlan within(Duration budget, double simulationsPerSecond, FitPlan published) {
        double simulations = simulationsPerSecond * SEARCH_SHARE * budget.toMillis() / 1e3;
        int seeds = (int) Math.clamp(Math.floor(simulations / (GENERATIONS * 256.0)), 1, MOST_SEEDS);
        int fitting = (int) (simulations / seeds / GENERATIONS / LANES) * LANES;
        int offspring = Math.clamp(fitting, SMALLEST, LARGEST);
        SearchSettings search = new SearchSettings(
                published.search().scoring(),
                offspring,
                SearchSettings.parentsOf(offspring),
                published.search().generations(),
                1,
                Math.max(1, Math.round(budget.toMillis() * SEARCH_SHARE / seeds)),
                Opening.BROAD);
        SelectionSettings selection = new SelectionSettings(
                published.selection().scoring(),
                published.selection().validationRepeats(),
                published.selection().kept(),
                published.selection().alike(),
                published.selection().testRepeats(),
                TEST_SETS,
                published.selection().connectivityAlone());
        return new FitPlan(seeds, search, VALIDATED, selection);
    }
}
