package org.commissure.protocol.evaluation;

import java.util.List;
import java.util.Set;

/**
 * One external patient's class among several and what a model said. Never leaves the site, nor is printed.
 *
 * @param truth the place of the patient's class
 * @param probabilities of each class; the largest, of equals the first, is the one that the model names
 * @param subgroups as in {@link Prediction}
 */
public record ClassPrediction(int truth, List<Double> probabilities, Set<Subgroup> subgroups) {
    public ClassPrediction {
        probabilities = List.copyOf(probabilities);
        subgroups = Set.copyOf(subgroups);
    }

    /** The class that the model names. */
    int named() {
        int best = 0;
        for (int k = 1; k < probabilities.size(); k++) {
            best = probabilities.get(k) > probabilities.get(best) ? k : best;
        }
        return best;
    }

    /** Whether the patient is of a class, against all others. */
    Prediction of(int which) {
        return new Prediction(truth == which ? 1 : 0, probabilities.get(which), subgroups);
    }

    @Override
    public String toString() {
        return "ClassPrediction";
    }
}
