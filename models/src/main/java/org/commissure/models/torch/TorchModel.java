package org.commissure.models.torch;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Checks;
import org.commissure.models.brainlm.Embedding;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A model of the BrainLM family on libtorch. Gradients come from automatic differentiation; attention is libtorch's
 * fused one.
 *
 * <p>On a GPU, {@link #step} multiplies in bfloat16 unless told otherwise, and splits a batch into as large parts as
 * memory holds. Everything else (gradients for federated rounds, embeddings, attention) is float32.
 *
 * <p>Dropout comes from libtorch's generator, seeded by the step's dropout seed: it does not drop the values that the
 * engine in {@code models.brainlm} drops for the same seed, and a batch that was split drops others than one that was
 * not. The number of threads is the process's: models share it.
 */
@SuppressWarnings("try") // scopes and modes are there to end, not to be used
public final class TorchModel implements TrainableModel {
    private final ModelConfiguration configuration;
    private final TorchDevice device;
    private final Precision precision;
    private final int threads;
    private final FlatParameters parameters;
    private final Network network;
    private final BatchGradients gradients;
    private final Kept kept = new Kept();
    private @Nullable TorchAdam adam;
    private @Nullable Tensor anchor;
    private boolean loaded;
    private boolean closed;

    private TorchModel(ModelConfiguration configuration, TorchDevice device, Precision precision, int threads) {
        this.configuration = configuration;
        this.device = device;
        this.precision = precision;
        this.threads = threads;
        try (Call call = Call.open()) {
            parameters = new FlatParameters(configuration.layout(), device);
            network = network(configuration, parameters, device);
        }
        gradients = new BatchGradients(parameters, network, device, precision);
    }

    private static Network network(ModelConfiguration configuration, FlatParameters parameters, TorchDevice device) {
        return switch (configuration) {
            case BrainLmConfiguration c -> new BrainLmNetwork(c, parameters, device);
            case VitMaeConfiguration c -> new VitMaeNetwork(c, parameters, device);
            default ->
                throw new IllegalArgumentException("libtorch has no model for a configuration of preset "
                        + configuration.preset() + "; choose device cpu");
        };
    }

    /**
     * On the processor; call {@link #loadParameters} next.
     *
     * @throws EngineUnavailableException if libtorch's native libraries are missing
     */
    public static TorchModel onCpu(ModelConfiguration configuration, int threads, Precision precision) {
        LibTorch.load(threads);
        return new TorchModel(configuration, TorchDevice.cpu(), precision, threads);
    }

    /**
     * On the first visible NVIDIA GPU; call {@link #loadParameters} next.
     *
     * @throws EngineUnavailableException naming what is missing: libraries, driver, GPU or memory
     */
    public static TorchModel onGpu(ModelConfiguration configuration, Precision precision) {
        LibTorch.loadCuda();
        return new TorchModel(configuration, TorchDevice.cuda(), precision, 1);
    }

    /** Whether the class path holds libtorch's native libraries for this platform; loads nothing. */
    public static boolean librariesArePresent() {
        return LibTorch.isOnTheClassPath();
    }

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public String device() {
        String multiplies = precision == Precision.BFLOAT16 ? ", bfloat16 autocast" : "";
        return device.isCuda() ? "cuda, libtorch" + multiplies : "cpu, libtorch, " + threads + " threads" + multiplies;
    }

    @Override
    public int parameterCount() {
        return parameters.layout().parameterCount();
    }

    @Override
    public void loadParameters(float[] flat) {
        checkOpen();
        checkVector("parameters", flat);
        try (Call call = Call.open()) {
            parameters.load(flat);
        }
        loaded = true;
    }

    @Override
    public void readParameters(float[] out) {
        checkLoaded();
        Checks.length("parameters", out, parameterCount());
        try (Call call = Call.open()) {
            TorchDevice.read(parameters.values(), out, 0);
        }
    }

    @Override
    public double gradient(Example example, float[] gradientOut) {
        check(example, "");
        Checks.length("gradientOut", gradientOut, parameterCount());
        try (Call call = Call.open()) {
            double loss = gradients.of(example);
            TorchDevice.read(parameters.gradients(), gradientOut, 0);
            return loss;
        }
    }

    @Override
    public double reconstruct(Example example, float[] predictionOut) {
        check(example, "");
        Checks.length("predictionOut", predictionOut, configuration.windowLength());
        try (Call call = Call.open();
                var gradMode = new AutoGradMode(false)) {
            return network.reconstruct(example, predictionOut);
        }
    }

    @Override
    public void logits(Example example, float[] out) {
        check(example, "");
        Checks.length("out", out, configuration.windowLength());
        try (Call call = Call.open();
                var gradMode = new AutoGradMode(false)) {
            network.logits(example, out);
        }
    }

    @Override
    public void beginTraining(AdamSettings settings) {
        checkLoaded();
        try (Call call = Call.open()) {
            if (adam != null) {
                adam.close();
            }
            adam = new TorchAdam(settings, parameters, device, network::isUnused);
            Tensor start = anchor == null ? kept.keep(device.empty(parameterCount())) : anchor;
            start.copy_(parameters.values());
            anchor = start;
        }
    }

    @Override
    public StepResult step(List<Example> batch, StepSettings settings) {
        TorchAdam optimiser = training();
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("a step needs at least one example");
        }
        for (int i = 0; i < batch.size(); i++) {
            check(batch.get(i), "example " + i + ": ");
        }
        try (Call call = Call.open()) {
            double loss = settings.patientClipNorm().isPresent()
                    ? gradients.clipped(batch, settings.patientClipNorm().getAsDouble(), settings.dropoutSeed())
                    : gradients.plain(batch, settings.dropoutSeed());
            try (var gradMode = new AutoGradMode(false)) {
                if (settings.proximal() > 0) {
                    Tensor away = parameters.values().sub(Objects.requireNonNull(anchor));
                    parameters.gradients().add_(away, new Scalar(settings.proximal()));
                }
                double norm = parameters.gradientNorm();
                if (!Double.isFinite(norm)) {
                    throw gradients.notFinite(batch);
                }
                if (norm > settings.maximumGradientNorm()) {
                    // 1e-6 as in torch's clip_grad_norm_
                    parameters.gradients().mul_(new Scalar(settings.maximumGradientNorm() / (norm + 1e-6)));
                }
                optimiser.step(settings.learningRate());
                return new StepResult(loss, norm);
            }
        }
    }

    @Override
    public OptimiserState optimiserState() {
        try (Call call = Call.open()) {
            return training().state();
        }
    }

    @Override
    public void loadOptimiserState(OptimiserState state) {
        TorchAdam optimiser = training();
        checkVector("mean", state.mean());
        checkVector("meanSquare", state.meanSquare());
        try (Call call = Call.open()) {
            optimiser.load(state);
        }
    }

    @Override
    public void setAnchor(float[] flat) {
        training();
        checkVector("anchor", flat);
        try (Call call = Call.open()) {
            Objects.requireNonNull(anchor).copy_(device.floats(flat, flat.length));
        }
    }

    @Override
    public Embedding embed(float[] window, OptionalDouble repetitionTimeSeconds) {
        Example visible = visible(window, repetitionTimeSeconds);
        try (Call call = Call.open();
                var gradMode = new AutoGradMode(false)) {
            Tensor rows = network.encode(visible);
            return new Embedding(
                    TorchDevice.read(pooled(rows, Pooling.CLS)), TorchDevice.read(pooled(rows, Pooling.MEAN)));
        }
    }

    private static Tensor pooled(Tensor rows, Pooling pooling) {
        return switch (pooling) {
            case CLS -> rows.select(0, 0);
            case MEAN -> rows.narrow(0, 1, rows.size(0) - 1).mean(0);
        };
    }

    @Override
    public void embeddingGradient(
            float[] window,
            OptionalDouble repetitionTimeSeconds,
            Pooling pooling,
            float[] dEmbedding,
            float[] gradientOut) {
        Example visible = visible(window, repetitionTimeSeconds);
        Checks.length("gradientOut", gradientOut, parameterCount());
        try (Call call = Call.open()) {
            Tensor embedding = pooled(network.encode(visible), pooling);
            Checks.length("dEmbedding", dEmbedding, Math.toIntExact(embedding.numel()));
            parameters.zeroGradients();
            embedding.dot(device.floats(dEmbedding, dEmbedding.length)).backward();
            TorchDevice.read(parameters.gradients(), gradientOut, 0);
        }
    }

    @Override
    public AttentionMaps attention(float[] window, OptionalDouble repetitionTimeSeconds, int layer) {
        Example visible = visible(window, repetitionTimeSeconds);
        try (Call call = Call.open();
                var gradMode = new AutoGradMode(false)) {
            return network.attention(visible, layer);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (adam != null) {
                adam.close();
            }
            kept.close();
            network.close();
            parameters.close();
        }
    }

    private TorchAdam training() {
        checkLoaded();
        if (adam == null) {
            throw new IllegalStateException("the model does not train yet; call beginTraining first");
        }
        return adam;
    }

    private Example visible(float[] window, OptionalDouble repetitionTimeSeconds) {
        checkLoaded();
        Example visible = new Example(window, Mask.none(configuration.tokens()), repetitionTimeSeconds);
        Inputs.scan(visible, "", configuration);
        return visible;
    }

    private void check(Example example, String which) {
        checkLoaded();
        Inputs.check(example, which, configuration);
        network.check(example.mask());
    }

    private void checkVector(String name, float[] values) {
        Checks.length(name, values, parameterCount());
        Checks.finite(name, values);
    }

    private void checkLoaded() {
        checkOpen();
        if (!loaded) {
            throw new IllegalStateException("the model has no parameters yet; call loadParameters first");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
    }
}
