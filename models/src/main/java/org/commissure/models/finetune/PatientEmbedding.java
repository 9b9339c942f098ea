package org.commissure.models.finetune;

import java.util.List;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;

/** What a frozen encoder makes of a patient: the mean over all windows of the pooled embedding. Stateless. */
public final class PatientEmbedding {
    private PatientEmbedding() {}

    /**
     * @param encoder with its parameters loaded
     * @param windows of one patient, at least one, {@code [parcels, frames]} each
     * @return [width of the encoder]
     */
    public static double[] of(
            TrainableModel encoder, Pooling pooling, List<float[]> windows, OptionalDouble repetitionTimeSeconds) {
        double[] mean = {};
        for (float[] window : windows) {
            float[] embedding = Features.embedding(encoder, pooling, window, repetitionTimeSeconds);
            mean = mean.length == 0 ? new double[embedding.length] : mean;
            for (int i = 0; i < mean.length; i++) {
                mean[i] += embedding[i] / (double) windows.size();
            }
        }
        return mean;
    }

    /** As the head's input has it. */
    static float[] narrow(double[] embedding) {
        float[] narrow = new float[embedding.length];
        for (int j = 0; j < narrow.length; j++) {
            narrow[j] = (float) embedding[j];
        }
        return narrow;
    }
}
