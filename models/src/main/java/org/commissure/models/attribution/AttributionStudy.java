package org.commissure.models.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;

/**
 * Attributes what a model says of each patient to parcels.
 *
 * @param windows a patient at most, side by side; a patient's maps are their mean
 * @param tolerance of {@link IntegratedGradients#error}
 * @param maximumPoints of the integral
 * @param smoothSamples of SmoothGrad; 0 leaves it out
 * @param smoothNoise as in {@link SmoothGradient}
 * @param seed of masks and noise
 */
public record AttributionStudy(
        int windows, double tolerance, int maximumPoints, int smoothSamples, double smoothNoise, long seed) {

    public AttributionStudy {
        if (windows < 1
                || !(tolerance > 0)
                || maximumPoints < 1
                || smoothSamples < 0
                || !(smoothNoise > 0 && smoothNoise < 1)) {
            throw new IllegalArgumentException("attribution of " + windows + " windows with tolerance " + tolerance
                    + ", at most " + maximumPoints + " points, " + smoothSamples + " samples and noise " + smoothNoise
                    + " is out of range");
        }
    }

    /** What is asked about a window. */
    @FunctionalInterface
    public interface Question {
        /** @param random for masks; the same for the same window whatever the model */
        Explained about(float[] window, OptionalDouble repetitionTimeSeconds, RandomGenerator random);
    }

    /**
     * What was found.
     *
     * @param signed {@code [patients][parcels]}: sums of integrated gradients over frames, a parcel's net part in the
     *     difference
     * @param size the same without their signs
     * @param smooth sums of SmoothGrad's sizes over frames; no rows where it was left out
     * @param errors of completeness, one for each window
     * @param differences {@code f(x) − f(0)}, mean over each patient's windows
     * @param mostPoints that an integral took
     */
    @SuppressWarnings("ArrayRecordComponent") // a result on its way to a report; never compared
    public record Maps(
            double[][] signed,
            double[][] size,
            double[][] smooth,
            double[] errors,
            double[] differences,
            int mostPoints) {}

    /** The same without SmoothGrad. */
    public AttributionStudy withoutSmoothing() {
        return new AttributionStudy(windows, tolerance, maximumPoints, 0, smoothNoise, seed);
    }

    /**
     * @param done is told after each patient how many there were so far
     * @throws ScanException if a scan does not fit the model or is damaged
     * @throws InterruptedException if the thread was interrupted between two patients
     */
    public Maps of(ModelConfiguration configuration, List<Scan> scans, Question question, IntConsumer done)
            throws ScanException, InterruptedException {
        int parcels = configuration.parcels();
        double[][] size = new double[scans.size()][parcels];
        double[][] signed = new double[scans.size()][parcels];
        double[][] smooth = new double[smoothSamples > 0 ? scans.size() : 0][parcels];
        double[] differences = new double[scans.size()];
        List<Double> errors = new ArrayList<>();
        int mostPoints = 0;
        for (int patient = 0; patient < scans.size(); patient++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("attribution was stopped");
            }
            Scan scan = scans.get(patient);
            List<float[]> cut = EvenWindows.ofPatient(configuration, patient, scan, windows);
            for (int w = 0; w < cut.size(); w++) {
                float[] window = cut.get(w);
                var random = new SplittableRandom(seed + 1_000_003L * patient + w);
                Explained f = question.about(window, scan.repetitionTimeSeconds(), random.split());
                IntegratedGradients found = IntegratedGradients.of(f, window, tolerance, maximumPoints);
                errors.add(found.error());
                mostPoints = Math.max(mostPoints, found.points());
                differences[patient] += found.difference() / cut.size();
                double[] net = ParcelMaps.net(found.attributions(), parcels);
                add(net, signed[patient], cut.size());
                add(Arrays.stream(net).map(Math::abs).toArray(), size[patient], cut.size());
                if (smoothSamples > 0) {
                    float[] slopes = SmoothGradient.of(f, window, smoothNoise, smoothSamples, random);
                    add(ParcelMaps.size(slopes, parcels), smooth[patient], cut.size());
                }
            }
            done.accept(patient + 1);
        }
        return new Maps(
                signed, size, smooth, errors.stream().mapToDouble(e -> e).toArray(), differences, mostPoints);
    }

    private static void add(double[] from, double[] to, int count) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i] / count;
        }
    }
}
