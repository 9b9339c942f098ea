package org.commissure.models.meanfield.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.statistics.Cost;

/** Costs with a known minimum at w .6, I .2, G 4, σ .004, and a little noise from the seed; simulates nothing. */
final class AnalyticScorer implements Scorer {
    private static final double NOISE = 1e-4;

    /** Best correlation; a better one would end a search early. */
    private static final double FLOOR = 0.6;

    int dynamicsScored;

    @Override
    public List<Cost> score(ScoringTask task) {
        boolean dynamics = task.target().dynamics().isPresent();
        if (dynamics) {
            dynamicsScored += task.candidates().size();
        }
        return costs(task.candidates(), task.seed(), dynamics);
    }

    private static List<Cost> costs(List<RegionalParameters> candidates, long seed, boolean dynamics) {
        double noise = NOISE * new Random(seed).nextGaussian();
        List<Cost> costs = new ArrayList<>();
        for (RegionalParameters candidate : candidates) {
            double fc = square((candidate.recurrence()[0] - 0.6) / 0.5)
                    + square((candidate.input()[0] - 0.2) / 0.2);
            double ks =
                    square((candidate.coupling() - 4) / 4) + square((candidate.noise()[0] - 0.004) / 0.004);
            costs.add(new Cost(FLOOR - 0.6 * fc / (1 + fc) + noise, dynamics ? ks / (1 + ks) : 0, false));
        }
        return costs;
    }

    private static double square(double value) {
        return value * value;
    }

    @Override
    public void close() {}
}
