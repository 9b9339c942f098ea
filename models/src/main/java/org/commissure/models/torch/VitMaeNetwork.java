package org.commissure.models.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.ImagePatches;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Sight;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.VitMaeConfiguration;

/**
 * The ViT-MAE of {@link VitMaeConfiguration}. Rows of a sequence are CLS, then the visible tokens in mask order; the
 * decoder appends the masked ones. Attention does not see that order.
 */
final class VitMaeNetwork implements Network {
    /** Colours of the image; all three show the same. */
    private static final int CHANNELS = 3;

    private final VitMaeConfiguration c;
    private final FlatParameters parameters;
    private final TorchDevice device;
    private final ImagePatches images;
    private final Kept kept = new Kept();
    private final Tensor encoderPlaces;
    private final Tensor decoderPlaces;
    private final List<TorchLayer> encoder = new ArrayList<>();
    private final List<TorchLayer> decoder = new ArrayList<>();

    VitMaeNetwork(VitMaeConfiguration configuration, FlatParameters parameters, TorchDevice device) {
        c = configuration;
        this.parameters = parameters;
        this.device = device;
        images = new ImagePatches(c);
        encoderPlaces = kept.keep(places(c.encoder().width()));
        decoderPlaces = kept.keep(places(c.decoder().width()));
        for (int i = 0; i < c.encoder().layers(); i++) {
            encoder.add(layer("vit.encoder.layer." + i, c.encoder()));
        }
        for (int i = 0; i < c.decoder().layers(); i++) {
            decoder.add(layer("decoder.decoder_layers." + i, c.decoder()));
        }
    }

    private TorchLayer layer(String prefix, Stack stack) {
        return new TorchLayer(parameters, prefix, prefix + ".attention.attention.", stack, c.layerNormEpsilon(), false);
    }

