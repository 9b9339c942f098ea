package org.commissure.models.brainlm;

import java.util.stream.IntStream;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.tensor.Workspace;

/** The two variants of {@link BrainLmConfiguration}, on parcel × time tokens. */
final class TokenPasses implements Passes {
    private final BrainLmConfiguration c;
    private final TokenTables tables;
    private final EncoderInput encoderInput;
    private final Encoder encoder;
    private final DecoderInput decoderInput;
    private final LayerStack decoder;
    private final ReconstructionHead head;
    private final PatchLoss loss;
    private final long dEncoder;
    private final long dDecoder;
    private final int[] restored;
    private long encoded;
    private long decoderOutput;

    /** @param members of the team; {@code recompute} as in {@link BrainLm} */
    TokenPasses(
            Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, int members, boolean recompute) {
        this.c = c;
        int rows = c.tokens() + 1;
        tables = new TokenTables(plan, c);
        var scratch = Scratch.reserve(plan, c.encoder(), c.decoder(), rows, members);
        encoderInput = new EncoderInput(plan, parameters, c, tables);
        encoder = new Encoder(
                plan,
                parameters,
                i -> names(BrainLmLayout.encoderLayer(i)),
                c.encoder(),
                c.layerNormEpsilon(),
                scratch,
                recompute,
                IntStream.range(0, c.tokens()).map(token -> token / c.patches()).toArray());
        decoderInput = new DecoderInput(plan, parameters, c, tables);
        decoder = new LayerStack(
                plan,
                parameters,
                i -> names(BrainLmLayout.decoderLayer(i)),
                c.decoder(),
                c.layerNormEpsilon(),
                rows,
                scratch,
                recompute);
        head = new ReconstructionHead(plan, parameters, c, scratch);
        loss = new PatchLoss(c);
        dEncoder = plan.reserve((long) rows * c.encoder().width());
        dDecoder = plan.reserve((long) rows * c.decoder().width());
        restored = IntStream.range(0, rows).toArray();
    }

    private LayerNames names(String prefix) {
        return isOriginal() ? LayerNames.original(prefix) : LayerNames.commissure(prefix);
    }

    private boolean isOriginal() {
        return c.variant() == Variant.ORIGINAL;
    }

    @Override
    public void fill(Workspace memory) {
        tables.fill(memory);
    }

    @Override
    public int embeddingWidth() {
        return encoder.width();
    }

    @Override
    public boolean isUnused(String tensor) {
        return tensor.startsWith("decoder.decoder_pred."); // the original's head is decoder_pred1 and decoder_pred2
    }

    @Override
    public void check(Mask mask) {
        if (mask.tokens() != c.tokens()) {
            throw new IllegalArgumentException(
                    "the mask covers " + mask.tokens() + " tokens, but the model's windows have " + c.tokens());
        }
        if (mask.maskedCount() == 0) {
            throw new IllegalArgumentException("the mask leaves nothing to predict");
        }
        if (isOriginal() && mask.visibleCount() + mask.maskedCount() != c.tokens()) {
            throw new IllegalArgumentException(
                    "the original's convolution runs over all tokens; a mask must not leave any out");
        }
    }

    @Override
    public double addGradient(Machine machine, Example example, float weight, boolean training, long seed) {
        double dropout = training ? c.dropout() : 0;
        Mask mask = example.mask();
        long predicted = forward(machine, example, dropout, seed, 1 + mask.visibleCount());
        double error = loss.replaceByGradient(machine.memory(), example.window(), mask, predicted, weight);
        backward(machine, example, predicted, dropout, seed);
        return error;
    }

    @Override
    public double reconstruct(Machine machine, Example example, float[] predictionOut) {
        float[] window = example.window();
        Mask mask = example.mask();
        long predicted = forward(machine, example, 0, 0, 1 + mask.visibleCount());
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        int p = c.patchFrames();
        for (int i = 0; i < mask.maskedCount(); i++) {
            machine.memory().copyOut(predicted + (long) i * p, predictionOut, mask.masked(i) * p, p);
        }
        return loss.replaceByGradient(machine.memory(), window, mask, predicted, 1);
    }

