package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.scoring.ScoringSettings;

/**
 * One search by covariance matrix adaptation.
 *
 * @param scoring with the stride of the search's FCD
 * @param offspring λ, candidates of a generation; they share their noise
 * @param parents μ, the best of them that make the next generation
 * @param generations at most
 * @param repeats noise realisations that are averaged for a candidate
 * @param limitMillis wall time after which no generation begins, 0 for no limit; what was found until then counts
 * @param opening where it begins and how far it steps
 */
public record SearchSettings(
        ScoringSettings scoring,
        int offspring,
        int parents,
        int generations,
        int repeats,
        long limitMillis,
        Opening opening) {
    /** Stride of the FCD in a search: changes KS by at most .0005 and saves 15/16 of its work. */
    public static final int STRIDE = 4;

    /** Kong et al. 2021, but for the stride. */
    public static final SearchSettings KONG_2021 =
            new SearchSettings(ScoringSettings.KONG_2021.withStride(STRIDE), 500, 40, 500, 3, 0);

    public SearchSettings(
            ScoringSettings scoring, int offspring, int parents, int generations, int repeats, long limitMillis) {
        this(scoring, offspring, parents, generations, repeats, limitMillis, Opening.PUBLISHED);
    }

    public SearchSettings {
        if (parents < 2 || offspring <= parents || generations < 1 || repeats < 1 || limitMillis < 0) {
            throw new IllegalArgumentException("a search needs at least two parents, more offspring than parents, a"
                    + " generation and a repeat; this one has " + parents + " parents, " + offspring + " offspring, "
                    + generations + " generations, " + repeats + " repeats");
        }
    }

    /** The published share of parents, 40 of 500. */
    public static int parentsOf(int offspring) {
        return Math.max(4, Math.round(offspring * 0.08f));
    }

    String description() {
        return scoring + ", " + offspring + " offspring, " + parents + " parents, " + generations + " generations, "
                + repeats + " repeats" + (opening == Opening.PUBLISHED ? "" : ", " + opening);
    }
}
