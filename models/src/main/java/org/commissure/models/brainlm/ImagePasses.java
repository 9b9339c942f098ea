package org.commissure.models.brainlm;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * The ViT-MAE of {@link VitMaeConfiguration}, on patches of an image. The loss is the mean over hidden pixels that show
 * data, after the mean over channels. There is no dropout in this family.
 */
final class ImagePasses implements Passes {
    private final VitMaeConfiguration c;
    private final int width;
    private final int decoderWidth;
    private final Linear embed;
    private final long cls;
    private final long clsGradient;
    private final Encoder encoder;
    private final Linear decoderEmbed;
    private final long maskToken;
    private final long maskTokenGradient;
    private final LayerStack decoder;
    private final Norm decoderNorm;
    private final Linear prediction;
    private final ImagePatches images;
    private final ImageRows rows;
    private final long encoderPlaces;
    private final long decoderPlaces;
    private final long patches;
    private final long encoderRows;
    private final long decoderRows;
    private final long normalised;
    private final long predicted;
    private final long dEncoder;
    private final long dDecoder;
    private final int[] natural;
    private long encoded;
    private long decoderOutput;

    /** @param members of the team; {@code recompute} as in {@link BrainLm} */
    ImagePasses(
            Workspace.Plan plan, ParameterMemory parameters, VitMaeConfiguration c, int members, boolean recompute) {
        this.c = c;
        width = c.encoder().width();
        decoderWidth = c.decoder().width();
        int maximumRows = c.tokens() + 1;
        int patchValues = VitMaeConfiguration.CHANNELS * c.patch() * c.patch();
        var scratch = Scratch.reserve(plan, c.encoder(), c.decoder(), maximumRows, members);
        embed = parameters.linear("vit.embeddings.patch_embeddings.projection", patchValues, width);
        cls = parameters.value("vit.embeddings.cls_token");
        clsGradient = parameters.gradient("vit.embeddings.cls_token");
        encoder = new Encoder(
                plan,
                parameters,
                i -> LayerNames.vitMae(BrainLmLayout.encoderLayer(i)),
                c.encoder(),
                c.layerNormEpsilon(),
                scratch,
                recompute,
                IntStream.range(0, c.tokens()).map(token -> token / c.grid()).toArray());
        decoderEmbed = parameters.linear("decoder.decoder_embed", width, decoderWidth);
        maskToken = parameters.value("decoder.mask_token");
        maskTokenGradient = parameters.gradient("decoder.mask_token");
        decoder = new LayerStack(
                plan,
                parameters,
                i -> LayerNames.vitMae(BrainLmLayout.decoderLayer(i)),
                c.decoder(),
                c.layerNormEpsilon(),
                maximumRows,
                scratch,
                recompute);
        decoderNorm = Norm.reserve(
                plan,
                parameters,
                "decoder.decoder_norm",
                decoderWidth,
                c.layerNormEpsilon(),
                maximumRows,
                scratch.firstPartials());
        prediction = parameters.linear("decoder.decoder_pred", decoderWidth, patchValues);
        images = new ImagePatches(c);
        rows = new ImageRows(c);
        encoderPlaces = plan.reserve((long) c.tokens() * width);
        decoderPlaces = plan.reserve((long) c.tokens() * decoderWidth);
        patches = plan.reserve((long) c.tokens() * patchValues);
        encoderRows = plan.reserve((long) maximumRows * width);
        decoderRows = plan.reserve((long) maximumRows * decoderWidth);
        normalised = plan.reserve((long) maximumRows * decoderWidth);
        predicted = plan.reserve((long) maximumRows * patchValues);
        dEncoder = plan.reserve((long) maximumRows * width);
        dDecoder = plan.reserve((long) maximumRows * decoderWidth);
        natural = IntStream.range(0, maximumRows).toArray();
    }

