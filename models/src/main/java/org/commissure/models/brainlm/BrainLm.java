package org.commissure.models.brainlm;

import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.tensor.Team;
import org.commissure.models.tensor.Workspace;

/**
 * BrainLM on parcel × time tokens, in both variants. Forward and backward passes are derived by hand; one example is in
 * work at a time, whose rows and heads the threads share out, so memory does not grow with the batch and nothing of
 * tokens² is stored. The same inputs, seed and number of threads give the same bits on the same machine.
 *
 * <p>Parameters are ordered as {@link BrainLmLayout} says.
 */
public final class BrainLm implements TrainableModel {
    private final BrainLmConfiguration c;
    private final ParameterMemory parameters;
    private final EncoderInput encoderInput;
    private final LayerStack encoder;
    private final Norm encoderNorm;
    private final DecoderInput decoderInput;
    private final LayerStack decoder;
    private final ReconstructionHead head;
    private final PatchLoss loss;
    private final InPlaceTraining training;
    private final EncoderReadout readout;
    private final long encoded;
    private final long dEncoder;
    private final long dDecoder;
    private final int[] natural;
    private final int[] restored;
    private final Machine machine;
    private final Workspace w;
    private boolean loaded;
    private long encoderOutput;
    private long decoderOutput;

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
     * @param recompute run each layer's forward pass again in the backward pass instead of keeping its activations
     */
    public BrainLm(BrainLmConfiguration configuration, int threads, boolean recompute) {
        c = configuration;
        boolean original = c.variant() == BrainLmConfiguration.Variant.ORIGINAL;
        int rows = c.tokens() + 1;
        var plan = new Workspace.Plan();
        parameters = ParameterMemory.reserve(plan, BrainLmLayout.of(c));
        var tables = new TokenTables(plan, c);
        var scratch = Scratch.reserve(plan, c.encoder(), c.decoder(), rows, threads);
        encoderInput = new EncoderInput(plan, parameters, c, tables);
        encoder = new LayerStack(
                plan,
                parameters,
                i -> names(BrainLmLayout.encoderLayer(i), original),
                c.encoder(),
                c.layerNormEpsilon(),
                rows,
                scratch,
                recompute);
        encoderNorm = Norm.reserve(
                plan,
                parameters,
                "vit.layernorm",
                c.encoder().width(),
                c.layerNormEpsilon(),
                rows,
                scratch.firstPartials());
        decoderInput = new DecoderInput(plan, parameters, c, tables);
        decoder = new LayerStack(
                plan,
                parameters,
                i -> names(BrainLmLayout.decoderLayer(i), original),
                c.decoder(),
                c.layerNormEpsilon(),
                rows,
                scratch,
                recompute);
        head = new ReconstructionHead(plan, parameters, c, scratch);
        loss = new PatchLoss(c);
        training = new InPlaceTraining(plan, parameters, name -> name.startsWith("decoder.decoder_pred."));
        encoded = plan.reserve((long) rows * c.encoder().width());
        dEncoder = plan.reserve((long) rows * c.encoder().width());
        dDecoder = plan.reserve((long) rows * c.decoder().width());
        readout = new EncoderReadout(
                plan,
                c.encoder(),
                encoder,
                IntStream.range(0, c.tokens()).map(token -> token / c.patches()).toArray());
        natural = IntStream.range(0, rows).toArray();
        restored = natural.clone();
        machine = new Machine(plan.allocate(), new Team(threads));
        w = machine.memory();
        tables.fill(w);
    }

    private static LayerNames names(String prefix, boolean original) {
        return original ? LayerNames.original(prefix) : LayerNames.commissure(prefix);
    }

    @Override
    public BrainLmConfiguration configuration() {
        return c;
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
    public double gradient(float[] window, Mask mask, float[] gradientOut) {
        check(window, mask);
        Checks.length("gradientOut", gradientOut, parameterCount());
        training.clear(machine);
        double error = addGradient(window, mask, 1, 0, 0);
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
        return error;
    }

    @Override
    public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        check(window, mask);
        Checks.length("predictionOut", predictionOut, c.windowLength());
        long predicted = forward(window, mask, 0, 0, 1 + mask.visibleCount());
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        int p = c.patchFrames();
        for (int i = 0; i < mask.maskedCount(); i++) {
            w.copyOut(predicted + (long) i * p, predictionOut, mask.masked(i) * p, p);
        }
        return loss.replaceByGradient(w, window, mask, predicted, 1);
    }

    @Override
    public void logits(float[] window, Mask mask, float[] out) {
        check(window, mask);
        Checks.length("out", out, c.windowLength());
        int tokens = mask.visibleCount() + mask.maskedCount();
        long predicted = forward(window, mask, 0, 0, 1);
        int p = c.patchFrames();
        for (int i = 0; i < tokens; i++) {
            int token = i < mask.visibleCount() ? mask.visible(i) : mask.masked(i - mask.visibleCount());
            w.copyOut(predicted + (long) i * p, out, token * p, p);
        }
    }

    @Override
    public void beginTraining(AdamSettings settings) {
        checkLoaded();
        training.begin(machine, settings);
    }

