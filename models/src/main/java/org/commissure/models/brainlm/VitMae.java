package org.commissure.models.brainlm;

import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Team;
import org.commissure.models.tensor.Workspace;

/**
 * The ViT-MAE of the 111M and 650M models on the engine's layers; what {@link BrainLm} says of memory, threads and
 * repeatability holds here too. The loss is the mean over hidden pixels that show data, after the mean over channels.
 * There is no dropout in this family.
 */
public final class VitMae implements TrainableModel {
    private final VitMaeConfiguration c;
    private final int width;
    private final int decoderWidth;
    private final ParameterMemory parameters;
    private final Linear embed;
    private final long cls;
    private final long clsGradient;
    private final LayerStack encoder;
    private final Norm encoderNorm;
    private final Linear decoderEmbed;
    private final long maskToken;
    private final long maskTokenGradient;
    private final LayerStack decoder;
    private final Norm decoderNorm;
    private final Linear prediction;
    private final ImagePatches images;
    private final ImageRows rows;
    private final InPlaceTraining training;
    private final EncoderReadout readout;
    private final long encoderPlaces;
    private final long decoderPlaces;
    private final long patches;
    private final long encoderRows;
    private final long encoded;
    private final long decoderRows;
    private final long normalised;
    private final long predicted;
    private final long dEncoder;
    private final long dDecoder;
    private final int[] natural;
    private final Machine machine;
    private final Workspace w;
    private boolean loaded;
    private long encoderOutput;
    private long decoderOutput;

    /**
     * Reserves everything the model will ever need; call {@link #loadParameters} next.
     *
     * @param threads that share the work, the caller's included
     * @param recompute run each layer's forward pass again in the backward pass instead of keeping its activations
     */
    public VitMae(VitMaeConfiguration configuration, int threads, boolean recompute) {
        c = configuration;
        width = c.encoder().width();
        decoderWidth = c.decoder().width();
        int maximumRows = c.tokens() + 1;
        int patchValues = VitMaeConfiguration.CHANNELS * c.patch() * c.patch();
        var plan = new Workspace.Plan();
        parameters = ParameterMemory.reserve(plan, c.layout());
        var scratch = Scratch.reserve(plan, c.encoder(), c.decoder(), maximumRows, threads);
        embed = parameters.linear("vit.embeddings.patch_embeddings.projection", patchValues, width);
        cls = parameters.value("vit.embeddings.cls_token");
        clsGradient = parameters.gradient("vit.embeddings.cls_token");
        encoder = new LayerStack(
                plan,
                parameters,
                i -> LayerNames.vitMae(BrainLmLayout.encoderLayer(i)),
                c.encoder(),
                c.layerNormEpsilon(),
                maximumRows,
                scratch,
                recompute);
        encoderNorm = norm(plan, "vit.layernorm", width, scratch);
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
        decoderNorm = norm(plan, "decoder.decoder_norm", decoderWidth, scratch);
        prediction = parameters.linear("decoder.decoder_pred", decoderWidth, patchValues);
        images = new ImagePatches(c);
        rows = new ImageRows(c);
        training = new InPlaceTraining(plan, parameters, name -> false);
        readout = new EncoderReadout(
                plan,
                c.encoder(),
                encoder,
                IntStream.range(0, c.tokens()).map(token -> token / c.grid()).toArray());
        encoderPlaces = plan.reserve((long) c.tokens() * width);
        decoderPlaces = plan.reserve((long) c.tokens() * decoderWidth);
        patches = plan.reserve((long) c.tokens() * patchValues);
        encoderRows = plan.reserve((long) maximumRows * width);
        encoded = plan.reserve((long) maximumRows * width);
        decoderRows = plan.reserve((long) maximumRows * decoderWidth);
        normalised = plan.reserve((long) maximumRows * decoderWidth);
        predicted = plan.reserve((long) maximumRows * patchValues);
        dEncoder = plan.reserve((long) maximumRows * width);
        dDecoder = plan.reserve((long) maximumRows * decoderWidth);
        natural = IntStream.range(0, maximumRows).toArray();
        machine = new Machine(plan.allocate(), new Team(threads));
        w = machine.memory();
        w.copyIn(GridEncoding.table(c.grid(), width), 0, encoderPlaces, c.tokens() * width);
        w.copyIn(GridEncoding.table(c.grid(), decoderWidth), 0, decoderPlaces, c.tokens() * decoderWidth);
    }

