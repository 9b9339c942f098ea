package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.List;
import org.commissure.protocol.study.RegionalVectors;

/**
 * How the candidates of a regional study fare on the sealed external cohorts: each site scores against
 * its own patients, and only sums over sites arrive here.
 *
 * @param patients external patients of all sites
 * @param sites that scored
 */
public record RegionalScores(List<Candidate> candidates, long patients, int sites) {
    /** In the order in which sites score them. */
    static final List<String> NAMES = List.of("fit", "homogeneous", "refined");

    private static final double NORMAL_975 = 1.959964;

    public RegionalScores {
        candidates = List.copyOf(candidates);
    }

    /**
     * @param r correlation of simulated and empirical functional connectivity
     * @param ks distance of the cumulative distributions of its dynamics
     * @param total 1 − r + KS
     */
    public record Candidate(String name, Score r, Score ks, Score total) {}

    /**
     * One score, averaged over sites, each counting the same.
     *
     * @param low 2.5 % bound for the mean over these very sites, from the patients' bootstrap at each
     * @param high 97.5 %
     * @param betweenSites standard deviation of the sites' scores
     */
    public record Score(double mean, double low, double high, double betweenSites) {
        /** From Σx, Σx² and Σvar over {@code sites} sites. */
        static Score of(double sum, double squares, double variances, int sites) {
            double mean = sum / sites;
            double half = NORMAL_975 * Math.sqrt(Math.max(0, variances)) / sites;
            double spread = sites > 1 ? Math.sqrt(Math.max(0, squares - sum * mean) / (sites - 1)) : 0;
            return new Score(mean, mean - half, mean + half, spread);
        }
    }

    /**
     * @param values of an EVALUATE sum: patients, then nine numbers for each candidate; a candidate of
     *     which no number was sent was not scored
     */
    static RegionalScores of(double[] values, int sites) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < RegionalVectors.SCORED; i++) {
            int at = 1 + i * RegionalVectors.SCORES;
            if (values[at + 7] > 0) { // Σ total²
                candidates.add(new Candidate(
                        NAMES.get(i),
                        score(values, at, sites),
                        score(values, at + 3, sites),
                        score(values, at + 6, sites)));
            }
        }
        return new RegionalScores(candidates, Math.round(values[0]), sites);
    }

    private static Score score(double[] values, int at, int sites) {
        return Score.of(values[at], values[at + 1], values[at + 2], sites);
    }
}
