package org.commissure.models.evaluation;

import java.util.Arrays;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Sight;

/**
 * Sums over masked values from which R² and mean squared error follow, beside two trivial baselines that see exactly
 * what the model sees:
 *
 * <ul>
 *   <li><em>parcel mean</em>: the mean of the parcel's visible values (0 if it has none);
 *   <li><em>interpolation</em>: the straight line from the last visible frame before a masked frame to the first one
 *       after it; the nearer one held at the ends; 0 for a parcel without visible patches.
 * </ul>
 *
 * Not thread-safe. Sums of several windows or sites simply add.
 */
public final class ReconstructionSums {
    private long values;
    private double sum;
    private double sumOfSquares;
    private double errorModel;
    private double errorParcelMean;
    private double errorInterpolation;

    /**
     * Adds one window. Values of absent tokens count for nothing: neither as seen nor as predicted.
     *
     * @param configuration of a model whose tokens are parcel × time, or patches of an image
     * @param window {@code [parcels, windowFrames]}, what was observed
     * @param prediction {@code [parcels, windowFrames]}; read at masked values only
     * @throws IllegalArgumentException if lengths do not fit or a masked value or prediction is not finite; nothing was
     *     added then
     */
    public void add(ModelConfiguration configuration, float[] window, float[] prediction, Mask mask) {
        ReconstructionSums[] everyParcel = new ReconstructionSums[configuration.parcels()];
        Arrays.fill(everyParcel, this);
        addByParcel(everyParcel, configuration, window, prediction, mask);
    }

    /**
     * As {@link #add(ModelConfiguration, float[], float[], Mask)}, with one accumulator a parcel.
     *
     * @param byParcel one per parcel
     */
    public static void addByParcel(
            ReconstructionSums[] byParcel,
            ModelConfiguration configuration,
            float[] window,
            float[] prediction,
            Mask mask) {
        int length = configuration.windowLength();
        if (window.length != length || prediction.length != length || mask.tokens() != configuration.tokens()) {
            throw new IllegalArgumentException("window, prediction and mask have " + window.length + ", "
                    + prediction.length + " values and " + mask.tokens() + " tokens, not " + length + ", " + length
                    + " and " + configuration.tokens());
        }
        Sight[] sight = TokenGrid.sight(configuration, mask);
        for (int i = 0; i < length; i++) {
            if (!Float.isFinite(window[i]) || (sight[i] == Sight.MASKED && !Float.isFinite(prediction[i]))) {
                throw new IllegalArgumentException("a value of the window or of the prediction is not finite");
            }
        }
        float[] line = new float[configuration.windowFrames()];
        for (int p = 0; p < byParcel.length; p++) {
            byParcel[p].addParcel(window, prediction, sight, p * line.length, line);
        }
    }

    private void addParcel(float[] window, float[] prediction, Sight[] sight, int at, float[] line) {
        double visibleSum = 0;
        int visible = 0;
        for (int t = 0; t < line.length; t++) {
            if (sight[at + t] == Sight.VISIBLE) {
                visibleSum += window[at + t];
                visible++;
            }
        }
        double mean = visible == 0 ? 0 : visibleSum / visible;
        interpolate(window, sight, at, line);
        for (int t = 0; t < line.length; t++) {
            if (sight[at + t] == Sight.MASKED) {
                double y = window[at + t];
                values++;
                sum += y;
                sumOfSquares += y * y;
                errorModel += square(y - prediction[at + t]);
                errorParcelMean += square(y - mean);
                errorInterpolation += square(y - line[t]);
            }
        }
    }

    private static void interpolate(float[] window, Sight[] sight, int at, float[] line) {
        int before = -1;
        for (int t = 0; t < line.length; t++) {
            if (sight[at + t] == Sight.VISIBLE) {
                line[t] = window[at + t];
                before = t;
                continue;
            }
            int after = t;
            while (after < line.length && sight[at + after] != Sight.VISIBLE) {
                after++;
            }
            if (after == line.length) {
                line[t] = before < 0 ? 0 : window[at + before];
            } else if (before < 0) {
                line[t] = window[at + after];
            } else {
                float share = (float) (t - before) / (after - before);
                line[t] = window[at + before] + share * (window[at + after] - window[at + before]);
            }
        }
    }

    /** Adds another accumulator's sums. */
    public void add(ReconstructionSums other) {
        values += other.values;
        sum += other.sum;
        sumOfSquares += other.sumOfSquares;
        errorModel += other.errorModel;
        errorParcelMean += other.errorParcelMean;
        errorInterpolation += other.errorInterpolation;
    }

    /** Masked values. */
    public long values() {
        return values;
    }

    /** Σ y. */
    public double sum() {
        return sum;
    }

    /** Σ y². */
    public double sumOfSquares() {
        return sumOfSquares;
    }

    /** Σ (y − ŷ)² of the model. */
    public double errorModel() {
        return errorModel;
    }

    /** Σ (y − ŷ)² of the parcel's visible mean. */
    public double errorParcelMean() {
        return errorParcelMean;
    }

    /** Σ (y − ŷ)² of linear interpolation between visible patches. */
    public double errorInterpolation() {
        return errorInterpolation;
    }

    /**
     * Sums-of-squares R² of an error: {@code 1 − error / Σ (y − mean(y))²}.
     *
     * @throws IllegalStateException if nothing was added or the values do not vary
     */
    public double r2(double error) {
        double total = values == 0 ? 0 : sumOfSquares - sum * sum / values;
        if (!(total > 0)) {
            throw new IllegalStateException("R² needs masked values that vary");
        }
        return 1 - error / total;
    }

    private static double square(double x) {
        return x * x;
    }
}
