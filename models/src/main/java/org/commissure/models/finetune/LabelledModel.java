package org.commissure.models.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.weights.ParameterLayout;

/**
 * An encoder with a head, and beside it a baseline that says the same of everybody, as one flat vector of changes from a
 * start that everybody knows, for training that goes on in several places:
 *
 * <ul>
 *   <li>{@code vit.*}, where the encoder is trained: it has the base's parameters plus {@link Settings#encoderRate} times
 *       these;
 *   <li>{@code head.*}: the head has {@link Head#initial}'s parameters plus these;
 *   <li>{@code mean}: what the baseline says, a number in the target's scale or log odds of each class.
 * </ul>
 *
 * <p>A patient is the mean of the pooled embeddings of some windows, scaled by {@link ReferenceWindows}, and has one loss:
 * the squared error in the target's scale or the cross entropy, of the head and of the baseline together. So one
 * patient's gradient depends on no other patient. Not thread-safe.
 */
public final class LabelledModel implements AutoCloseable {
    private static final String ENCODER = "vit.";

    private final TrainableModel encoder;
    private final float[] base;
    private final Settings settings;
    private final int encoderParameters;
    private final Features features;
    private final Head head;
    private final float[] start;
    private final float[] headParameters;
    private final float[] headGradient;
    private final float[] windowGradient;
    private final double[] mean;

    /**
     * @param hidden widths of the head's hidden layers; none makes it linear
     * @param outputs classes of a classification, 1 of a regression
     * @param encoderRate 0 where the encoder is not trained
     * @param scale of a regression's target
     * @param seed of the head's first weights
     */
    public record Settings(
            Pooling pooling,
            List<Integer> hidden,
            Task task,
            int outputs,
            double encoderRate,
            TargetScale scale,
            long seed) {
        public Settings {
            hidden = List.copyOf(hidden);
        }

        /** Of a target between whose classes the head tells apart. */
        public static TargetScale noScale() {
            return new TargetScale(TargetScale.Kind.Z_SCORE, 0, 1);
        }
    }

    /** @param windows of one patient, each {@code [parcels, windowFrames]} */
    public record Patient(List<float[]> windows, OptionalDouble repetitionTimeSeconds) {
        public Patient {
            if (windows.isEmpty()) {
                throw new IllegalArgumentException("a patient has at least one window");
            }
            windows = List.copyOf(windows);
        }
    }

    /**
     * Takes the encoder, and closes it in the end.
     *
     * @param base the encoder's own parameters, of which those behind {@code vit.*} are used for nothing
     * @throws IllegalArgumentException if they do not fit the encoder or are not finite
     */
    public LabelledModel(TrainableModel encoder, float[] base, Settings settings) {
        this.encoder = encoder;
        this.base = base.clone();
        this.settings = settings;
        encoder.loadParameters(base);
        encoderParameters = settings.encoderRate() > 0
                ? encoderParameters(encoder.configuration().layout())
                : 0;
        float[][] embeddings = ReferenceWindows.of(encoder.configuration()).stream()
                .map(window -> Features.embedding(encoder, settings.pooling(), window, OptionalDouble.empty()))
                .toArray(float[][]::new);
        features = Features.of(settings.pooling(), embeddings);
        head = new Head(embeddings[0].length, settings.hidden(), settings.task(), settings.outputs(), 0);
        start = head.initial(settings.seed());
        headParameters = start.clone();
        headGradient = new float[start.length];
        windowGradient = new float[encoderParameters > 0 ? base.length : 0];
        mean = new double[settings.outputs()];
        head.load(headParameters);
    }

    /** Names, shapes and order of the vector. */
    public static ParameterLayout layout(ModelConfiguration configuration, int width, Settings settings) {
        var layout = new ParameterLayout.Builder();
        if (settings.encoderRate() > 0) {
            configuration.layout().tensors().stream()
                    .filter(tensor -> tensor.name().startsWith(ENCODER))
                    .forEach(tensor -> layout.add(tensor.name(), tensor.shape().toArray(Integer[]::new)));
        }
        Head.layout(width, settings.hidden(), settings.outputs())
                .tensors()
                .forEach(tensor -> layout.add(tensor.name(), tensor.shape().toArray(Integer[]::new)));
        return layout.add("mean", settings.outputs()).build();
    }

    /** The encoder's parameters, which stand before all others of a layout. */
    static int encoderParameters(ParameterLayout layout) {
        return layout.tensors().stream()
                .filter(tensor -> tensor.name().startsWith(ENCODER))
                .mapToInt(ParameterLayout.Tensor::length)
                .sum();
    }

    /** Length of the vector. */
    public int parameterCount() {
        return encoderParameters + start.length + mean.length;
    }

