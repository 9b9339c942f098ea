package org.commissure.models.tensor;

/**
 * Inverted dropout (Srivastava et al. 2014) whose choices are a function of (seed, index): nothing is stored between
 * the passes, and neither threads nor order change what is dropped.
 */
public final class Dropout {
    private Dropout() {}

    /**
     * Zeroes each of {@code [from, to)} values of {@code x} with probability {@code p} and divides the others by {@code
     * 1 − p}. The same call on a gradient is the backward pass.
     */
    public static void apply(Workspace w, long x, long from, long to, double p, long seed) {
        long threshold = (long) (p * (1L << 32));
        float scale = (float) (1 / (1 - p));
        for (long i = from; i < to; i++) {
            long draw = mix(seed + i * 0x9E3779B97F4A7C15L) >>> 32;
            w.set(x + i, draw < threshold ? 0 : w.get(x + i) * scale);
        }
    }

    /** SplitMix64's finaliser (Steele et al. 2014, with Stafford's variant 13). */
    public static long mix(long z) {
        long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        y = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
        return y ^ (y >>> 31);
    }
}
