package org.commissure.models.linear;

/**
 * A random projection that anybody can repeat: {@code f = R·x/√n} with R of entries ±1 (Achlioptas 2003), whose rows are
 * nearly orthogonal when n is large. Signs are the bits of SplitMix64 (Steele, Lea and Flood 2014) from the seed: row
 * k's are those of the words k·⌈n/64⌉, k·⌈n/64⌉ + 1, …, least significant bit first, 1 for minus. Immutable, thread-safe.
 */
public final class SignProjection {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final int inputs;
    private final long[][] signs;

    /** @param inputs n @param outputs rows of R */
    public SignProjection(int inputs, int outputs, long seed) {
        this.inputs = inputs;
        int words = (inputs + Long.SIZE - 1) / Long.SIZE;
        this.signs = new long[outputs][words];
        for (int row = 0; row < outputs; row++) {
            for (int word = 0; word < words; word++) {
                signs[row][word] = mixed(seed + ((long) row * words + word + 1) * GOLDEN_GAMMA);
            }
        }
    }

    private static long mixed(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** @param x [inputs] @return [outputs] */
    public double[] of(double[] x) {
        if (x.length != inputs) {
            throw new IllegalArgumentException("the projection takes " + inputs + " values, not " + x.length);
        }
        double[] out = new double[signs.length];
        double scale = 1 / Math.sqrt(inputs);
        for (int row = 0; row < out.length; row++) {
            double sum = 0;
            for (int i = 0; i < inputs; i++) {
                sum += x[i] * (1 - 2 * (signs[row][i >> 6] >>> i & 1));
            }
            out[row] = scale * sum;
        }
        return out;
    }
}
