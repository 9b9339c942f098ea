package org.commissure.models.meanfield.fit;

/** Independent seeds from one: the finaliser of SplitMix64 (Steele et al. 2014) over a purpose and an index. */
final class Seeds {
    static final long START = 1;
    static final long CANDIDATES = 2;
    static final long SEARCH_NOISE = 3;
    static final long VALIDATION_NOISE = 4;
    static final long TEST_NOISE = 5;

    private Seeds() {}

    static long of(long seed, long purpose, long index) {
        return mixed(mixed(mixed(seed) + purpose) + index);
    }

    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
