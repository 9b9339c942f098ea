package org.commissure.site.cli;

import org.commissure.privacy.dp.SummedDiscreteGaussian;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the discrete Gaussian needs to know beyond the Gaussian: the vector's size and the parties of the sum. */
final class DiscreteNoiseOptions {
    @Option(
            names = "--dimension",
            paramLabel = "D",
            description = "discrete-gaussian: coordinates of the vector (default: ${DEFAULT-VALUE})")
    private long dimension = 1;

    @Option(
            names = "--l2-sensitivity",
            paramLabel = "S",
            description = "discrete-gaussian: largest L2 norm of one patient's integer vector, in grid units"
                    + " (default: ${DEFAULT-VALUE})")
    private double l2Sensitivity = 1;

    @Option(
            names = "--l1-sensitivity",
            paramLabel = "S",
            description = "discrete-gaussian: its largest L1 norm (default: what the L2 norm allows an integer vector)")
    private @Nullable Double l1Sensitivity;

    @Option(
            names = "--parties",
            paramLabel = "N",
            description =
                    "discrete-gaussian: sites whose noise is surely in the sum, t - c (default: ${DEFAULT-VALUE})")
    private int parties = 1;

    /** @param noiseMultiplier of the whole sum: its σ, in units of the L2 sensitivity */
    SummedDiscreteGaussian mechanism(double samplingRate, double noiseMultiplier) {
        double partySigma = noiseMultiplier * l2Sensitivity / Math.sqrt(Math.max(1, parties));
        return new SummedDiscreteGaussian(samplingRate, partySigma, parties, dimension, l1(), l2Sensitivity);
    }

    /** Of an integer vector x: ‖x‖₁ ≤ √d·‖x‖₂, and ‖x‖₁ ≤ ‖x‖₂² because every coordinate is at most its square. */
    private double l1() {
        if (l1Sensitivity != null) {
            return l1Sensitivity;
        }
        double largest = Math.min(Math.sqrt(dimension) * l2Sensitivity, l2Sensitivity * l2Sensitivity);
        return Math.max(l2Sensitivity, largest);
    }
}
