package org.commissure.models.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.commissure.models.brainlm.InputGradients;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.modelfile.ModelFolder;

/**
 * An encoder with a trained head. On disk it is a model folder (the encoder, also where it was not trained) with {@code
 * head.safetensors} in it. Not thread-safe, and bound to its encoder: it predicts with the parameters the encoder has
 * when asked.
 */
public final class FineTunedModel implements AutoCloseable {
    private final TrainableModel encoder;
    private final HeadFile file;
    private final HeadSettings settings;
    private final Features features;
    private final Head head;

    /** @param head with the file's parameters loaded; closed with this model */
    FineTunedModel(TrainableModel encoder, HeadFile file, Head head) {
        this.encoder = encoder;
        this.file = file;
        this.settings = file.settings();
        this.features = file.features();
        this.head = head;
    }

    public HeadSettings settings() {
        return settings;
    }

    /** The epoch, counted from 1, whose parameters these are. */
    public int bestEpoch() {
        return file.bestEpoch();
    }

    /** @return the number in the target's own units, or one probability for each class */
    public double[] predict(float[] window) {
        return predict(List.of(window));
    }

    /**
     * Predicts a patient from several windows: by what the head says of their mean embedding, where it was trained on
     * that, else by averaging what it says of each.
     *
     * @throws IllegalArgumentException if there is no window, or one does not fit the encoder
     */
    public double[] predict(List<float[]> windows) {
        return predict(windows, OptionalDouble.empty());
    }

    /** The same for a patient whose repetition time is known. */
    public double[] predict(List<float[]> windows, OptionalDouble repetitionTimeSeconds) {
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("there is no window to predict from");
        }
        float[][] rows = file.shape().ofMeanEmbedding()
                ? new float[][] {
                    features.of(PatientEmbedding.narrow(
                            PatientEmbedding.of(encoder, settings.pooling(), windows, repetitionTimeSeconds)))
                }
                : windows.stream()
                        .map(w -> features.of(encoder, w, repetitionTimeSeconds))
                        .toArray(float[][]::new);
        float[][] outputs = head.outputs(rows);
        double[] mean = new double[settings.classes()];
        for (float[] output : outputs) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += (double) output[k] / outputs.length;
            }
        }
        if (settings.task() == Task.REGRESSION) {
            mean[0] = file.scale().original(mean[0]);
        }
        return mean;
    }

    /**
     * What the head says of one window as a smooth function of it, and its slope: a regression's scaled number (in the
     * training targets' standard deviations), or a class' log odds {@code log(p / (1 − p))}.
     *
     * @param output which class; 0 for a regression
     * @param windowGradientOut {@code [parcels, windowFrames]}, overwritten
     * @throws IllegalArgumentException if there is no such class, the window does not fit, or the encoder's engine
     *     gives no gradients of its input
     */
    public double slope(float[] window, OptionalDouble repetitionTimeSeconds, int output, float[] windowGradientOut) {
        if (output < 0 || output >= settings.classes()) {
            throw new IllegalArgumentException("the head has no output " + output);
        }
        if (!(encoder instanceof InputGradients inputs)) {
            throw new IllegalArgumentException(
                    "the engine " + encoder.device() + " gives no gradients of its input; the CPU's does");
        }
        float[] row = features.of(encoder, window, repetitionTimeSeconds);
        HeadSlope slope = HeadSlope.of(
                file.shape().layout(row.length, settings.classes()), file.parameters(), settings.task(), row, output);
        inputs.embeddingInputGradient(
                window,
                repetitionTimeSeconds,
                settings.pooling(),
                features.backward(slope.gradient()),
                windowGradientOut);
        return slope.value();
    }

    /** Writes the model folder, then the head; each file atomically. */
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        float[] parameters = new float[encoder.parameterCount()];
        encoder.readParameters(parameters);
        ModelFolder.write(folder, encoder.configuration(), parameters, metadata);
        file.write(folder.resolve(HeadFile.NAME));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param open makes an engine for the encoder; the caller closes it after the model
     * @throws IOException if a file is missing or is not what it should be
     */
    public static FineTunedModel load(Path folder, Function<ModelConfiguration, TrainableModel> open)
            throws IOException {
        ModelFolder.Contents contents = ModelFolder.read(folder);
        HeadFile file = HeadFile.read(folder.resolve(HeadFile.NAME));
        TrainableModel encoder = open.apply(contents.configuration());
        encoder.loadParameters(contents.parameters());
        Head head = file.shape().head(file.features().mean().length, file.settings());
        head.load(file.parameters());
        return new FineTunedModel(encoder, file, head);
    }

    /** Frees the head; the encoder is its owner's. */
    @Override
    public void close() {
        head.close();
    }
}
