package org.commissure.models.brainlm;

import java.util.List;
import java.util.OptionalDouble;
import org.commissure.models.tensor.Team;
import org.commissure.models.tensor.Workspace;

/**
 * Every model of the BrainLM family on this package's engine: {@link BrainLmConfiguration} in both variants, and {@link
 * VitMaeConfiguration}. Forward and backward passes are derived by hand; one example is in work at a time, whose rows
 * and heads the threads share out, so memory does not grow with the batch and nothing of tokens² is stored. The same
 * inputs, seed and number of threads give the same bits on the same machine.
 *
 * <p>Parameters are ordered as the configuration's layout says.
 */
public final class BrainLm implements TrainableModel, InputGradients {
    private final ModelConfiguration configuration;
    private final ParameterMemory parameters;
    private final Passes passes;
    private final InPlaceTraining training;
    private final Machine machine;
    private final Workspace w;
    private boolean loaded;

    /** Reserves the buffers of an architecture beside its parameters. */
    private interface Architecture {
        Passes reserve(Workspace.Plan plan, ParameterMemory parameters);
    }

    /** One thread, activations kept. */
    public BrainLm(BrainLmConfiguration configuration) {
        this(configuration, 1);
    }

    /** @param threads that share the work, the caller's included */
    public BrainLm(BrainLmConfiguration configuration, int threads) {
        this(configuration, threads, false);
    }

    /**
     * Reserves everything the model will ever need; call {@link #loadParameters} next.
     *
     * @param threads that share the work, the caller's included
     * @param recompute run each layer's forward pass again in the backward pass instead of keeping its activations
     */
    public BrainLm(BrainLmConfiguration configuration, int threads, boolean recompute) {
        this(
                configuration,
                threads,
                (plan, parameters) -> new TokenPasses(plan, parameters, configuration, threads, recompute));
    }

    /** The same for a ViT-MAE. */
    public BrainLm(VitMaeConfiguration configuration, int threads, boolean recompute) {
        this(
                configuration,
                threads,
                (plan, parameters) -> new ImagePasses(plan, parameters, configuration, threads, recompute));
    }

    private BrainLm(ModelConfiguration configuration, int threads, Architecture architecture) {
        this.configuration = configuration;
        var plan = new Workspace.Plan();
        parameters = ParameterMemory.reserve(plan, configuration.layout());
        passes = architecture.reserve(plan, parameters);
        training = new InPlaceTraining(plan, parameters, passes::isUnused);
        machine = new Machine(plan.allocate(), new Team(threads));
        w = machine.memory();
        passes.fill(w);
    }

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public String device() {
        return machine.describe();
    }

    @Override
    public int parameterCount() {
        return parameters.layout().parameterCount();
    }

    @Override
    public void loadParameters(float[] flat) {
        checkOpen();
        Checks.length("parameters", flat, parameterCount());
        Checks.finite("parameters", flat);
        w.copyIn(flat, 0, parameters.values(), flat.length);
        loaded = true;
    }

    @Override
    public void readParameters(float[] out) {
        checkLoaded();
        Checks.length("out", out, parameterCount());
        w.copyOut(parameters.values(), out, 0, out.length);
    }

    @Override
    public double gradient(Example example, float[] gradientOut) {
        check(example);
        Checks.length("gradientOut", gradientOut, parameterCount());
        training.clear(machine);
        double error = passes.addGradient(machine, example, 1, false, 0);
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
        return error;
    }

    @Override
    public double reconstruct(Example example, float[] predictionOut) {
        check(example);
        Checks.length("predictionOut", predictionOut, configuration.windowLength());
        return passes.reconstruct(machine, example, predictionOut);
    }

    @Override
    public void logits(Example example, float[] out) {
        check(example);
        Checks.length("out", out, configuration.windowLength());
        passes.logits(machine, example, out);
    }

    @Override
    public void beginTraining(AdamSettings settings) {
        checkLoaded();
        training.begin(machine, settings);
    }

    @Override
    public StepResult step(List<Example> batch, StepSettings settings) {
        batch.forEach(this::check);
        return training.step(
                machine,
                batch,
                settings,
                (example, weight, seed) -> passes.addGradient(machine, example, weight, true, seed));
    }

    @Override
    public OptimiserState optimiserState() {
        checkLoaded();
        return training.state(machine);
    }

    @Override
    public void loadOptimiserState(OptimiserState state) {
        checkLoaded();
        training.load(machine, state);
    }

    @Override
    public void setAnchor(float[] values) {
        checkLoaded();
        Checks.length("anchor", values, parameterCount());
        training.setAnchor(machine, values);
    }

    @Override
    public Embedding embed(float[] window, OptionalDouble repetitionTimeSeconds) {
        return passes.embed(machine, visible(window, repetitionTimeSeconds));
    }

    @Override
    public void embeddingGradient(
            float[] window,
            OptionalDouble repetitionTimeSeconds,
            Pooling pooling,
            float[] dEmbedding,
            float[] gradientOut) {
        Example visible = visible(window, repetitionTimeSeconds);
        Checks.length("dEmbedding", dEmbedding, passes.embeddingWidth());
        Checks.length("gradientOut", gradientOut, parameterCount());
        training.clear(machine);
        passes.addEmbeddingGradient(machine, visible, pooling, dEmbedding);
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
    }

    @Override
    public double inputGradient(Example example, float[] windowGradientOut) {
        check(example);
        Checks.length("windowGradientOut", windowGradientOut, configuration.windowLength());
        training.clear(machine);
        double error = passes.addGradient(machine, example, 1, false, 0);
        passes.inputGradient(machine, example, windowGradientOut);
        return error;
    }

    @Override
    public void embeddingInputGradient(
            float[] window,
            OptionalDouble repetitionTimeSeconds,
            Pooling pooling,
            float[] dEmbedding,
            float[] windowGradientOut) {
        Example visible = visible(window, repetitionTimeSeconds);
        Checks.length("dEmbedding", dEmbedding, passes.embeddingWidth());
        Checks.length("windowGradientOut", windowGradientOut, configuration.windowLength());
        training.clear(machine);
        passes.addEmbeddingGradient(machine, visible, pooling, dEmbedding);
        passes.inputGradient(machine, visible, windowGradientOut);
    }

    @Override
    public AttentionMaps attention(float[] window, OptionalDouble repetitionTimeSeconds, int layer) {
        return passes.attention(machine, visible(window, repetitionTimeSeconds), layer);
    }

    @Override
    public void close() {
        machine.close();
    }

    private Example visible(float[] window, OptionalDouble repetitionTimeSeconds) {
        Example visible = new Example(window, Mask.none(configuration.tokens()), repetitionTimeSeconds);
        checkScan(visible);
        return visible;
    }

    private void check(Example example) {
        checkScan(example);
        passes.check(example.mask());
    }

    private void checkScan(Example example) {
        checkLoaded();
        Checks.length("window", example.window(), configuration.windowLength());
        Checks.finite("window", example.window());
        RepetitionTime.check(configuration, example.repetitionTimeSeconds());
    }

    private void checkLoaded() {
        checkOpen();
        if (!loaded) {
            throw new IllegalStateException("the model has no parameters yet; call loadParameters first");
        }
    }

    private void checkOpen() {
        if (w.isClosed()) {
            throw new IllegalStateException("the model is closed");
        }
    }
}
