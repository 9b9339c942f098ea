package org.commissure.models.meanfield.simulation;

/** Constants and the firing rate of the dynamic mean-field model (Deco et al. 2013, equations 1–4). */
final class MeanField {
    /** J, nA: synaptic coupling. */
    static final double COUPLING = 0.2609;

    /** a, per nC, b in Hz and d in s of the input–output function. */
    static final double GAIN = 270;

    static final double THRESHOLD = 108;
    static final double CURVATURE = 0.154;

    /** τ_s, seconds. */
    static final double DECAY_SECONDS = 0.1;

    /** γ_s: kinetic rate per second and hertz, times a thousandth. */
    static final double KINETICS = 0.641;

    static final double INITIAL_GATING = 0.001;

    /** The published code divides σ by √0.001, because it states σ for steps of a millisecond. */
    static final double NOISE_UNIT_SECONDS = 0.001;

    private static final double NEAR_THRESHOLD = 1e-9;

    private MeanField() {}

    /** H(x) in hertz, of u = a·x − b; at u → 0 its limit 1/d. */
    static double firingRate(double drive) {
        if (Math.abs(drive) < NEAR_THRESHOLD) {
            return 1 / CURVATURE + drive / 2;
        }
        return drive / (1 - Math.exp(-CURVATURE * drive));
    }
}
