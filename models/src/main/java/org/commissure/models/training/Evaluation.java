package org.commissure.models.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.evaluation.ReconstructionSums;

/**
 * Scores a model on held-out patients: a few windows each, spread evenly over their scans, under masks that follow from the seed and the
 * window's place. So every model and every moment of a run is scored on the very same masked values. Not thread-safe.
 */
public final class Evaluation {
    private final ModelConfiguration configuration;
    private final List<? extends Scan> scans;
    private final int windowsPerPatient;
    private final Windows windows;
    private final long seed;

    /**
     * @param configuration of the models to score
     * @param windowsPerPatient at most; a scan that is shorter than two windows gives overlapping ones
     * @param minimumFrames as in {@link TrainingPlan}
     * @throws ScanException if a scan does not fit the model
     */
    public Evaluation(
            ModelConfiguration configuration,
            List<? extends Scan> scans,
            int windowsPerPatient,
            Masking masking,
            int minimumFrames,
            long seed)
            throws ScanException {
        if (scans.isEmpty() || windowsPerPatient < 1) {
            throw new IllegalArgumentException("an evaluation needs scans and at least one window of each, got "
                    + scans.size() + " scans and " + windowsPerPatient + " windows");
        }
        this.configuration = configuration;
        this.scans = scans;
        this.windowsPerPatient = windowsPerPatient;
        this.windows = new Windows(configuration, masking, minimumFrames);
        this.seed = seed;
        for (int i = 0; i < scans.size(); i++) {
            windows.check(i, scans.get(i));
        }
    }

    /**
     * Scores a model over all parcels.
     *
     * @param model with the parameters to score loaded
     * @throws ScanException if a series is damaged
     * @throws InterruptedException if the thread was interrupted between two scans
     */
    public ReconstructionSums sums(MaskedAutoencoder model) throws ScanException, InterruptedException {
        ReconstructionSums all = new ReconstructionSums();
        ReconstructionSums[] everyParcel = new ReconstructionSums[configuration.parcels()];
        Arrays.fill(everyParcel, all);
        addTo(scan -> everyParcel, model);
        return all;
    }

    /** As {@link #sums}, one accumulator per scan, in the order of the scans. */
    public List<ReconstructionSums> sumsByScan(MaskedAutoencoder model) throws ScanException, InterruptedException {
        ReconstructionSums[] byScan = new ReconstructionSums[scans.size()];
        Arrays.setAll(byScan, i -> new ReconstructionSums());
        ReconstructionSums[] everyParcel = new ReconstructionSums[configuration.parcels()];
        addTo(
                scan -> {
                    Arrays.fill(everyParcel, byScan[scan]);
                    return everyParcel;
                },
                model);
        return List.of(byScan);
    }

    /** As {@link #sums}, one accumulator per parcel. */
    public List<ReconstructionSums> sumsByParcel(MaskedAutoencoder model) throws ScanException, InterruptedException {
        ReconstructionSums[] byParcel = new ReconstructionSums[configuration.parcels()];
        Arrays.setAll(byParcel, p -> new ReconstructionSums());
        addTo(scan -> byParcel, model);
        return List.of(byParcel);
    }

    /**
     * The masked windows of one patient, always the same.
     *
     * @throws ScanException if the series is damaged
     */
    public List<Example> examples(int index) throws ScanException, InterruptedException {
        List<Scan> ofThePatient = scans.get(index).ofThePatient();
        List<Example> examples = new ArrayList<>();
        for (int at = 0; at < ofThePatient.size() && at < windowsPerPatient; at++) {
            Scan scan = ofThePatient.get(at);
            float[] series = Windows.load(index, scan);
            // A patient has so many windows, whatever the number of scans; the first scans have one more.
            int ofTheScan = (windowsPerPatient + ofThePatient.size() - 1 - at) / ofThePatient.size();
            for (int start : EvenWindows.starts(scan.frames(), configuration.windowFrames(), ofTheScan)) {
                examples.add(windows.cut(
                        index,
                        scan,
                        series,
                        start,
                        Streams.of(seed, Streams.Purpose.EVALUATION, index, examples.size())));
            }
        }
        return examples;
    }

    /** @param byParcel of a scan, one accumulator per parcel */
    private void addTo(IntFunction<ReconstructionSums[]> byParcel, MaskedAutoencoder model)
            throws ScanException, InterruptedException {
        float[] prediction = new float[configuration.windowLength()];
        for (int i = 0; i < scans.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("evaluation was stopped");
            }
            for (Example example : examples(i)) {
                model.reconstruct(example, prediction);
                ReconstructionSums.addByParcel(
                        byParcel.apply(i), configuration, example.window(), prediction, example.mask());
            }
        }
    }
}
