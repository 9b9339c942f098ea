package org.commissure.models.training;

import java.util.SplittableRandom;

/**
 * Random numbers by counter: a stream follows from the seed, its purpose and where it is used, not from what was drawn
 * before. So step 1,000 can be taken without having taken the 999 before it.
 */
public final class Streams {
    /** 2⁶⁴ / golden ratio, the increment of SplitMix64 (Steele et al. 2014). */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** What a stream is for; two purposes never share numbers. */
    public enum Purpose {
        ORDER,
        WINDOW,
        DROPOUT,
        EVALUATION,
        NOISE
    }

    private Streams() {}

    /** The seed of a stream. @param counters where it is used, for example the step */
    public static long seed(long seed, Purpose purpose, long... counters) {
        long state = mix(seed + GOLDEN * (purpose.ordinal() + 1));
        for (long counter : counters) {
            state = mix(state ^ mix(counter + GOLDEN));
        }
        return state;
    }

    /** The stream. @param counters where it is used, for example the step */
    public static SplittableRandom of(long seed, Purpose purpose, long... counters) {
        return new SplittableRandom(seed(seed, purpose, counters));
    }

    /** Stafford's variant 13 of MurmurHash3's finaliser, as in SplitMix64. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
