package org.commissure.site.cohort;

import java.util.Random;

/**
 * What sets one synthetic hospital apart: its scanner and whom it recruits.
 *
 * @param repetitionTimeSeconds of its sequence
 * @param gain amplitude of its scanner, arbitrary units
 * @param noise scanner noise relative to the networks' activity
 * @param youngest age of its youngest patient, years
 * @param ageRange span of ages, years
 */
record SyntheticSite(
        double repetitionTimeSeconds, double gain, double noise, double youngest, double ageRange, double femaleShare) {
    private static final double[] REPETITION_TIMES_SECONDS = {2.0, 2.0, 1.5, 2.5};

    /** @param index place among the sites, so that any four neighbours have unlike sequences */
    static SyntheticSite of(int index, long seed) {
        Random random = new Random(seed);
        return new SyntheticSite(
                REPETITION_TIMES_SECONDS[index % REPETITION_TIMES_SECONDS.length],
                20 + 100 * random.nextDouble(),
                0.3 + 0.4 * random.nextDouble(),
                7 + 10 * random.nextDouble(),
                10 + 25 * random.nextDouble(),
                0.15 + 0.4 * random.nextDouble());
    }
}
