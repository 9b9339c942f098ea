package org.commissure.models.meanfield.simulation;

/** Constants and the firing rate of the dynamic mean-field model (Deco et al. 2013, equations 1–4). */
public final class MeanField {
    /** J, nA: synaptic coupling. */
    public static final double COUPLING = 0.2609;

    /** a, per nC, b in Hz and d in s of the input–output function. */
    public static final double GAIN = 270;

    public static final double THRESHOLD = 108;
    public static final double CURVATURE = 0.154;

    /** τ_s, seconds. */
    public static final double DECAY_SECONDS = 0.1;

    /** γ_s: kinetic rate per second and hertz, times a thousandth. */
    public static final double KINETICS = 0.641;

    public static final double INITIAL_GATING = 0.001;

    /** The published code divides σ by √0.001, because it states σ for steps of a millisecond. */
    public static final double NOISE_UNIT_SECONDS = 0.001;

    private static final double NEAR_THRESHOLD = 1e-9;

    private MeanField() {}

    /** H(x) in hertz, of u = a·x − b; at u → 0 its limit 1/d. */
    public static double firingRate(double drive) {
        if (Math.abs(drive) < NEAR_THRESHOLD) {
            return 1 / CURVATURE + drive / 2;
        }
        return drive / (1 - Math.exp(-CURVATURE * drive));
    }

    /** dH/du, of u = a·x − b; at u → 0 its limit 1/2. */
    public static double firingRateSlope(double drive) {
        if (Math.abs(drive) < NEAR_THRESHOLD) {
            return 0.5;
        }
        double fading = Math.exp(-CURVATURE * drive);
        double share = 1 - fading;
        return 1 / share - CURVATURE * drive * fading / (share * share);
    }
}
