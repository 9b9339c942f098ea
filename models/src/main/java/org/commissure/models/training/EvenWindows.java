package org.commissure.models.training;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.WindowPreparation;

/** Whole windows of one scan, spread evenly over it: for embeddings and attention, which see everything. */
public final class EvenWindows {
    private EvenWindows() {}

    /**
     * Reads a scan and cuts at most {@code count} windows, as many as lie side by side, at least one.
     *
     * @param index the scan's place, for messages
     * @return {@code [parcels, windowFrames]} each, row-major
     * @throws ScanException if the scan has another number of parcels, is shorter than a window, or is damaged
     */
    public static List<float[]> of(ModelConfiguration configuration, int index, Scan scan, int count)
            throws ScanException, InterruptedException {
        int windowFrames = configuration.windowFrames();
        Windows.check(configuration, index, scan, windowFrames);
        float[] series = Windows.load(index, scan);
        List<float[]> windows = new ArrayList<>();
        try {
            for (int start : starts(scan.frames(), windowFrames, Math.min(count, scan.frames() / windowFrames))) {
                windows.add(WindowPreparation.standardise(
                        series, configuration.parcels(), scan.frames(), start, windowFrames));
            }
        } catch (IllegalArgumentException e) {
            throw new ScanException(index, "cannot be used: " + e.getMessage(), e);
        }
        return windows;
    }

    /**
     * The same of every scan of a patient, one after the other, each as {@link #of} cuts it: together they are one
     * contribution.
     *
     * @param index the patient's place, for messages
     * @param anyScan of the patient
     */
    public static List<float[]> ofPatient(ModelConfiguration configuration, int index, Scan anyScan, int countOfEach)
            throws ScanException, InterruptedException {
        List<float[]> windows = new ArrayList<>();
        for (Scan scan : anyScan.ofThePatient()) {
            windows.addAll(of(configuration, index, scan, countOfEach));
        }
        return windows;
    }

    /** First frames of at most {@code count} windows, evenly spread; a single one lies in the middle. */
    public static int[] starts(int frames, int windowFrames, int count) {
        int last = Math.max(0, frames - windowFrames);
        int windows = Math.min(count, last + 1);
        if (windows <= 1) {
            return new int[] {last / 2};
        }
        return IntStream.range(0, windows)
                .map(w -> (int) ((long) last * w / (windows - 1)))
                .toArray();
    }
}
