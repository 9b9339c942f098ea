package org.commissure.models.golden;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.modelfile.ConfigurationFile;

/**
 * The inputs of a case, for the engine.
 *
 * @param configuration without dropout, since the original ran in evaluation mode
 * @param examples the batch; masks from the case's noise
 */
record GoldenCase(ModelConfiguration configuration, List<Example> examples) {

    /** As the manifest's top level says. */
    static GoldenCase main(GoldenFolder folder) throws IOException {
        return of(folder, folder.config());
    }

    /** The same inputs under another mask ratio and loss. */
    static GoldenCase variant(GoldenFolder folder, String name) throws IOException {
        ObjectNode config = folder.config().deepCopy();
        config.put("mask_ratio", folder.number("variants", name, "mask_ratio"));
        config.put("loss_fn", folder.find("variants", name, "loss_fn").asText("mse"));
        return of(folder, config);
    }

    private static GoldenCase of(GoldenFolder folder, ObjectNode config) throws IOException {
        GoldenFolder.Floats signal = folder.floats("inputs/signal_vectors", 3);
        GoldenFolder.Floats noise = folder.floats("inputs/noise", 2);
        int batch = signal.shape().getFirst();
        ObjectNode still = config.deepCopy();
        still.putObject("commissure").put("dropout", 0);
        ModelConfiguration configuration = ConfigurationFile.parse(still.toString(), coordinates(folder, batch))
                .configuration();
        int window = configuration.windowLength();
        if (batch < 1
                || signal.values().length != batch * window
                || noise.values().length != batch * configuration.tokens()) {
            throw new MalformedGoldenException(folder.folder() + " has signal_vectors " + signal.shape() + " and noise "
                    + noise.shape() + ", which do not fit its config of " + configuration.parcels() + " parcels, "
                    + configuration.windowFrames() + " frames and " + configuration.tokens() + " tokens");
        }
        List<Example> examples = new ArrayList<>();
        for (int sample = 0; sample < batch; sample++) {
            int tokens = configuration.tokens();
            float[] own = Arrays.copyOfRange(noise.values(), sample * tokens, (sample + 1) * tokens);
            examples.add(new Example(
                    Arrays.copyOfRange(signal.values(), sample * window, (sample + 1) * window),
                    Mask.ofNoise(own, configuration.maskRatio())));
        }
        return new GoldenCase(configuration, examples);
    }

    /** A model has one atlas, so all samples must have the same coordinates. */
    private static float[][] coordinates(GoldenFolder folder, int batch) throws IOException {
        GoldenFolder.Floats xyz = folder.floats("inputs/xyz_vectors", 3);
        int parcels = xyz.shape().get(1);
        if (xyz.shape().getFirst() != batch || xyz.shape().getLast() != 3) {
            throw new MalformedGoldenException(
                    folder.folder() + " has xyz_vectors of shape " + xyz.shape() + " for a batch of " + batch);
        }
        float[][] coordinates = new float[parcels][3];
        for (int i = 0; i < xyz.values().length; i++) {
            int parcel = i / 3 % parcels;
            if (i < 3 * parcels) {
                coordinates[parcel][i % 3] = xyz.values()[i];
            } else if (Float.compare(coordinates[parcel][i % 3], xyz.values()[i]) != 0) {
                throw new MalformedGoldenException(
                        folder.folder() + " has samples of different coordinates; a model" + " has one atlas");
            }
        }
        return coordinates;
    }
}
