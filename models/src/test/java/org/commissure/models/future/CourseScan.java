package org.commissure.models.future;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.training.Scan;

/** Parcels that do not know each other, each an autoregression of first order with variance 1; white noise at memory 0. */
record CourseScan(int parcels, int frames, double memory, long seed) implements Scan {
    static List<Scan> cohort(int patients, int parcels, int frames, double memory, long seed) {
        return IntStream.range(0, patients)
                .<Scan>mapToObj(i -> new CourseScan(parcels, frames, memory, seed * 1_000 + i))
                .toList();
    }

    @Override
    public float[] load() {
        var random = new SplittableRandom(seed);
        float[] series = new float[parcels * frames];
        for (int p = 0; p < parcels; p++) {
            double state = random.nextGaussian();
            for (int t = 0; t < frames; t++) {
                series[p * frames + t] = (float) state;
                state = memory * state + Math.sqrt(1 - memory * memory) * random.nextGaussian();
            }
        }
        return series;
    }
}
