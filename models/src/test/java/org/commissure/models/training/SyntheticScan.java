package org.commissure.models.training;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.RandomCoordinates;

/** A scan made of two networks split by x, each a first-order autoregressive course, plus every parcel's own noise. */
record SyntheticScan(int parcels, int frames, double memory, double shared, long seed) implements Scan {
    static final int PARCELS = 24;
    static final float[][] PLACES = RandomCoordinates.of(PARCELS, 2);

    /** 24 parcels × 24 frames in patches of 8, hidden 32, one layer each. */
    static final BrainLmConfiguration SMALL = new BrainLmConfiguration(PARCELS, 24, 8, 32, 1, 1, 4, 32, PLACES);

    static List<SyntheticScan> cohort(int patients, int frames, double memory, double shared, long seed) {
        return IntStream.range(0, patients)
                .mapToObj(i -> new SyntheticScan(PARCELS, frames, memory, shared, seed * 1_000 + i))
                .toList();
    }

    /** Independent in time and space: nothing to predict. */
    static List<SyntheticScan> whiteNoise(int patients, int frames, long seed) {
        return cohort(patients, frames, 0, 0, seed);
    }

    @Override
    public float[] load() {
        var random = new SplittableRandom(seed);
        double[][] networks = new double[2][frames];
        for (double[] course : networks) {
            fill(course, random);
        }
        float[] series = new float[parcels * frames];
        double[] own = new double[frames];
        for (int p = 0; p < parcels; p++) {
            fill(own, random);
            double[] network = networks[PLACES[p % PARCELS][0] < 0 ? 0 : 1];
            for (int t = 0; t < frames; t++) {
                series[p * frames + t] = (float) (shared * network[t] + Math.sqrt(1 - shared * shared) * own[t]);
            }
        }
        return series;
    }

    private void fill(double[] course, SplittableRandom random) {
        double state = random.nextGaussian();
        for (int t = 0; t < course.length; t++) {
            course[t] = state;
            state = memory * state + Math.sqrt(1 - memory * memory) * random.nextGaussian();
        }
    }
}
