package org.commissure.models.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Stack;

/**
 * Both variants of {@link BrainLmConfiguration}. Rows of a sequence are CLS, then the visible tokens in mask order; the
 * decoder appends the masked ones, and the original, whose convolution runs along the rows, puts its tokens back into
 * window order first.
 */
final class BrainLmNetwork implements Network {
    private static final double LEAK = 0.1;

    private final BrainLmConfiguration c;
    private final FlatParameters parameters;
    private final boolean original;
    private final TorchDevice device;
    private final Kept kept = new Kept();
    private final Tensor coordinates;
    private final Tensor encoderTimes;
    private final Tensor decoderTimes;
    private final List<TorchLayer> encoder = new ArrayList<>();
    private final List<TorchLayer> decoder = new ArrayList<>();

    BrainLmNetwork(BrainLmConfiguration configuration, FlatParameters parameters, TorchDevice device) {
        c = configuration;
        this.parameters = parameters;
        this.device = device;
        original = c.variant() == Variant.ORIGINAL;
        coordinates = kept.keep(device.floats(flatCoordinates(), c.parcels(), 3));
        encoderTimes = kept.keep(times(c.encoder().width()));
        decoderTimes = kept.keep(times(c.decoder().width()));
        for (int i = 0; i < c.encoder().layers(); i++) {
            encoder.add(layer("vit.encoder.layer." + i, c.encoder()));
        }
        for (int i = 0; i < c.decoder().layers(); i++) {
            decoder.add(layer("decoder.decoder_layers." + i, c.decoder()));
        }
    }

    private TorchLayer layer(String prefix, Stack stack) {
        return new TorchLayer(parameters, prefix, prefix + ".attention.self.", stack, c.layerNormEpsilon(), original);
    }

    private float[] flatCoordinates() {
        float[][] rows = original ? c.coordinatesMillimetres() : c.unitCoordinates();
        float[] flat = new float[3 * rows.length];
        for (int parcel = 0; parcel < rows.length; parcel++) {
            System.arraycopy(rows[parcel], 0, flat, 3 * parcel, 3);
        }
        return flat;
    }

