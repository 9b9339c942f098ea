package org.commissure.protocol.evaluation;

import java.util.Set;

/**
 * One external patient's truth and what a model said. Never leaves the site, nor is printed.
 *
 * @param truth the measured number, or 0 or 1 for a class
 * @param predicted in the unit of {@code truth}, or the probability of class 1
 * @param subgroups at most one of each factor; none where nothing is known
 */
public record Prediction(double truth, double predicted, Set<Subgroup> subgroups) {
    public Prediction {
        subgroups = Set.copyOf(subgroups);
    }

    public Prediction(double truth, double predicted) {
        this(truth, predicted, Set.of());
    }

    @Override
    public String toString() {
        return "Prediction";
    }
}
