package org.commissure.models.training;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.RepetitionTime;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.brainlm.WindowPreparation;
import org.commissure.models.evaluation.TokenGrid;

/** Cuts masked windows out of scans, padding short ones with zeros at the end. Immutable. */
final class Windows {
    private final ModelConfiguration configuration;
    private final Masking masking;
    private final int minimumFrames;

    /**
     * @param minimumFrames 0 stands for the window: nothing is padded
     * @throws IllegalArgumentException if the model's windows cannot be masked like this, or so short a scan not padded
     */
    Windows(ModelConfiguration configuration, Masking masking, int minimumFrames) {
        this.configuration = configuration;
        this.masking = masking;
        this.minimumFrames = minimumFrames == 0 ? configuration.windowFrames() : minimumFrames;
        int shortest = Math.min(this.minimumFrames, configuration.windowFrames());
        if (configuration instanceof VitMaeConfiguration image) {
            Images.requireWhole(image, shortest);
        } else if (shortest < TokenGrid.of(configuration).patchFrames()) {
            throw new IllegalArgumentException("scans of " + minimumFrames + " frames do not fill one patch of "
                    + TokenGrid.of(configuration).patchFrames());
        }
        masking.draw(configuration, shortest, new SplittableRandom(0)); // refused here and not in the middle of a run
    }

    /** Refuses a patient of whom a scan does not fit, without reading it. */
    void check(int index, Scan patient) throws ScanException {
        for (Scan scan : patient.ofThePatient()) {
            check(configuration, index, scan, minimumFrames);
        }
    }

    static void check(ModelConfiguration configuration, int index, Scan scan, int minimumFrames) throws ScanException {
        if (scan.parcels() != configuration.parcels()) {
            throw new ScanException(
                    index, "has " + scan.parcels() + " parcels, but the model reads " + configuration.parcels());
        }
        if (scan.frames() < minimumFrames) {
            throw new ScanException(
                    index, "has " + scan.frames() + " frames, but at least " + minimumFrames + " are needed");
        }
        try {
            RepetitionTime.check(configuration, scan.repetitionTimeSeconds());
        } catch (IllegalArgumentException e) {
            throw new ScanException(index, "cannot be used: " + e.getMessage(), e);
        }
    }

    /** Reads a scan that fits. */
    static float[] load(int index, Scan scan) throws ScanException, InterruptedException {
        try {
            return scan.load();
        } catch (ClosedByInterruptException e) {
            Thread.interrupted(); // said by the exception
            throw (InterruptedException) new InterruptedException("reading a scan was stopped").initCause(e);
        } catch (IOException e) {
            throw new ScanException(index, "cannot be read", e);
        }
    }

    /** Starts of a window in a scan; 1 if the scan is not longer. */
    int starts(Scan scan) {
        return Math.max(1, scan.frames() - configuration.windowFrames() + 1);
    }

    /**
     * One window under a fresh mask.
     *
     * @param series {@code [parcels, frames]} of the scan
     * @param start in {@code [0, starts)}
     */
    Example cut(int index, Scan scan, float[] series, int start, RandomGenerator random) throws ScanException {
        int parcels = configuration.parcels();
        int present = Math.min(scan.frames(), configuration.windowFrames());
        float[] window;
        try {
            window = WindowPreparation.standardise(series, parcels, scan.frames(), start, present);
        } catch (IllegalArgumentException e) {
            throw new ScanException(index, "cannot be used: " + e.getMessage(), e);
        }
        if (present < configuration.windowFrames()) {
            window = padded(window, present);
        }
        return new Example(window, masking.draw(configuration, present, random), scan.repetitionTimeSeconds());
    }

    private float[] padded(float[] window, int present) {
        float[] padded = new float[configuration.windowLength()];
        for (int p = 0; p < configuration.parcels(); p++) {
            System.arraycopy(window, p * present, padded, p * configuration.windowFrames(), present);
        }
        return padded;
    }
}
