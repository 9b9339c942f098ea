package org.commissure.models.brainlm;

import org.commissure.models.tensor.Workspace;

/** Mean loss over the masked patches, and its gradient with respect to the predictions. */
final class PatchLoss {
    private final Loss loss;
    private final int patchFrames;
    private final float[] patch;

    PatchLoss(BrainLmConfiguration c) {
        loss = c.loss();
        patchFrames = c.patchFrames();
        patch = new float[patchFrames];
    }

    /**
     * Replaces the predictions, {@code [masked, patchFrames]}, by {@code weight} times the loss' gradient.
     *
     * @return the loss, unweighted
     */
    double replaceByGradient(Workspace w, float[] window, Mask mask, long predicted, float weight) {
        double values = (double) mask.maskedCount() * patchFrames;
        float factor = (float) (weight / values);
        double sum = 0;
        for (int i = 0; i < mask.maskedCount(); i++) {
            int observed = mask.masked(i) * patchFrames;
            long at = predicted + (long) i * patchFrames;
            w.copyOut(at, patch, 0, patchFrames);
            for (int t = 0; t < patchFrames; t++) {
                float difference = patch[t] - window[observed + t];
                if (loss == Loss.MSE) {
                    sum += (double) difference * difference;
                    patch[t] = 2 * factor * difference;
                } else {
                    sum += Math.abs(difference);
                    patch[t] = factor * Math.signum(difference);
                }
            }
            w.copyIn(patch, 0, at, patchFrames);
        }
        return sum / values;
    }
}
