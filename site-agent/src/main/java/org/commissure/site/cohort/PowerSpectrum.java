package org.commissure.site.cohort;

/**
 * How a series' power is spread over frequencies: the periodogram, summed over some of its parcels. Not thread-safe
 * while parcels are added.
 */
final class PowerSpectrum {
    /** Enough to tell whether a filter was at work; all parcels went through the same one. */
    private static final int PARCELS = 32;

    private final int step;
    private final double[] cosines;
    private final double[] sines;
    private final double[] power;

    PowerSpectrum(int parcels, int frames) {
        step = Math.max(1, parcels / PARCELS);
        cosines = new double[frames];
        sines = new double[frames];
        for (int i = 0; i < frames; i++) {
            cosines[i] = Math.cos(2 * Math.PI * i / frames);
            sines[i] = Math.sin(2 * Math.PI * i / frames);
        }
        power = new double[frames / 2 + 1];
    }

    /** Adds a parcel, or passes over it if enough others are taken. */
    void add(int parcel, float[] row) {
        if (parcel % step != 0) {
            return;
        }
        int frames = row.length;
        for (int frequency = 1; frequency < power.length; frequency++) {
            double real = 0;
            double imaginary = 0;
            int angle = 0;
            for (float value : row) {
                real += value * cosines[angle];
                imaginary += value * sines[angle];
                angle += frequency;
                angle -= angle >= frames ? frames : 0;
            }
            power[frequency] += real * real + imaginary * imaginary;
        }
    }

    /** Share of the power, without the mean's, above a frequency; NaN if there is none, or no such frequency is measured. */
    double shareAbove(double hertz, double repetitionTimeSeconds) {
        double total = 0;
        double above = 0;
        for (int frequency = 1; frequency < power.length; frequency++) {
            total += power[frequency];
            if (frequency / (repetitionTimeSeconds * cosines.length) > hertz) {
                above += power[frequency];
            }
        }
        boolean measured = (power.length - 1) / (repetitionTimeSeconds * cosines.length) > hertz;
        return measured && Double.isFinite(total) && total > 0 ? above / total : Double.NaN;
    }
}
