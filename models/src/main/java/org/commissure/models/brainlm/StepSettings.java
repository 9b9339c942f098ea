package org.commissure.models.brainlm;

import java.util.OptionalDouble;

/**
 * One optimiser step.
 *
 * @param learningRate of this step, after any schedule
 * @param maximumGradientNorm the gradient is scaled down to this L2 norm; infinite leaves it alone
 * @param proximal μ of FedProx (Li et al. 2020): adds {@code μ·(w − w₀)} to the gradient, where w₀ are the parameters
 *     at {@link TrainableModel#beginTraining}; 0 is off
 * @param patientClipNorm if present, every example counts as one patient: its gradient is clipped to this L2 norm
 *     before gradients are averaged
 * @param dropoutSeed draws this step's dropout; the same seed drops the same values
 */
public record StepSettings(
        double learningRate,
        double maximumGradientNorm,
        double proximal,
        OptionalDouble patientClipNorm,
        long dropoutSeed) {

    public StepSettings {
        require(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "learningRate", learningRate);
        require(maximumGradientNorm > 0, "maximumGradientNorm", maximumGradientNorm);
        require(proximal >= 0 && proximal < Double.POSITIVE_INFINITY, "proximal", proximal);
        if (patientClipNorm.isPresent()) {
            require(patientClipNorm.getAsDouble() > 0, "patientClipNorm", patientClipNorm.getAsDouble());
        }
    }

    /** A step without clipping, proximal term or dropout. */
    public static StepSettings plain(double learningRate) {
        return new StepSettings(learningRate, Double.POSITIVE_INFINITY, 0, OptionalDouble.empty(), 0);
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range");
        }
    }
}