    @Override
    public void logits(Machine machine, Example example, float[] out) {
        Mask mask = example.mask();
        int tokens = mask.visibleCount() + mask.maskedCount();
        long predicted = forward(machine, example, 0, 0, 1);
        int p = c.patchFrames();
        for (int i = 0; i < tokens; i++) {
            int token = i < mask.visibleCount() ? mask.visible(i) : mask.masked(i - mask.visibleCount());
            machine.memory().copyOut(predicted + (long) i * p, out, token * p, p);
        }
    }

    @Override
    public Embedding embed(Machine machine, Example visible) {
        encode(machine, visible, 0, 0);
        return encoder.embedding(machine.memory());
    }

    @Override
    public void addEmbeddingGradient(Machine machine, Example visible, Pooling pooling, float[] dEmbedding) {
        encode(machine, visible, 0, 0);
        encoder.spread(machine.memory(), pooling, dEmbedding, dEncoder);
        encoderBackward(machine, visible, 0, 0);
    }

    @Override
    public void inputGradient(Machine machine, Example example, float[] windowGradientOut) {
        encoderInput.inputGradient(machine, example.mask(), dEncoder, windowGradientOut);
    }

    @Override
    public AttentionMaps attention(Machine machine, Example visible, int layer) {
        encoder.requireLayer(layer);
        return encoder.attention(machine, encoderInput.forward(machine, visible, 0, 0), layer);
    }

    private void encode(Machine machine, Example example, double dropout, long seed) {
        long x = encoderInput.forward(machine, example, dropout, seed);
        encoded = encoder.forward(machine, x, 1 + example.mask().visibleCount());
    }

    /**
     * @param firstRead first decoder row that the head predicts from; the last decoder layer computes no others
     * @return offset of the predictions, {@code [rows from firstRead, patchFrames]}
     */
    private long forward(Machine machine, Example example, double dropout, long seed, int firstRead) {
        encode(machine, example, dropout, seed);
        Mask mask = example.mask();
        long x = decoderInput.forward(machine, encoded, example, dropout, ~seed);
        int rows = 1 + mask.visibleCount() + mask.maskedCount();
        restoreOrder(mask);
        decoderOutput = decoder.forward(machine, x, rows, firstRead, restored);
        return head.forward(machine, decoderOutput + (long) firstRead * decoder.width(), rows - firstRead);
    }

    /** Where the decoder's rows lie in token order, for the original's convolution. */
    private void restoreOrder(Mask mask) {
        if (isOriginal()) {
            int visible = mask.visibleCount();
            for (int i = 0; i < visible; i++) {
                restored[1 + mask.visible(i)] = 1 + i;
            }
            for (int i = 0; i < mask.maskedCount(); i++) {
                restored[1 + mask.masked(i)] = 1 + visible + i;
            }
        }
    }

    private void backward(Machine machine, Example example, long dPredicted, double dropout, long seed) {
        Mask mask = example.mask();
        int visibleRows = 1 + mask.visibleCount();
        int rows = visibleRows + mask.maskedCount();
        long masked = (long) visibleRows * decoder.width();
        machine.memory().zero(dDecoder, (long) rows * decoder.width());
        head.backward(machine, decoderOutput + masked, mask.maskedCount(), dPredicted, dDecoder + masked);
        decoder.backward(machine, rows, visibleRows, restored, dDecoder);
        decoderInput.backward(machine, encoded, example, dDecoder, dEncoder, dropout, ~seed);
        encoderBackward(machine, example, dropout, seed);
    }

    /** From the gradient of the normalised encoder output, in {@code dEncoder}, to the parameters'. */
    private void encoderBackward(Machine machine, Example example, double dropout, long seed) {
        encoder.backward(machine, 1 + example.mask().visibleCount(), dEncoder);
        encoderInput.backward(machine, example, dEncoder, dropout, seed);
    }
}
