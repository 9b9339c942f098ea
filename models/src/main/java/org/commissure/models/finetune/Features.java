package org.commissure.models.finetune;

import java.util.OptionalDouble;
import org.commissure.models.brainlm.Embedding;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;

/**
 * From a window to the head's input: the pooled embedding, each value scaled to mean 0 and variance 1 over the training
 * windows (of the encoder that fine-tuning began with). What patients share is most of a mean embedding; unscaled, a
 * head would spend its training on seeing past it.
 */
@SuppressWarnings("ArrayRecordComponent") // part of a model; never compared
record Features(Pooling pooling, float[] mean, float[] deviation) {
    /** A value that varies less than this over the training windows is centred and left unscaled. */
    private static final double CONSTANT = 1e-7;

    static Features of(Pooling pooling, float[][] embeddings) {
        int width = embeddings[0].length;
        float[] mean = new float[width];
        float[] deviation = new float[width];
        for (int j = 0; j < width; j++) {
            double sum = 0;
            double squares = 0;
            for (float[] row : embeddings) {
                sum += row[j];
            }
            double centre = sum / embeddings.length;
            for (float[] row : embeddings) {
                squares += (row[j] - centre) * (row[j] - centre);
            }
            mean[j] = (float) centre;
            double spread = Math.sqrt(squares / embeddings.length);
            deviation[j] = spread > CONSTANT ? (float) spread : 1;
        }
        return new Features(pooling, mean, deviation);
    }

    static float[] embedding(TrainableModel encoder, Pooling pooling, float[] window, OptionalDouble repetitionTime) {
        Embedding embedding = encoder.embed(window, repetitionTime);
        return pooling == Pooling.CLS ? embedding.cls() : embedding.mean();
    }

    float[] of(float[] embedding) {
        float[] features = new float[embedding.length];
        for (int j = 0; j < features.length; j++) {
            features[j] = (embedding[j] - mean[j]) / deviation[j];
        }
        return features;
    }

    float[] of(TrainableModel encoder, float[] window, OptionalDouble repetitionTime) {
        return of(embedding(encoder, pooling, window, repetitionTime));
    }

    /** From a gradient with respect to features to one with respect to the embedding. */
    float[] backward(float[] dFeatures) {
        float[] d = new float[dFeatures.length];
        for (int j = 0; j < d.length; j++) {
            d[j] = dFeatures[j] / deviation[j];
        }
        return d;
    }
}
