package org.commissure.models.finetune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.weights.Optimiser;
import org.commissure.models.weights.Optimisers;

/**
 * Trains a head on an encoder's embeddings, and the encoder with it if the settings say so. After every epoch the loss
 * on the validation windows is looked at; the parameters of the best epoch are kept. With the same encoder, windows and
 * settings on the same machine, the result has the same bits.
 */
public final class FineTuning {
    private final TrainableModel encoder;
    private final HeadSettings settings;
    private final TargetScale scale;
    private final Features features;
    private final Head head;
    private final float[] headParameters;
    private final float[] headGradient;
    private final Optimiser headOptimiser;
    private final float[] encoderParameters;
    private final float[] encoderGradient;
    private final float[] windowGradient;
    private final Optimiser encoderOptimiser;
    private final float[][] cached;

    private FineTuning(TrainableModel encoder, List<LabelledWindow> training, HeadSettings settings) {
        this.encoder = encoder;
        this.settings = settings;
        double[] targets = training.stream().mapToDouble(LabelledWindow::target).toArray();
        scale = settings.task() == Task.REGRESSION
                ? TargetScale.of(settings.scaling(), targets)
                : new TargetScale(TargetScale.Kind.Z_SCORE, 0, 1);
        float[][] embeddings = training.stream()
                .map(w -> Features.embedding(encoder, settings.pooling(), w.window(), w.repetitionTimeSeconds()))
                .toArray(float[][]::new);
        features = Features.of(settings.pooling(), embeddings);
        cached = new float[embeddings.length][];
        for (int i = 0; i < cached.length; i++) {
            cached[i] = features.of(embeddings[i]);
        }
        head = new Head(embeddings[0].length, settings);
        headParameters = head.initial(settings.seed());
        headGradient = new float[headParameters.length];
        headOptimiser = Optimisers.adam(headParameters.length, settings.headRate());
        int trained = settings.trainEncoder() ? encoder.parameterCount() : 0;
        encoderParameters = new float[trained];
        encoderGradient = new float[trained];
        windowGradient = new float[trained];
        encoderOptimiser = Optimisers.adam(trained, settings.encoderRate());
        if (settings.trainEncoder()) {
            encoder.readParameters(encoderParameters);
        }
    }

    /**
     * @param encoder with its parameters loaded; where it is trained, it ends with those of the best epoch
     * @param training windows to learn from
     * @param validation windows of other patients, to stop by
     * @return a predictor on this very encoder
     * @throws IllegalArgumentException if either list is empty, a patient is in both, a class is out of range or is
     *     missing from training, or a window does not fit the encoder
     * @throws ArithmeticException if the loss is no number any more: the learning rates are too high
     */
    public static FineTunedModel fit(
            TrainableModel encoder,
            List<LabelledWindow> training,
            List<LabelledWindow> validation,
            HeadSettings settings) {
        check(training, validation, settings);
        return new FineTuning(encoder, training, settings).run(training, validation);
    }

    private static void check(List<LabelledWindow> training, List<LabelledWindow> validation, HeadSettings settings) {
        if (training.isEmpty() || validation.isEmpty()) {
            throw new IllegalArgumentException("fine-tuning needs windows to train and windows to validate, got "
                    + training.size() + " and " + validation.size());
        }
        Set<Integer> patients = new HashSet<>();
        training.forEach(w -> patients.add(w.patient()));
        if (validation.stream().anyMatch(w -> patients.contains(w.patient()))) {
            throw new IllegalArgumentException("a patient has windows on both sides of the split");
        }
        if (settings.task() == Task.CLASSIFICATION) {
            Set<Integer> seen = new HashSet<>();
            training.forEach(w -> seen.add(w.label()));
            List<LabelledWindow> all = new ArrayList<>(training);
            all.addAll(validation);
            if (all.stream().anyMatch(w -> w.target() != w.label() || w.label() < 0 || w.label() >= settings.classes())
                    || seen.size() != settings.classes()) {
                throw new IllegalArgumentException("classes must be whole numbers from 0 to " + (settings.classes() - 1)
                        + ", and each must occur among the training patients");
            }
        }
    }

    private FineTunedModel run(List<LabelledWindow> training, List<LabelledWindow> validation) {
        var random = new SplittableRandom(settings.seed() + 1);
        double best = Double.POSITIVE_INFINITY;
        int bestEpoch = 0;
        float[] bestHead = headParameters.clone();
        float[] bestEncoder = encoderParameters.clone();
        int[] order = new int[training.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int epoch = 1; epoch <= settings.epochs() && epoch - bestEpoch <= settings.patience(); epoch++) {
            shuffle(order, random);
            for (int from = 0; from < order.length; from += settings.batch()) {
                step(training, order, from, Math.min(order.length, from + settings.batch()), random.nextLong());
            }
            double loss = loss(validation);
            if (loss < best) {
                best = loss;
                bestEpoch = epoch;
                bestHead = headParameters.clone();
                bestEncoder = encoderParameters.clone();
            }
        }
        if (settings.trainEncoder()) {
            encoder.loadParameters(bestEncoder);
        }
        head.load(bestHead);
        return new FineTunedModel(
                encoder,
                new HeadFile(settings, HeadShape.brainLm(features.mean().length), features, scale, bestHead, bestEpoch),
                head);
    }

    private void step(List<LabelledWindow> training, int[] order, int from, int to, long dropoutSeed) {
        float[][] rows = new float[to - from][];
        float[][] labels = new float[to - from][];
        for (int i = from; i < to; i++) {
            LabelledWindow w = training.get(order[i]);
            rows[i - from] = settings.trainEncoder()
                    ? features.of(encoder, w.window(), w.repetitionTimeSeconds())
                    : cached[order[i]];
            labels[i - from] = label(w);
        }
        head.load(headParameters);
        float[][] dRows = head.gradient(rows, labels, dropoutSeed, headGradient);
        headOptimiser.step(headParameters, headGradient);
        if (settings.trainEncoder()) {
            Arrays.fill(encoderGradient, 0);
            for (int i = from; i < to; i++) {
                encoder.embeddingGradient(
                        training.get(order[i]).window(),
                        training.get(order[i]).repetitionTimeSeconds(),
                        settings.pooling(),
                        features.backward(dRows[i - from]),
                        windowGradient);
                for (int j = 0; j < encoderGradient.length; j++) {
                    encoderGradient[j] += windowGradient[j];
                }
            }
            encoderOptimiser.step(encoderParameters, encoderGradient);
            encoder.loadParameters(encoderParameters);
        }
    }

    /** Mean squared error of scaled targets, or mean cross entropy. */
    private double loss(List<LabelledWindow> windows) {
        head.load(headParameters);
        float[][] rows = windows.stream()
                .map(w -> features.of(encoder, w.window(), w.repetitionTimeSeconds()))
                .toArray(float[][]::new);
        float[][] outputs = head.outputs(rows);
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            float[] label = label(windows.get(i));
            if (settings.task() == Task.REGRESSION) {
                sum += Math.pow(outputs[i][0] - label[0], 2);
            } else {
                sum -= Math.log(Math.max(outputs[i][windows.get(i).label()], Float.MIN_NORMAL));
            }
        }
        if (!Double.isFinite(sum)) {
            throw new ArithmeticException("the validation loss is no number any more; lower the learning rates");
        }
        return sum / outputs.length;
    }

    private float[] label(LabelledWindow w) {
        float[] label = new float[settings.classes()];
        if (settings.task() == Task.REGRESSION) {
            label[0] = (float) scale.scaled(w.target());
        } else {
            label[w.label()] = 1;
        }
        return label;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
