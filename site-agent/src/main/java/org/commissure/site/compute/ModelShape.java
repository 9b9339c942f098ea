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
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.engine.Device;
import org.commissure.models.engine.Engines;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.protocol.study.Model;
import org.commissure.protocol.study.Network;
import org.commissure.protocol.study.Network.Convolution;
import org.commissure.protocol.study.Network.Layers;
import org.commissure.protocol.study.Network.Transformer;
import org.commissure.protocol.study.Preset;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;

/** The model that a study describes, as the engines want it, its first parameters, and the engine itself. */
public final class ModelShape {
    /** As in {@code models.brainlm.Presets}. */
    private static final double LAYER_NORM_EPSILON = 1e-6;

    /** Parameters below which a second thread costs more in waiting than it brings. */
    private static final int ONE_THREAD_BELOW = 1_000_000;

    private static final double UNUSED_MASK_RATIO = 0.5;

    private ModelShape() {}

    /** @throws UserError if the sizes do not make a model */
    public static ModelConfiguration of(Study study) {
        return of(study.model(), study.training().maskRatio().orElse(UNUSED_MASK_RATIO));
    }

    /**
     * A model that is only read out of, which masks nothing.
     *
     * @throws UserError if the sizes do not make a model
     */
    public static ModelConfiguration frozen(FrozenEmbedding embedding) {
        return of(embedding.model(), UNUSED_MASK_RATIO);
    }

    private static ModelConfiguration of(Model model, double maskRatio) {
        try {
            ModelConfiguration configuration = switch (model.network()) {
                case Transformer sizes -> transformer(model, maskRatio, sizes);
                case Layers sizes ->
                    baseline(model, maskRatio, sizes.widths(), BaselineConfiguration.DEFAULT_CELL_MILLIMETRES);
                case Convolution sizes ->
                    baseline(model, maskRatio, sizes.channels().widths(), sizes.cellMillimetres());
            };
            configuration.layout(); // too many parameters are better found here than in the first round
            return configuration;
        } catch (IllegalArgumentException e) {
            throw new UserError("the study's " + e.getMessage(), "change the [model] section of the study", e);
        }
    }

    private static BrainLmConfiguration transformer(Model model, double maskRatio, Transformer sizes) {
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
                maskRatio,
                coordinates(model));
    }

    private static Stack stack(Network.Stack stack) {
        return new Stack(stack.hidden(), stack.layers(), stack.heads(), stack.feedForward());
    }

    private static BaselineConfiguration baseline(
            Model model, double maskRatio, List<Integer> widths, double cellMillimetres) {
        return new BaselineConfiguration(
                family(model.preset()),
                model.parcels(),
                model.windowFrames(),
                model.patchFrames(),
                widths,
                cellMillimetres,
                maskRatio,
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

    /**
     * Numbers of one embedding.
     *
     * @throws IllegalArgumentException if the model has no encoder
     */
    public static int encoderWidth(Model model) {
        if (model.network() instanceof Transformer sizes) {
            return sizes.encoder().hidden();
        }
        throw new IllegalArgumentException("a model of preset " + model.preset() + " has no encoder");
    }

    /** Names, shapes and order of the model's flat vector. */
    public static ParameterLayout layout(Study study) {
        return of(study).layout();
    }

    /** Which parameters a training sum of the study is of. @throws org.commissure.protocol.study.StudyException if none is */
    public static SharedPart shared(Study study) {
        if (study.finetune().isPresent()) {
            return FineTuneVector.of(study).shared();
        }
        return SharedPart.of(
                study.training(),
                layout(study).tensors().stream()
                        .map(tensor -> new SharedPart.Tensor(tensor.name(), tensor.length()))
                        .toList());
    }

    /** The same of the vector that a site trains, which holds of a fine-tuning nothing but what is trained. */
    public static SharedPart trained(Study study) {
        return study.finetune().isPresent()
                ? SharedPart.whole(FineTuneVector.of(study).trained())
                : shared(study);
    }

    /** Parameters that a noised sum of the study is of; of a study that trains no network, as many as it publishes. */
    public static long summed(Study study, long parameterCount) {
        return study.published().isPresent() ? parameterCount : shared(study).length();
    }

    /** The model that a run starts from: the same study gives the same bits on the same kind of machine. */
    public static float[] initialParameters(Study study) {
        long seed = study.model().initialisationSeed();
        return of(study) instanceof BaselineConfiguration baseline
                ? BaselineInitialisation.parameters(baseline, seed)
                : Initialisation.parameters(of(study), seed);
    }

    /** Opens a model to embed with on the processor; close it on the thread that used it. */
    public static TrainableModel openEncoder(ModelConfiguration configuration) {
        return Engines.open(configuration, Device.CPU, threads(configuration));
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
