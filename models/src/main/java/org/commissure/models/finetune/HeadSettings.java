package org.commissure.models.finetune;

import org.commissure.models.brainlm.Pooling;

/**
 * How a head is made and trained.
 *
 * @param classes of a classification, at least 2; 1 for a regression
 * @param trainEncoder whether the encoder's parameters move too
 * @param scaling of a regression's targets
 * @param dropout probability with which a hidden value is dropped in training
 * @param headRate Adam's learning rate for the head
 * @param encoderRate Adam's learning rate for the encoder, if it is trained
 * @param patience epochs without a better validation loss before training stops
 * @param seed of first weights, order and dropout
 */
public record HeadSettings(
        Task task,
        int classes,
        Pooling pooling,
        boolean trainEncoder,
        TargetScale.Kind scaling,
        double dropout,
        double headRate,
        double encoderRate,
        int epochs,
        int batch,
        int patience,
        long seed) {

    public HeadSettings {
        require(
                task == Task.REGRESSION ? classes == 1 : classes >= 2,
                "a " + task + " cannot have " + classes + " classes");
        require(dropout >= 0 && dropout < 1, "dropout = " + dropout + " does not lie in [0, 1)");
        require(headRate > 0 && headRate < 1, "headRate = " + headRate + " does not lie in (0, 1)");
        require(encoderRate > 0 && encoderRate < 1, "encoderRate = " + encoderRate + " does not lie in (0, 1)");
        require(
                epochs > 0 && batch > 0 && patience > 0,
                "epochs = " + epochs + ", batch = " + batch + ", patience = " + patience + " must be positive");
    }

    /** A regression on z-scored targets with usual settings. */
    public static HeadSettings regression(Pooling pooling, boolean trainEncoder, long seed) {
        return usual(Task.REGRESSION, 1, pooling, trainEncoder, seed);
    }

    /** A classification with usual settings. */
    public static HeadSettings classification(int classes, Pooling pooling, boolean trainEncoder, long seed) {
        return usual(Task.CLASSIFICATION, classes, pooling, trainEncoder, seed);
    }

    private static HeadSettings usual(Task task, int classes, Pooling pooling, boolean trainEncoder, long seed) {
        return new HeadSettings(
                task,
                classes,
                pooling,
                trainEncoder,
                TargetScale.Kind.Z_SCORE,
                0.1,
                1e-3,
                1e-4,
                trainEncoder ? 30 : 200,
                16,
                trainEncoder ? 5 : 20,
                seed);
    }

    /** The same with other lengths. */
    public HeadSettings withEpochs(int newEpochs, int newPatience) {
        return new HeadSettings(
                task,
                classes,
                pooling,
                trainEncoder,
                scaling,
                dropout,
                headRate,
                encoderRate,
                newEpochs,
                batch,
                newPatience,
                seed);
    }

    /** The same with another scaling of targets. */
    public HeadSettings withScaling(TargetScale.Kind newScaling) {
        return new HeadSettings(
                task,
                classes,
                pooling,
                trainEncoder,
                newScaling,
                dropout,
                headRate,
                encoderRate,
                epochs,
                batch,
                patience,
                seed);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("head: " + problem);
        }
    }
}
