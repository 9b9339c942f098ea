package org.commissure.privacy.dp.planning;

import java.util.List;

/**
 * What a study wants.
 *
 * @param cohortSizes patients of each site, at least one site
 * @param epsilon ε that no patient may exceed, above 0
 * @param delta δ in (0, 1)
 * @param rounds K, at least 1
 * @param localSteps steps of a site in one round of mode {@code local}, at least 1; mode {@code distributed} takes one
 * @param maximumNoise largest tolerable noise of a step's mean gradient: standard deviation of one coordinate, as a
 *     share of the clip norm
 * @param colluders c: sites whose noise must not be counted on
 */
public record PlanRequest(
        List<Integer> cohortSizes,
        double epsilon,
        double delta,
        int rounds,
        int localSteps,
        double maximumNoise,
        int colluders) {
    /** @throws IllegalArgumentException naming the component outside its range */
    public PlanRequest {
        cohortSizes = List.copyOf(cohortSizes);
        require(!cohortSizes.isEmpty(), "list of cohort sizes", "is empty");
        for (int size : cohortSizes) {
            require(size >= 1, "cohort size", "is " + size + ", not at least 1");
        }
        require(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY, "epsilon", "is " + epsilon + ", not above 0");
        require(delta > 0 && delta < 1, "delta", "is " + delta + ", not in (0, 1)");
        require(rounds >= 1, "number of rounds", "is " + rounds + ", not at least 1");
        require(localSteps >= 1, "number of local steps", "is " + localSteps + ", not at least 1");
        require(
                maximumNoise > 0 && maximumNoise < Double.POSITIVE_INFINITY,
                "largest noise",
                "is " + maximumNoise + ", not above 0");
        require(colluders >= 0, "number of colluders", "is " + colluders + ", below 0");
    }

    int sites() {
        return cohortSizes.size();
    }

    /** t = ⌊2n/3⌋ + 1: sites that must survive a round of a secure sum. */
    public int threshold() {
        return 2 * sites() / 3 + 1;
    }

    private static void require(boolean holds, String what, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("the " + what + " " + problem);
        }
    }
}
