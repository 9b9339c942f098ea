package org.commissure.models.meanfield;

/**
 * Counter-based normal numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as
 * 1, 2, 3") with counter (step, region / 4, repetition, stream) and Box–Muller in double precision,
 * rounded to float. Any step can be drawn without the ones before it.
 */
public record PhiloxNoise(int key0, int key1, int repetition, int stream) implements Noise {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final int DEFAULT_STREAM = 7;

    /** Noise of one repetition under a 64-bit seed. */
    public static PhiloxNoise of(long seed, int repetition) {
        return new PhiloxNoise((int) seed, (int) (seed >>> 32), repetition, DEFAULT_STREAM);
    }

    @Override
    public void fill(int firstStep, int steps, int regions, float[] into) {
        int[] word = new int[4];
        for (int step = 0; step < steps; step++) {
            for (int region = 0; region < regions; region += 4) {
                block(firstStep + step, region / 4, word);
                int at = step * regions + region;
                int left = regions - region;
                normals(word[0], word[1], into, at, left);
                if (left > 2) {
                    normals(word[2], word[3], into, at + 2, left - 2);
                }
            }
        }
    }

    private void block(int step, int group, int[] word) {
        int x0 = step;
        int x1 = group;
        int x2 = repetition;
        int x3 = stream;
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = Integer.toUnsignedLong(x0) * Integer.toUnsignedLong(MULTIPLIER_0);
            long p1 = Integer.toUnsignedLong(x2) * Integer.toUnsignedLong(MULTIPLIER_1);
            x0 = (int) (p1 >>> 32) ^ x1 ^ k0;
            x1 = (int) p1;
            x2 = (int) (p0 >>> 32) ^ x3 ^ k1;
            x3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        word[0] = x0;
        word[1] = x1;
        word[2] = x2;
        word[3] = x3;
    }

    private static void normals(int first, int second, float[] into, int at, int left) {
        double radius = Math.sqrt(-2 * Math.log(uniform(first)));
        double angle = 2 * Math.PI * uniform(second);
        into[at] = (float) (radius * Math.cos(angle));
        if (left > 1) {
            into[at + 1] = (float) (radius * Math.sin(angle));
        }
    }

    private static double uniform(int word) {
        return (Integer.toUnsignedLong(word) + 0.5) * 0x1p-32;
    }
}
