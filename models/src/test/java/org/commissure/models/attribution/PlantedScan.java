package org.commissure.models.attribution;

import java.util.SplittableRandom;
import org.commissure.models.training.Scan;

/**
 * White noise, but for one parcel: a square wave of one patch's length, up first in patients of class 1 and down first
 * in the others. Its mean and size are those of all other parcels once a scan is standardised.
 */
record PlantedScan(int parcels, int frames, int patch, int planted, int label, long seed) implements Scan {
    @Override
    public float[] load() {
        var random = new SplittableRandom(seed);
        float[] series = new float[parcels * frames];
        for (int i = 0; i < series.length; i++) {
            series[i] = (float) random.nextGaussian();
        }
        for (int t = 0; t < frames; t++) {
            boolean up = t % patch < patch / 2 == (label == 1);
            series[planted * frames + t] += up ? 2 : -2;
        }
        return series;
    }
}