    private Norm norm(Workspace.Plan plan, String name, int size, Scratch scratch) {
        return Norm.reserve(
                plan, parameters, name, size, c.layerNormEpsilon(), c.tokens() + 1, scratch.firstPartials());
    }

    @Override
    public VitMaeConfiguration configuration() {
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
        double error = addGradient(window, mask, 1);
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
        return error;
    }

    @Override
    public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        check(window, mask);
        Checks.length("predictionOut", predictionOut, c.windowLength());
        forward(window, mask, false);
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        images.read(w, rows, predicted, false, predictionOut);
        return images.replaceByGradient(w, rows, window, predicted, 1);
    }

    @Override
    public void logits(float[] window, Mask mask, float[] out) {
        check(window, mask);
        Checks.length("out", out, c.windowLength());
        forward(window, mask, true);
        images.read(w, rows, predicted, true, out);
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
                (example, weight, seed) -> addGradient(example.window(), example.mask(), weight));
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
        checkWindow(window);
        encode(window, Mask.none(c.tokens()), true);
        return readout.embedding(w, encoded);
    }

    @Override
    public void embeddingGradient(float[] window, Pooling pooling, float[] dEmbedding, float[] gradientOut) {
        checkWindow(window);
        Checks.length("dEmbedding", dEmbedding, width);
        Checks.length("gradientOut", gradientOut, parameterCount());
        training.clear(machine);
        encode(window, Mask.none(c.tokens()), true);
        readout.spread(w, pooling, dEmbedding, dEncoder);
        encoderBackward();
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
    }

    /** A token covers several parcels; each has an equal part of what its token gets. */
    @Override
    public AttentionMaps attention(float[] window, int layer) {
        checkWindow(window);
        encoder.requireLayer(layer);
        rows.arrange(Mask.none(c.tokens()), true);
        embedTokens(window);
        encoder.forward(machine, encoderRows, c.tokens() + 1, 0, natural, layer + 1);
        AttentionMaps byRow = readout.attention(w, layer);
        return new AttentionMaps(byRow.cls(), images.spreadOverParcels(byRow.parcels()));
    }

    @Override
    public void close() {
        machine.close();
    }

    private double addGradient(float[] window, Mask mask, float weight) {
        forward(window, mask, false);
        double error = images.replaceByGradient(w, rows, window, predicted, weight);
        backward();
        return error;
    }

    private void forward(float[] window, Mask mask, boolean everything) {
        encode(window, mask, everything);
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

    private void encode(float[] window, Mask mask, boolean everything) {
        rows.arrange(mask, everything);
        embedTokens(window);
        int all = 1 + rows.visible();
        encoderOutput = encoder.forward(machine, encoderRows, all, 0, natural);
        machine.team()
                .run(
                        all,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> encoderNorm.forward(w, encoderOutput, from, to - from, encoded));
    }

    private void embedTokens(float[] window) {
        w.copy(cls, encoderRows, width); // the encoding of its place is 0
        for (int i = 0; i < rows.visible(); i++) {
            images.write(w, window, rows.token(i), rows.visible() < rows.count(), patches + (long) i * embed.in());
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
    private void backward() {
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
        encoderBackward();
    }

    private void encoderBackward() {
        int all = 1 + rows.visible();
        machine.team()
                .run(
                        all,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> encoderNorm.backward(
                                w, encoderOutput, from, to - from, dEncoder, dEncoder, false, member));
        encoderNorm.reduce(machine);
        encoder.backward(machine, all, 0, natural, dEncoder);
        Elementwise.addScaled(w, 1, dEncoder, clsGradient, width);
        embed.addParameterGradients(w, machine.team(), patches, rows.visible(), dEncoder + width);
    }

    private void check(float[] window, Mask mask) {
        checkWindow(window);
        if (mask.tokens() != c.tokens() || mask.visibleCount() + mask.maskedCount() != c.tokens()) {
            throw new IllegalArgumentException("the mask covers " + (mask.visibleCount() + mask.maskedCount())
                    + " tokens, but the model's images have " + c.tokens());
        }
        rows.arrange(mask, false);
        if (images.hiddenPixels(rows) == 0) {
            throw new IllegalArgumentException("the mask leaves nothing to predict: it hides border only");
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
