package org.commissure.models.meanfield;

/**
 * The two published settings of the Balloon–Windkessel model. They differ in two rates and in which
 * synaptic state drives them; results of one are not comparable with the other's.
 */
public enum Haemodynamics {
    /** Kong et al. 2021: β = 0.65, γ = 0.41 per second; driven by the state just updated. */
    KONG_2021(0.65, 0.41, false),
    /** Wang et al. 2019 (code of 2018): β = 1/0.65, γ = 1/0.41 per second; driven by the state before the step. */
    WANG_2018(1 / 0.65, 1 / 0.41, true);

    /** τ, seconds: mean transit time. */
    public static final double TRANSIT_SECONDS = 0.98;

    /** α: Grubb's exponent. */
    public static final double GRUBB = 0.33;

    /** ρ: resting oxygen extraction. */
    public static final double EXTRACTION = 0.34;

    private static final double RESTING_VOLUME = 0.02;
    private static final double K1 = 4.3 * 28.265 * 3 * 0.0331 * EXTRACTION;
    private static final double K2 = 0.47 * 110 * 0.0331 * EXTRACTION;
    private static final double K3 = 0.53;

    private final double signalDecay;
    private final double flowElimination;
    private final boolean drivenByPreviousState;

    Haemodynamics(double signalDecay, double flowElimination, boolean drivenByPreviousState) {
        this.signalDecay = signalDecay;
        this.flowElimination = flowElimination;
        this.drivenByPreviousState = drivenByPreviousState;
    }

    /** β, per second. */
    public double signalDecay() {
        return signalDecay;
    }

    /** γ, per second. */
    public double flowElimination() {
        return flowElimination;
    }

    public boolean drivenByPreviousState() {
        return drivenByPreviousState;
    }

    /** What {@link #bold} multiplies 1 − q, 1 − q/v and 1 − v with, for engines that write it out. */
    public static double[] boldCoefficients() {
        double scale = 100 / EXTRACTION * RESTING_VOLUME;
        return new double[] {scale * K1, scale * K2, scale * K3};
    }

    /** BOLD change in percent, from relative volume v and deoxyhaemoglobin q. */
    public static double bold(double volume, double deoxyhaemoglobin) {
        return 100
                / EXTRACTION
                * RESTING_VOLUME
                * (K1 * (1 - deoxyhaemoglobin) + K2 * (1 - deoxyhaemoglobin / volume) + K3 * (1 - volume));
    }

    /** Derivative of {@link #bold} by the volume. */
    public static double boldByVolume(double volume, double deoxyhaemoglobin) {
        return 100 / EXTRACTION * RESTING_VOLUME * (K2 * deoxyhaemoglobin / (volume * volume) - K3);
    }

    /** Derivative of {@link #bold} by the deoxyhaemoglobin. */
    public static double boldByDeoxyhaemoglobin(double volume) {
        return -100 / EXTRACTION * RESTING_VOLUME * (K1 + K2 / volume);
    }
}
