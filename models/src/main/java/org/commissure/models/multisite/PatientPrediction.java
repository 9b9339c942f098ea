package org.commissure.models.multisite;

/**
 * What a model that never saw a patient says of them.
 *
 * @param patient place in the site
 * @param label the truth
 * @param predicted the class that most windows vote for, as Li et al. (2020) count; if they tie, what {@code score}
 *     says. Of a linear model, what its score says
 * @param score mean probability of class 1, or a linear model's output
 */
public record PatientPrediction(int patient, int label, int predicted, double score) {
    boolean right() {
        return label == predicted;
    }
}
