package org.commissure.site.compute;

import java.util.List;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.baseline.BaselineInitialisation;
import org.commissure.models.baseline.Baselines;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.engine.Device;
import org.commissure.models.engine.Engines;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Model;
import org.commissure.protocol.study.Network;
import org.commissure.protocol.study.Network.Convolution;
import org.commissure.protocol.study.Network.Layers;
import org.commissure.protocol.study.Network.Transformer;
import org.commissure.protocol.study.Preset;
import org.commissure.protocol.study.Study;

/** The model that a study describes, as the engines want it, its first parameters, and the engine itself. */
public final class ModelShape {
    /** As in {@code models.brainlm.Presets}. */
    private static final double LAYER_NORM_EPSILON = 1e-6;

    /** Parameters below which a second thread costs more in waiting than it brings. */
    private static final int ONE_THREAD_BELOW = 1_000_000;

    private ModelShape() {}

    /** @throws UserError if the sizes do not make a model */
    public static ModelConfiguration of(Study study) {
        Model model = study.model();
        try {
            ModelConfiguration configuration = switch (model.network()) {
                case Transformer sizes -> transformer(study, sizes);
                case Layers sizes -> baseline(study, sizes.widths(), BaselineConfiguration.DEFAULT_CELL_MILLIMETRES);
                case Convolution sizes -> baseline(study, sizes.channels().widths(), sizes.cellMillimetres());
            };
            configuration.layout(); // too many parameters are better found here than in the first round
            return configuration;
        } catch (IllegalArgumentException e) {
            throw new UserError("the study's " + e.getMessage(), "change the [model] section of the study", e);
        }
    }

    private static BrainLmConfiguration transformer(Study study, Transformer sizes) {
        Model model = study.model();
        return new BrainLmConfiguration(
                BrainLmConfiguration.Variant.COMMISSURE,
                model.parcels(),
                model.windowFrames(),
                model.patchFrames(),
                stack(sizes.encoder()),
                stack(sizes.decoder()),
                Loss.MSE,
                LAYER_NORM_EPSILON,
                0,
                study.training().maskRatio(),
                coordinates(model));
    }

    private static Stack stack(Network.Stack stack) {
        return new Stack(stack.hidden(), stack.layers(), stack.heads(), stack.feedForward());
    }

    private static BaselineConfiguration baseline(Study study, List<Integer> widths, double cellMillimetres) {
        Model model = study.model();
        return new BaselineConfiguration(
                family(model.preset()),
                model.parcels(),
                model.windowFrames(),
                model.patchFrames(),
                widths,
                cellMillimetres,
                study.training().maskRatio(),
                coordinates(model));
    }

    private static Family family(Preset preset) {
        return switch (preset) {
            case LSTM -> Family.LSTM;
            case MLP -> Family.MLP;
            case CONV3D -> Family.CONV3D;
            case COMMISSURE_SMALL, COMMISSURE_BASE ->
                throw new IllegalArgumentException("model.preset " + preset + " is no baseline");
        };
    }

    private static float[][] coordinates(Model model) {
        double[][] from = model.coordinatesMillimetres();
        float[][] coordinates = new float[from.length][3];
        for (int parcel = 0; parcel < from.length; parcel++) {
            for (int axis = 0; axis < 3; axis++) {
                coordinates[parcel][axis] = (float) from[parcel][axis];
            }
        }
        return coordinates;
    }

    /** Names, shapes and order of the flat vector. */
    public static ParameterLayout layout(Study study) {
        return of(study).layout();
    }

    /** The model that a run starts from: the same study gives the same bits on the same kind of machine. */
    public static float[] initialParameters(Study study) {
        long seed = study.model().initialisationSeed();
        return of(study) instanceof BaselineConfiguration baseline
                ? BaselineInitialisation.parameters(baseline, seed)
                : Initialisation.parameters(of(study), seed);
    }

    /** Opens the engine of a model on the processor; close it on the thread that used it. */
    public static MaskedAutoencoder open(ModelConfiguration configuration) {
        return configuration instanceof BaselineConfiguration baseline
                ? Baselines.open(baseline)
                : Engines.open(configuration, Device.CPU, threads(configuration));
    }

    private static int threads(ModelConfiguration configuration) {
        return configuration.layout().parameterCount() < ONE_THREAD_BELOW
                ? 1
                : Runtime.getRuntime().availableProcessors();
    }
}