    @Override
    public StepResult step(List<Example> batch, StepSettings settings) {
        for (Example example : batch) {
            check(example.window(), example.mask());
        }
        return training.step(
                machine,
                batch,
                settings,
                (example, weight, seed) -> addGradient(example.window(), example.mask(), weight, c.dropout(), seed));
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
    public Embedding embed(float[] window) {
        Mask all = Mask.none(c.tokens());
        checkWindow(window);
        encode(window, all, 0, 0);
        return readout.embedding(w, encoded);
    }

    @Override
    public void embeddingGradient(float[] window, Pooling pooling, float[] dEmbedding, float[] gradientOut) {
        Mask all = Mask.none(c.tokens());
        checkWindow(window);
        Checks.length("dEmbedding", dEmbedding, c.encoder().width());
        Checks.length("gradientOut", gradientOut, parameterCount());
        training.clear(machine);
        encode(window, all, 0, 0);
        readout.spread(w, pooling, dEmbedding, dEncoder);
        encoderBackward(all, 0, 0);
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
    }

    @Override
    public AttentionMaps attention(float[] window, int layer) {
        checkWindow(window);
        encoder.requireLayer(layer);
        Mask all = Mask.none(c.tokens());
        long x = encoderInput.forward(machine, window, all, 0, 0);
        encoder.forward(machine, x, c.tokens() + 1, 0, natural, layer + 1);
        return readout.attention(w, layer);
    }

    @Override
    public void close() {
        machine.close();
    }

    private double addGradient(float[] window, Mask mask, float weight, double dropout, long seed) {
        long predicted = forward(window, mask, dropout, seed, 1 + mask.visibleCount());
        double error = loss.replaceByGradient(w, window, mask, predicted, weight);
        backward(mask, predicted, dropout, seed);
        return error;
    }

    /**
     * @param firstRead first decoder row that the head predicts from; the last decoder layer computes no others
     * @return offset of the predictions, {@code [rows from firstRead, patchFrames]}
     */
    private long forward(float[] window, Mask mask, double dropout, long seed, int firstRead) {
        encode(window, mask, dropout, seed);
        long x = decoderInput.forward(machine, encoded, mask, dropout, ~seed);
        int rows = 1 + mask.visibleCount() + mask.maskedCount();
        restoreOrder(mask);
        decoderOutput = decoder.forward(machine, x, rows, firstRead, restored);
        return head.forward(machine, decoderOutput + (long) firstRead * decoder.width(), rows - firstRead);
    }

    private void encode(float[] window, Mask mask, double dropout, long seed) {
        int rows = 1 + mask.visibleCount();
        long x = encoderInput.forward(machine, window, mask, dropout, seed);
        encoderOutput = encoder.forward(machine, x, rows, 0, natural);
        machine.team()
                .run(
                        rows,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> encoderNorm.forward(w, encoderOutput, from, to - from, encoded));
    }

    /** Where the decoder's rows lie in token order, for the original's convolution. */
    private void restoreOrder(Mask mask) {
        if (c.variant() == BrainLmConfiguration.Variant.ORIGINAL) {
            int visible = mask.visibleCount();
            for (int i = 0; i < visible; i++) {
                restored[1 + mask.visible(i)] = 1 + i;
            }
            for (int i = 0; i < mask.maskedCount(); i++) {
                restored[1 + mask.masked(i)] = 1 + visible + i;
            }
        }
    }

    private void backward(Mask mask, long dPredicted, double dropout, long seed) {
        int visibleRows = 1 + mask.visibleCount();
        int rows = visibleRows + mask.maskedCount();
        long masked = (long) visibleRows * decoder.width();
        w.zero(dDecoder, (long) rows * decoder.width());
        head.backward(machine, decoderOutput + masked, mask.maskedCount(), dPredicted, dDecoder + masked);
        decoder.backward(machine, rows, visibleRows, restored, dDecoder);
        decoderInput.backward(machine, encoded, mask, dDecoder, dEncoder, dropout, ~seed);
        encoderBackward(mask, dropout, seed);
    }

    /** From the gradient of the normalised encoder output, in {@code dEncoder}, to the parameters'. */
    private void encoderBackward(Mask mask, double dropout, long seed) {
        int rows = 1 + mask.visibleCount();
        machine.team()
                .run(
                        rows,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> encoderNorm.backward(
                                w, encoderOutput, from, to - from, dEncoder, dEncoder, false, member));
        encoderNorm.reduce(machine);
        encoder.backward(machine, rows, 0, natural, dEncoder);
        encoderInput.backward(machine, mask, dEncoder, dropout, seed);
    }

    private void check(float[] window, Mask mask) {
        checkWindow(window);
        if (mask.tokens() != c.tokens()) {
            throw new IllegalArgumentException(
                    "the mask covers " + mask.tokens() + " tokens, but the model's windows have " + c.tokens());
        }
        if (mask.maskedCount() == 0) {
            throw new IllegalArgumentException("the mask leaves nothing to predict");
        }
        if (c.variant() == BrainLmConfiguration.Variant.ORIGINAL
                && mask.visibleCount() + mask.maskedCount() != c.tokens()) {
            throw new IllegalArgumentException(
                    "the original's convolution runs over all tokens; a mask must not leave any out");
        }
    }

    private void checkWindow(float[] window) {
        checkLoaded();
        Checks.length("window", window, c.windowLength());
        Checks.finite("window", window);
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