    /** @throws IllegalArgumentException if the vector has another length, or what it makes is not finite */
    public void load(float[] changes) {
        if (changes.length != parameterCount()) {
            throw new IllegalArgumentException("the vector has " + changes.length + " values, not " + parameterCount());
        }
        for (float change : changes) {
            if (!Float.isFinite(change)) {
                throw new IllegalArgumentException("a trained parameter is not a finite number");
            }
        }
        if (encoderParameters > 0) {
            float[] moved = base.clone();
            for (int i = 0; i < encoderParameters; i++) {
                moved[i] += (float) (settings.encoderRate() * changes[i]);
            }
            encoder.loadParameters(moved);
        }
        for (int i = 0; i < start.length; i++) {
            headParameters[i] = start[i] + changes[encoderParameters + i];
        }
        head.load(headParameters);
        for (int k = 0; k < mean.length; k++) {
            mean[k] = changes[encoderParameters + start.length + k];
        }
    }

    /** What the head sees of a patient, at the encoder's present parameters. */
    public float[] features(Patient patient) {
        return features.of(PatientEmbedding.narrow(
                PatientEmbedding.of(encoder, settings.pooling(), patient.windows(), patient.repetitionTimeSeconds())));
    }

    /**
     * Writes encoder and head at the loaded vector as a model folder, which {@link FineTunedModel#load} reads; the baseline
     * is not in it.
     *
     * @param rounds of training that lie behind the vector
     * @param metadata of the weights
     */
    public void save(Path folder, HeadSettings trained, int rounds, Map<String, String> metadata) throws IOException {
        HeadFile file = new HeadFile(
                trained,
                new HeadShape(settings.hidden(), true),
                features,
                settings.scale(),
                headParameters.clone(),
                rounds);
        new FineTunedModel(encoder, file, head).save(folder, metadata);
    }

    /**
     * Gradient of a patient's loss at the loaded vector.
     *
     * @param target the number, or the class counted from 0
     * @param out {@code [parameterCount]}, overwritten
     */
    public void gradient(Patient patient, double target, float[] out) {
        float[] dRow = headGradient(features(patient), target, out);
        if (encoderParameters == 0) {
            return;
        }
        float[] dEmbedding = features.backward(dRow);
        int windows = patient.windows().size();
        for (int j = 0; j < dEmbedding.length; j++) {
            dEmbedding[j] /= windows;
        }
        for (float[] window : patient.windows()) {
            encoder.embeddingGradient(
                    window, patient.repetitionTimeSeconds(), settings.pooling(), dEmbedding, windowGradient);
            for (int i = 0; i < encoderParameters; i++) {
                out[i] += (float) (settings.encoderRate() * windowGradient[i]);
            }
        }
    }

    /**
     * The same of a patient of whom {@link #features} are known.
     *
     * @throws IllegalStateException if the encoder is trained: its own part needs the windows
     */
    public void gradientOfHead(float[] row, double target, float[] out) {
        if (encoderParameters > 0) {
            throw new IllegalStateException("the encoder is trained");
        }
        headGradient(row, target, out);
    }

    /** @return with respect to the row */
    private float[] headGradient(float[] row, double target, float[] out) {
        float[] label = new float[settings.outputs()];
        if (settings.task() == Task.REGRESSION) {
            label[0] = (float) settings.scale().scaled(target);
        } else {
            label[(int) target] = 1;
        }
        Arrays.fill(out, 0);
        float[][] dRow = head.gradient(new float[][] {row}, new float[][] {label}, 0, headGradient);
        System.arraycopy(headGradient, 0, out, encoderParameters, headGradient.length);
        double[] said = meanOutputs();
        double slope = settings.task() == Task.REGRESSION ? 2 : 1;
        for (int k = 0; k < label.length; k++) {
            out[encoderParameters + headGradient.length + k] = (float) (slope * (said[k] - label[k]));
        }
        return dRow[0];
    }

    /** @return the number in the target's own units, or one probability for each class */
    public double[] predict(float[] row) {
        float[] output = head.outputs(new float[][] {row})[0];
        double[] said = new double[output.length];
        Arrays.setAll(said, k -> output[k]);
        return inUnits(said);
    }

    /** What the baseline says of everybody, as {@link #predict}. */
    public double[] predictMean() {
        return inUnits(meanOutputs());
    }

    private double[] inUnits(double[] outputs) {
        if (settings.task() == Task.REGRESSION) {
            outputs[0] = settings.scale().original(outputs[0]);
        }
        return outputs;
    }

    /** In the scale of the head's outputs. */
    private double[] meanOutputs() {
        double[] outputs = mean.clone();
        if (settings.task() == Task.CLASSIFICATION) {
            double largest = Arrays.stream(outputs).max().orElseThrow();
            double sum = 0;
            for (int k = 0; k < outputs.length; k++) {
                outputs[k] = Math.exp(outputs[k] - largest);
                sum += outputs[k];
            }
            for (int k = 0; k < outputs.length; k++) {
                outputs[k] /= sum;
            }
        }
        return outputs;
    }

    @Override
    public void close() {
        head.close();
        encoder.close();
    }
}
