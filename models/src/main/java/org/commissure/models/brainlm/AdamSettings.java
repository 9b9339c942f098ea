package org.commissure.models.brainlm;

/**
 * Adam (Kingma &amp; Ba 2015) with decoupled weight decay (AdamW, Loshchilov &amp; Hutter 2019) when {@code weightDecay}
 * is not 0. Without decay ε is added to the bias-corrected root (algorithm 1 of the paper, and torch's Adam); with decay
 * to the uncorrected one, as in the {@code transformers.AdamW} that the original was trained with.
 *
 * @param weightDecay applied to every tensor but biases and norms, as {@code w ← w − rate·decay·w} after Adam's own step
 */
public record AdamSettings(double beta1, double beta2, double epsilon, double weightDecay) {
    /** .9, .999, 1e-8, no decay. */
    public static final AdamSettings DEFAULT = new AdamSettings(0.9, 0.999, 1e-8, 0);

    public AdamSettings {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0)
                || weightDecay == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("Adam with betas " + beta1 + ", " + beta2 + ", epsilon " + epsilon
                    + ", decay " + weightDecay + " is out of range");
        }
    }

    /** The same with another decay. */
    public AdamSettings withWeightDecay(double decay) {
        return new AdamSettings(beta1, beta2, epsilon, decay);
    }
}
