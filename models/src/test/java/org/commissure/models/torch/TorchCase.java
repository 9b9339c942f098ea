package org.commissure.models.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.RandomCoordinates;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.weights.ParameterLayout;

/** A configuration with random parameters and examples, far from any special point. */
record TorchCase(BrainLmConfiguration configuration, float[] parameters, List<Example> examples) {

    /** 6 parcels × 4 patches of 5 frames, encoder and decoder of different widths. */
    static TorchCase tiny(long seed) {
        return random(
                configuration(Variant.COMMISSURE, 6, 4, 5, new Stack(12, 2, 3, 20), new Stack(8, 1, 2, 12), 0),
                3,
                seed);
    }

    static BrainLmConfiguration configuration(
            Variant variant, int parcels, int patches, int patchFrames, Stack encoder, Stack decoder, double dropout) {
        return new BrainLmConfiguration(
                variant,
                parcels,
                patches * patchFrames,
                patchFrames,
                encoder,
                decoder,
                Loss.MSE,
                1e-6,
                dropout,
                0.5,
                RandomCoordinates.of(parcels, parcels));
    }

    static TorchCase random(BrainLmConfiguration c, int examples, long seed) {
        var random = new SplittableRandom(seed);
        float[] parameters = new float[c.layout().parameterCount()];
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            // Weights keep activations near 1 whatever the width; norms stay near the identity.
            double spread =
                    tensor.shape().size() == 2 ? 1.2 / Math.sqrt(tensor.shape().get(1)) : 0.3;
            double centre = tensor.name().contains("norm") && tensor.name().endsWith("weight") ? 1 : 0;
            for (int i = 0; i < tensor.length(); i++) {
                parameters[tensor.offset() + i] = (float) (centre + spread * random.nextGaussian());
            }
        }
        List<Example> batch = new ArrayList<>();
        for (int e = 0; e < examples; e++) {
            float[] window = new float[c.windowLength()];
            for (int i = 0; i < window.length; i++) {
                window[i] = (float) random.nextGaussian();
            }
            batch.add(new Example(
                    window, Mask.shuffled(c.tokens(), c.maskRatio(), random), OptionalDouble.of(0.5 + 1.1 * e)));
        }
        return new TorchCase(c, parameters, batch);
    }

    TorchModel open() {
        return open(Precision.FLOAT32);
    }

    TorchModel open(Precision precision) {
        TorchModel model = TorchModel.onCpu(configuration, 1, precision);
        model.loadParameters(parameters);
        return model;
    }

    /** Coordinates in millimetres, taken down to the size of the other inputs: a softmax of huge scores is a step. */
    TorchCase tamed() {
        float[] tamed = parameters.clone();
        for (ParameterLayout.Tensor tensor : configuration.layout().tensors()) {
            if (tensor.name().contains("xyz") && tensor.name().endsWith("weight")) {
                for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                    tamed[i] /= 50;
                }
            }
        }
        return new TorchCase(configuration, tamed, examples);
    }
}
