package org.commissure.models.meanfield.simulation;

/**
 * Polynomials of the single-precision engines, minimax fits over the stated intervals, and how their arguments are
 * brought there. Errors are below 10⁻⁷, the precision of the numbers themselves.
 *
 * <p>1 − 2^x for any x: x = n + r, n whole and |r| ≤ ½, then (1 − 2ⁿ) − 2ⁿ·r·E(r), in which nothing cancels where x is
 * near 0 (the firing rate divides by it). n is limited to ±126, beyond which the result is 1 or −∞ for every use here.
 *
 * <p>v^(1/0.33) for v in [2⁻⁸, 2⁸]: v³·2^(log₂(v)/33), so that an error of the logarithm counts one thirty-third. A
 * candidate whose volume leaves that range, a hundred times what blood vessels do, is given up as diverged.
 */
final class FastMath {
    /** Adding 1.5·2²³ rounds to a whole number, which then stands in the low bits. */
    static final float ROUNDING = 12_582_912f;

    static final int ROUNDING_BITS = 0x4B40_0000;
    static final int LARGEST_EXPONENT = 126;
    static final int MANTISSA_BITS = 23;
    static final int ONE_BITS = 0x3F80_0000;

    // −E(r) = (1 − 2^r)/r on |r| ≤ ½
    static final float E0 = -0.69314724f;
    static final float E1 = -0.24022235f;
    static final float E2 = -0.055503085f;
    static final float E3 = -0.009671873f;
    static final float E4 = -0.0013407257f;

    /** √½: mantissas are taken from √½ to √2. */
    static final int ROOT_HALF_BITS = 0x3F35_04F3;

    static final float THIRTY_THIRD = 1 / 33f;

    // L(r) = log₂(1 + r)/(33·r) on √½ ≤ 1 + r ≤ √2
    static final float L0 = 0.04371859f;
    static final float L1 = -0.021852482f;
    static final float L2 = 0.014525702f;
    static final float L3 = -0.011136041f;
    static final float L4 = 0.00976223f;
    static final float L5 = -0.0062603937f;

    // P(y) = (2^y − 1)/y on |y| ≤ 0.26
    static final float P0 = 0.6931453f;
    static final float P1 = 0.24022605f;
    static final float P2 = 0.055616524f;
    static final float P3 = 0.009635353f;

    static final int LOWEST_VOLUME_BITS = Float.floatToRawIntBits(0x1p-8f);
    static final int HIGHEST_VOLUME_BITS = Float.floatToRawIntBits(0x1p8f);

    /** −d/ln 2: e^(−d·u) = 2^(RATE·u). */
    static final float RATE = (float) (-MeanField.CURVATURE / Math.log(2));

    /** Keep H(0) = 1/d instead of 0/0, and are lost in rounding everywhere else. */
    static final float TINY = 1e-30f;

    static final float TINY_DRIVE = (float) (1e-30 / MeanField.CURVATURE);

    private FastMath() {}

    /** 1 − 2^x. */
    static float oneMinusPowerOfTwo(float x) {
        float t = x + ROUNDING;
        float r = x - (t - ROUNDING);
        int n = Math.min(
                Math.max(Float.floatToRawIntBits(t), ROUNDING_BITS - LARGEST_EXPONENT),
                ROUNDING_BITS + LARGEST_EXPONENT);
        float scale = Float.intBitsToFloat((n << MANTISSA_BITS) + ONE_BITS);
        float e = Math.fma(r, E4, E3);
        e = Math.fma(e, r, E2);
        e = Math.fma(e, r, E1);
        e = Math.fma(e, r, E0);
        return Math.fma(scale * r, e, 1 - scale);
    }

    /** v^(1/0.33); of a volume out of range, some number. */
    static float outflow(float v) {
        int bits = Float.floatToRawIntBits(v);
        int k = (bits - ROOT_HALF_BITS) >> MANTISSA_BITS;
        float r = Float.intBitsToFloat(bits - (k << MANTISSA_BITS)) - 1;
        float l = Math.fma(r, L5, L4);
        l = Math.fma(l, r, L3);
        l = Math.fma(l, r, L2);
        l = Math.fma(l, r, L1);
        l = Math.fma(l, r, L0);
        float whole = Float.intBitsToFloat(k + ROUNDING_BITS) - ROUNDING;
        float y = Math.fma(whole, THIRTY_THIRD, l * r);
        float p = Math.fma(y, P3, P2);
        p = Math.fma(p, y, P1);
        p = Math.fma(p, y, P0);
        float cube = v * v * v;
        return Math.fma(p * y, cube, cube);
    }

    /** H(u) in hertz. */
    static float firingRate(float u) {
        return (u + TINY_DRIVE) / (oneMinusPowerOfTwo(u * RATE) + TINY);
    }
}