    @Override
    public void fill(Workspace memory) {
        memory.copyIn(GridEncoding.table(c.grid(), width), 0, encoderPlaces, c.tokens() * width);
        memory.copyIn(GridEncoding.table(c.grid(), decoderWidth), 0, decoderPlaces, c.tokens() * decoderWidth);
    }

    @Override
    public int embeddingWidth() {
        return width;
    }

    @Override
    public boolean isUnused(String tensor) {
        return false;
    }

    @Override
    public void check(Mask mask) {
        if (mask.tokens() != c.tokens() || mask.visibleCount() + mask.maskedCount() != c.tokens()) {
            throw new IllegalArgumentException("the mask covers " + (mask.visibleCount() + mask.maskedCount())
                    + " tokens, but the model's images have " + c.tokens());
        }
        rows.arrange(mask, false);
        if (images.hiddenPixels(rows) == 0) {
            throw new IllegalArgumentException("the mask leaves nothing to predict: it hides border only");
        }
    }

    @Override
    public double addGradient(Machine machine, Example example, float weight, boolean training, long seed) {
        forward(machine, example, false);
        double error = images.replaceByGradient(machine.memory(), rows, example.window(), predicted, weight);
        backward(machine);
        return error;
    }

    @Override
    public double reconstruct(Machine machine, Example example, float[] predictionOut) {
        float[] window = example.window();
        forward(machine, example, false);
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        images.read(machine.memory(), rows, predicted, false, predictionOut);
        return images.replaceByGradient(machine.memory(), rows, window, predicted, 1);
    }

    @Override
    public void logits(Machine machine, Example example, float[] out) {
        forward(machine, example, true);
        images.read(machine.memory(), rows, predicted, true, out);
    }

    @Override
    public Embedding embed(Machine machine, Example visible) {
        encode(machine, visible, true);
        return encoder.embedding(machine.memory());
    }

    @Override
    public void addEmbeddingGradient(Machine machine, Example visible, Pooling pooling, float[] dEmbedding) {
        encode(machine, visible, true);
        encoder.spread(machine.memory(), pooling, dEmbedding, dEncoder);
        encoderBackward(machine);
    }

    @Override
    public void inputGradient(Machine machine, Example example, float[] windowGradientOut) {
        Workspace w = machine.memory();
        machine.team()
                .run(
                        rows.visible(),
                        Workspace.ALIGNMENT,
                        (from, to, member) -> embed.inputGradient(
                                w, dEncoder + (from + 1L) * width, to - from, 0, patches + (long) from * embed.in()));
        Arrays.fill(windowGradientOut, 0);
        for (int i = 0; i < rows.visible(); i++) {
            images.addGradient(w, patches + (long) i * embed.in(), rows.token(i), hidesEnd(), windowGradientOut);
        }
    }

    /** Whether the frames that the mode hides in visible tokens were set to 0. */
    private boolean hidesEnd() {
        return rows.visible() < rows.count();
    }

    /** A token covers several parcels; each has an equal part of what its token gets. */
    @Override
    public AttentionMaps attention(Machine machine, Example visible, int layer) {
        encoder.requireLayer(layer);
        rows.arrange(visible.mask(), true);
        embedTokens(machine, visible.window());
        AttentionMaps byRow = encoder.attention(machine, encoderRows, layer);
        return new AttentionMaps(byRow.cls(), images.spreadOverParcels(byRow.parcels()));
    }

