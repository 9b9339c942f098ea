package org.commissure.site.compute;

import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmLayout;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;

/** The model that a study describes, as the engine wants it. */
public final class ModelShape {
    private static final String PRESET = "commissure-small";

    private ModelShape() {}

    /** @throws UserError if this version cannot build such a model */
    public static BrainLmConfiguration of(Study study) {
        Study.Model model = study.model();
        if (!model.preset().equals(PRESET)) {
            throw new UserError(
                    "the study's model.preset is '" + model.preset() + "'", "this version trains '" + PRESET + "'");
        }
        double[][] from = model.coordinatesMillimetres();
        float[][] coordinates = new float[from.length][3];
        for (int parcel = 0; parcel < from.length; parcel++) {
            for (int axis = 0; axis < 3; axis++) {
                coordinates[parcel][axis] = (float) from[parcel][axis];
            }
        }
        try {
            return new BrainLmConfiguration(
                    model.parcels(),
                    model.windowFrames(),
                    model.patchFrames(),
                    model.hidden(),
                    model.encoderLayers(),
                    model.decoderLayers(),
                    model.heads(),
                    model.feedForward(),
                    coordinates);
        } catch (IllegalArgumentException e) {
            throw new UserError("the study's " + e.getMessage(), "change the [model] section of the study", e);
        }
    }

    /** Names, shapes and order of the flat vector. */
    public static ParameterLayout layout(Study study) {
        return BrainLmLayout.of(of(study));
    }
}
