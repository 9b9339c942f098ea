package org.commissure.models.multisite;

import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.finetune.Head;
import org.commissure.models.training.FlatOptimiser;
import org.commissure.models.training.Streams;

/**
 * Trains a two-class perceptron on windows of one site, or of several. Its optimiser stays when parameters are
 * exchanged. What a step sees follows from the seed and the step only. Not thread-safe.
 */
final class SiteLearner {
    private static final float[][] LABELS = {{1, 0}, {0, 1}};

    private final Head network;
    private final List<Sample> samples;
    private final ClassificationDesign design;
    private final long seed;
    private final FlatOptimiser optimiser;
    private final float[] gradient;
    private float[] parameters;
    private long step;
    private long orderedEpoch = -1;
    private int[] order = {};

    /** A window as it lies in memory; it is scaled when it is used. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sample(float[] window, ConnectivityScale scale, int label) {}

    /** @param network shared by learners that take turns; holds parameters during a step only */
    SiteLearner(Head network, float[] start, List<Sample> samples, ClassificationDesign design, long seed) {
        this.network = network;
        this.parameters = start.clone();
        this.samples = samples;
        this.design = design;
        this.seed = seed;
        this.optimiser =
                FlatOptimiser.adam(network.layout(), AdamSettings.DEFAULT.withWeightDecay(design.weightDecay()));
        this.gradient = new float[start.length];
    }

    float[] parameters() {
        return parameters.clone();
    }

    void load(float[] released) {
        parameters = released.clone();
    }

    /** @throws ArithmeticException if the gradient is not finite */
    void step() {
        int size = Math.min(design.batch(), samples.size());
        int stepsPerEpoch = samples.size() / size;
        orderFor(step / stepsPerEpoch);
        int first = (int) (step % stepsPerEpoch) * size;
        SplittableRandom random = Streams.of(seed, Streams.Purpose.DROPOUT, step);
        float[][] rows = new float[size][];
        float[][] labels = new float[size][];
        for (int i = 0; i < size; i++) {
            Sample sample = samples.get(order[first + i]);
            rows[i] = sample.scale().of(sample.window());
            drop(rows[i], random);
            labels[i] = LABELS[sample.label()];
        }
        network.load(parameters);
        network.parameterGradient(rows, labels, random.nextLong(), gradient);
        for (float value : gradient) {
            if (!Float.isFinite(value)) {
                throw new ArithmeticException("a gradient is NaN or infinite at step " + (step + 1));
            }
        }
        optimiser.step(parameters, gradient, 1, design.learningRate());
        step++;
    }

    /** Inverted dropout of inputs, four decisions from each random number. */
    private void drop(float[] row, SplittableRandom random) {
        if (design.dropout() == 0) {
            return;
        }
        int threshold = (int) Math.round(design.dropout() * 0x1p16);
        float gain = (float) (1 / (1 - threshold * 0x1p-16));
        long bits = 0;
        for (int j = 0; j < row.length; j++) {
            bits = j % 4 == 0 ? random.nextLong() : bits >>> 16;
            row[j] = (bits & 0xffff) < threshold ? 0 : row[j] * gain;
        }
    }

    private void orderFor(long epoch) {
        if (epoch == orderedEpoch) {
            return;
        }
        order = new int[samples.size()];
        SplittableRandom random = Streams.of(seed, Streams.Purpose.ORDER, epoch);
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        orderedEpoch = epoch;
    }
}