    /** Vaswani et al. 2017, section 3.5: sines at even, cosines at odd columns; {@code [patches, width]}. */
    private Tensor times(int width) {
        float[] table = new float[c.patches() * width];
        for (int i = 0; i < table.length; i++) {
            int column = i % width;
            double angle = i / width / Math.pow(10_000, (column - column % 2) / (double) width);
            table[i] = (float) (column % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
        return device.floats(table, c.patches(), width);
    }

    @Override
    public boolean isUnused(String tensor) {
        return tensor.startsWith("decoder.decoder_pred."); // the original's head is decoder_pred1 and decoder_pred2
    }

    @Override
    public void check(Mask mask) {
        if (original && mask.visibleCount() + mask.maskedCount() != mask.tokens()) {
            throw new IllegalArgumentException("the original model needs every token visible or masked, but "
                    + (mask.tokens() - mask.visibleCount() - mask.maskedCount()) + " of " + mask.tokens()
                    + " are neither");
        }
    }

    @Override
    public Tensor losses(List<Example> examples, boolean training) {
        var batch = TokenBatch.of(examples, c, device);
        Tensor predicted = head(masked(decode(encode(batch, training), batch, training), batch));
        Tensor difference = predicted.sub(batch.target());
        Tensor errors = c.loss() == Loss.MSE ? difference.mul(difference) : difference.abs();
        return errors.view(batch.examples(), -1).mean(1);
    }

    @Override
    public double reconstruct(Example example, float[] predictionOut) {
        var batch = TokenBatch.of(List.of(example), c, device);
        float[] predicted = TorchDevice.read(head(masked(decode(encode(batch, false), batch, false), batch)));
        float[] window = example.window();
        int frames = c.patchFrames();
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        double squares = 0;
        for (int i = 0; i < predicted.length; i++) {
            int at = example.mask().masked(i / frames) * frames + i % frames;
            double difference = predicted[i] - window[at];
            squares += difference * difference;
            predictionOut[at] = predicted[i];
        }
        return squares / predicted.length;
    }

    @Override
    public void logits(Example example, float[] out) {
        var batch = TokenBatch.of(List.of(example), c, device);
        Mask mask = example.mask();
        int named = mask.visibleCount() + mask.maskedCount();
        Tensor rows = decode(encode(batch, false), batch, false).narrow(0, 1, named);
        float[] values = TorchDevice.read(head(rows));
        int frames = c.patchFrames();
        for (int i = 0; i < named; i++) {
            int inMask = i < mask.visibleCount() ? mask.visible(i) : mask.masked(i - mask.visibleCount());
            System.arraycopy(values, i * frames, out, (original ? i : inMask) * frames, frames);
        }
    }

    @Override
    public Tensor encode(Example visible) {
        return encode(TokenBatch.of(List.of(visible), c, device), false);
    }

    private Tensor encode(TokenBatch batch, boolean training) {
        Tensor x = embed(batch, training);
        for (TorchLayer layer : encoder) {
            x = layer.forward(x, batch.examples(), 1 + batch.visible());
        }
        return TorchLayer.norm(parameters, "vit.layernorm", x, c.layerNormEpsilon());
    }

    /** {@code [examples · (1 + visible), width]} */
    private Tensor embed(TokenBatch batch, boolean training) {
        int width = c.encoder().width();
        Tensor x = linear("vit.embeddings.signal_embedding_projection", batch.patches())
                .add(linear(
                        "vit.embeddings.xyz_embedding_projection", coordinates.index_select(0, batch.visibleParcel())))
                .add(encoderTimes.index_select(0, batch.visiblePatch()));
        x = withRepetitionTime(x, "vit.embeddings.repetition_time_projection.weight", batch);
        Tensor cls = parameters.tensor("vit.embeddings.cls_token").expand(batch.examples(), 1, width);
        return torch.cat(new TensorVector(cls, dropout(x, training).view(batch.examples(), batch.visible(), width)), 1)
                .view(-1, width);
    }

    /** @return the decoder's rows, {@code [examples · (1 + visible + masked), width]} */
    private Tensor decode(Tensor encoded, TokenBatch batch, boolean training) {
        int width = c.decoder().width();
        long examples = batch.examples();
        long named = batch.visible() + batch.masked();
        Tensor embedded = linear("decoder.decoder_embed", encoded).view(examples, 1 + batch.visible(), width);
        Tensor maskToken = parameters.tensor("decoder.mask_token").expand(examples, batch.masked(), width);
        Tensor tokens = torch.cat(new TensorVector(embedded.narrow(1, 1, batch.visible()), maskToken), 1)
                .view(-1, width);
        if (original) {
            tokens = tokens.index_select(0, batch.windowOrder());
        }
        tokens = tokens.add(
                        linear("decoder.decoder_xyz_projection", coordinates.index_select(0, batch.decodedParcel())))
                .add(decoderTimes.index_select(0, batch.decodedPatch()));
        tokens = withRepetitionTime(tokens, "decoder.decoder_repetition_time_projection.weight", batch);
        Tensor x = torch.cat(
                        new TensorVector(
                                embedded.narrow(1, 0, 1),
                                dropout(tokens, training).view(examples, named, width)),
                        1)
                .view(-1, width);
        for (TorchLayer layer : decoder) {
            x = layer.forward(x, examples, 1 + named);
        }
        return x;
    }

    /** @return of the decoder's rows those of the masked tokens, {@code [examples · masked, width]} */
    private Tensor masked(Tensor rows, TokenBatch batch) {
        if (original) {
            return rows.index_select(0, batch.maskedRows());
        }
        int width = c.decoder().width();
        return rows.view(batch.examples(), 1 + batch.visible() + batch.masked(), width)
                .narrow(1, 1 + batch.visible(), batch.masked())
                .reshape(-1, width);
    }

    private Tensor head(Tensor rows) {
        Tensor normalised = TorchLayer.norm(parameters, "decoder.decoder_norm", rows, c.layerNormEpsilon());
        Tensor narrow = torch.leaky_relu(linear("decoder.decoder_pred1", normalised), new Scalar(LEAK));
        return linear("decoder.decoder_pred2", narrow);
    }

    private Tensor linear(String name, Tensor x) {
        return TorchLayer.linear(parameters, name, x);
    }

    /** @param rows {@code [examples · tokens, width]} */
    private Tensor withRepetitionTime(Tensor rows, String vector, TokenBatch batch) {
        if (!c.repetitionTimeEmbedding()) {
            return rows;
        }
        long width = rows.size(1);
        return rows.view(batch.examples(), -1, width)
                .add(batch.repetition().mul(parameters.tensor(vector).view(1, 1, width)))
                .view(-1, width);
    }

    private Tensor dropout(Tensor x, boolean training) {
        return training && c.dropout() > 0 ? torch.dropout(x, c.dropout(), true) : x;
    }

    @Override
    public AttentionMaps attention(Example visible, int layer) {
        var batch = TokenBatch.of(List.of(visible), c, device);
        Tensor x = embed(batch, false);
        for (int i = 0; i < layer; i++) {
            x = encoder.get(i).forward(x, 1, 1 + batch.visible());
        }
        return AttentionBlocks.maps(encoder.get(layer).probabilities(x), c.parcels(), c.patches());
    }

    @Override
    public long bytesPerExample(int visible, int masked) {
        return StackMemory.bytes(c.encoder(), 1 + visible) + StackMemory.bytes(c.decoder(), 1 + visible + masked);
    }

    @Override
    public void close() {
        kept.close();
    }
}