    /** @param everything all tokens are read, not only those with something to predict */
    private void forward(Machine machine, Example example, boolean everything) {
        encode(machine, example, everything);
        Workspace w = machine.memory();
        int visibleRows = 1 + rows.visible();
        int all = 1 + rows.count();
        machine.team()
                .run(
                        visibleRows,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> decoderEmbed.forward(
                                w, encoded + (long) from * width, to - from, decoderRows + (long) from * decoderWidth));
        machine.team().run(rows.count(), Workspace.ALIGNMENT, (from, to, member) -> {
            for (int i = from; i < to; i++) {
                long row = decoderRows + (i + 1L) * decoderWidth;
                if (i >= rows.visible()) {
                    w.copy(maskToken, row, decoderWidth);
                }
                Elementwise.addScaled(w, 1, decoderPlaces + (long) rows.token(i) * decoderWidth, row, decoderWidth);
            }
        });
        int first = 1 + rows.firstRead();
        decoderOutput = decoder.forward(machine, decoderRows, all, first, natural);
        machine.team().run(all - first, Workspace.ALIGNMENT, (from, to, member) -> {
            decoderNorm.forward(w, decoderOutput, first + from, to - from, normalised);
            prediction.forward(
                    w,
                    normalised + (long) (first + from) * decoderWidth,
                    to - from,
                    predicted + (long) from * prediction.out());
        });
    }

    private void encode(Machine machine, Example example, boolean everything) {
        rows.arrange(example.mask(), everything);
        embedTokens(machine, example.window());
        encoded = encoder.forward(machine, encoderRows, 1 + rows.visible());
    }

    private void embedTokens(Machine machine, float[] window) {
        Workspace w = machine.memory();
        w.copy(cls, encoderRows, width); // the encoding of its place is 0
        for (int i = 0; i < rows.visible(); i++) {
            images.write(w, window, rows.token(i), hidesEnd(), patches + (long) i * embed.in());
        }
        machine.team().run(rows.visible(), Workspace.ALIGNMENT, (from, to, member) -> {
            long at = encoderRows + (from + 1L) * width;
            embed.forward(w, patches + (long) from * embed.in(), to - from, at);
            for (int i = from; i < to; i++) {
                long place = encoderPlaces + (long) rows.token(i) * width;
                Elementwise.addScaled(w, 1, place, encoderRows + (i + 1L) * width, width);
            }
        });
    }

    /** From the gradient of the predictions, which has taken their place. */
    private void backward(Machine machine) {
        Workspace w = machine.memory();
        int all = 1 + rows.count();
        int first = 1 + rows.firstRead();
        int read = all - first;
        long skip = (long) first * decoderWidth;
        prediction.addParameterGradients(w, machine.team(), normalised + skip, read, predicted);
        w.zero(dDecoder, (long) all * decoderWidth);
        machine.team().run(read, Workspace.ALIGNMENT, (from, to, member) -> {
            long at = dDecoder + (long) (first + from) * decoderWidth;
            prediction.inputGradient(w, predicted + (long) from * prediction.out(), to - from, 0, at);
            decoderNorm.backward(w, decoderOutput, first + from, to - from, dDecoder, dDecoder, false, member);
        });
        decoderNorm.reduce(machine);
        decoder.backward(machine, all, first, natural, dDecoder);
        int visibleRows = 1 + rows.visible();
        long masked = dDecoder + (long) visibleRows * decoderWidth;
        machine.team().run(decoderWidth, Workspace.ALIGNMENT, (from, to, member) -> {
            Elementwise.addColumnSums(w, masked, all - visibleRows, decoderWidth, from, to, maskTokenGradient);
            decoderEmbed.addParameterGradients(w, encoded, visibleRows, dDecoder, from, to);
        });
        machine.team()
                .run(
                        visibleRows,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> decoderEmbed.inputGradient(
                                w,
                                dDecoder + (long) from * decoderWidth,
                                to - from,
                                0,
                                dEncoder + (long) from * width));
        encoderBackward(machine);
    }

    /** From the gradient of the normalised encoder output, in {@code dEncoder}, to the parameters'. */
    private void encoderBackward(Machine machine) {
        encoder.backward(machine, 1 + rows.visible(), dEncoder);
        Elementwise.addScaled(machine.memory(), 1, dEncoder, clsGradient, width);
        embed.addParameterGradients(machine.memory(), machine.team(), patches, rows.visible(), dEncoder + width);
    }
}