    /** He et al. 2022: sines and cosines of the column, then of the row; {@code [tokens, width]}. */
    private Tensor places(int width) {
        int quarter = width / 4;
        float[] table = new float[c.tokens() * width];
        for (int i = 0; i < table.length; i++) {
            int token = i / width;
            int part = i % width / quarter;
            int coordinate = part < 2 ? token % c.grid() : token / c.grid();
            double angle = coordinate / Math.pow(10_000, i % width % quarter / (double) quarter);
            table[i] = (float) (part % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
        return device.floats(table, c.tokens(), width);
    }

    @Override
    public boolean isUnused(String tensor) {
        return false;
    }

    @Override
    public void check(Mask mask) {
        if (mask.visibleCount() + mask.maskedCount() != c.tokens()) {
            throw new IllegalArgumentException("the mask covers " + (mask.visibleCount() + mask.maskedCount())
                    + " tokens, but the model's images have " + c.tokens());
        }
        for (Sight sight : c.sight(mask)) {
            if (sight == Sight.MASKED) {
                return;
            }
        }
        throw new IllegalArgumentException("the mask leaves nothing to predict: it hides border only");
    }

    @Override
    public Tensor losses(List<Example> examples, boolean training) {
        var batch = ImageBatch.of(examples, c, images, device);
        Tensor difference = predictions(batch).sub(batch.target()).mul(batch.hidden());
        Tensor squares = difference.mul(difference).view(batch.examples(), -1).sum(1);
        return squares.div(batch.hidden().view(batch.examples(), -1).sum(1));
    }

    @Override
    public double reconstruct(Example example, float[] predictionOut) {
        float[] window = example.window();
        float[] everywhere = new float[window.length];
        logits(example, everywhere);
        Sight[] sight = c.sight(example.mask());
        double squares = 0;
        int hidden = 0;
        for (int i = 0; i < window.length; i++) {
            boolean predicted = sight[i] == Sight.MASKED;
            predictionOut[i] = predicted ? everywhere[i] : window[i];
            if (predicted) {
                double difference = ((double) everywhere[i] - window[i]) * images.scale();
                squares += difference * difference;
                hidden++;
            }
        }
        return squares / hidden;
    }

    @Override
    public void logits(Example example, float[] out) {
        var batch = ImageBatch.of(List.of(example), c, images, device);
        float[] predicted = TorchDevice.read(predictions(batch));
        Mask mask = example.mask();
        int pixels = c.patch() * c.patch();
        for (int i = 0; i < c.tokens(); i++) {
            int[] places =
                    images.places(i < mask.visibleCount() ? mask.visible(i) : mask.masked(i - mask.visibleCount()));
            for (int pixel = 0; pixel < pixels; pixel++) {
                if (places[pixel] >= 0) {
                    out[places[pixel]] = predicted[i * pixels + pixel] / images.scale();
                }
            }
        }
    }

    @Override
    public Tensor encode(Example visible) {
        return encode(ImageBatch.of(List.of(visible), c, images, device));
    }

    private Tensor encode(ImageBatch batch) {
        Tensor x = embed(batch);
        for (TorchLayer layer : encoder) {
            x = layer.forward(x, batch.examples(), 1 + batch.visible());
        }
        return TorchLayer.norm(parameters, "vit.layernorm", x, c.layerNormEpsilon());
    }

    /** {@code [examples · (1 + visible), width]} */
    private Tensor embed(ImageBatch batch) {
        int width = c.encoder().width();
        Tensor channels = torch.cat(new TensorVector(batch.patches(), batch.patches(), batch.patches()), 1);
        Tensor x = torch.linear(
                        channels,
                        parameters
                                .tensor("vit.embeddings.patch_embeddings.projection.weight")
                                .view(width, -1),
                        new TensorOptional(parameters.tensor("vit.embeddings.patch_embeddings.projection.bias")))
                .add(encoderPlaces.index_select(0, batch.visibleTokens()));
        Tensor cls = parameters.tensor("vit.embeddings.cls_token").expand(batch.examples(), 1, width);
        return torch.cat(new TensorVector(cls, x.view(batch.examples(), batch.visible(), width)), 1)
                .view(-1, width);
    }

    /** The mean over channels of every token's pixels, {@code [examples · tokens, patch²]} in the decoder's order. */
    private Tensor predictions(ImageBatch batch) {
        int width = c.decoder().width();
        long examples = batch.examples();
        Tensor embedded = TorchLayer.linear(parameters, "decoder.decoder_embed", encode(batch))
                .view(examples, 1 + batch.visible(), width);
        Tensor maskToken = parameters.tensor("decoder.mask_token").expand(examples, batch.masked(), width);
        Tensor tokens = torch.cat(new TensorVector(embedded.narrow(1, 1, batch.visible()), maskToken), 1)
                .view(-1, width)
                .add(decoderPlaces.index_select(0, batch.tokens()))
                .view(examples, c.tokens(), width);
        Tensor x =
                torch.cat(new TensorVector(embedded.narrow(1, 0, 1), tokens), 1).view(-1, width);
        for (TorchLayer layer : decoder) {
            x = layer.forward(x, examples, 1 + c.tokens());
        }
        Tensor rows =
                x.view(examples, 1 + c.tokens(), width).narrow(1, 1, c.tokens()).reshape(-1, width);
        Tensor normalised = TorchLayer.norm(parameters, "decoder.decoder_norm", rows, c.layerNormEpsilon());
        return TorchLayer.linear(parameters, "decoder.decoder_pred", normalised)
                .view(-1, (long) c.patch() * c.patch(), CHANNELS)
                .sum(2)
                .div(new Scalar(CHANNELS));
    }

    /** A token covers several parcels; each has an equal part of what its token gets. */
    @Override
    public AttentionMaps attention(Example visible, int layer) {
        var batch = ImageBatch.of(List.of(visible), c, images, device);
        Tensor x = embed(batch);
        for (int i = 0; i < layer; i++) {
            x = encoder.get(i).forward(x, 1, 1 + c.tokens());
        }
        AttentionMaps byRow = AttentionBlocks.maps(encoder.get(layer).probabilities(x), c.grid(), c.grid());
        return new AttentionMaps(byRow.cls(), images.spreadOverParcels(byRow.parcels()));
    }

    @Override
    public long bytesPerExample(int visible, int masked) {
        long pixels = (long) c.tokens() * c.patch() * c.patch();
        // In and out of every token: three channels each, and their gradients.
        return StackMemory.bytes(c.encoder(), 1 + visible)
                + StackMemory.bytes(c.decoder(), 1 + visible + masked)
                + 4 * CHANNELS * pixels * Float.BYTES;
    }

    @Override
    public void close() {
        kept.close();
    }
}
