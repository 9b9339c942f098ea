package org.commissure.models.brainlm;

import java.util.List;
import java.util.function.IntFunction;
import org.commissure.models.onnx.OnnxGraph;
import org.commissure.models.onnx.OnnxGraph.Attribute;

/**
 * The forward passes of {@link TokenPasses} as an ONNX graph over a batch of windows, which share the mask. Values are
 * {@code [batch, rows, width]}. Parameters have the names of the layout. Not thread-safe.
 */
public final class OnnxPasses {
    /** Slope of the head's LeakyReLU below 0, as in {@code Elementwise}. */
    private static final double LEAK = 0.1;

    private final OnnxGraph graph;
    private final BrainLmConfiguration c;
    private final OnnxLayers layers;
    private final String windows;
    private final String feature;

    private OnnxPasses(OnnxGraph graph, BrainLmConfiguration c, float[] parameters) {
        this.graph = graph;
        this.c = c;
        layers = new OnnxLayers(graph, c.layout(), parameters, c.layerNormEpsilon());
        windows = graph.floats("windows", "batch", c.parcels(), c.windowFrames());
        feature = c.repetitionTimeEmbedding() ? feature(graph) : "";
    }

    /**
     * @param parameters in the order of the configuration's layout
     * @throws IllegalArgumentException with the reason, if this architecture has no such graph
     */
    public static OnnxPasses of(OnnxGraph graph, ModelConfiguration configuration, float[] parameters) {
        if (configuration instanceof BrainLmConfiguration c) {
            return new OnnxPasses(graph, c, parameters);
        }
        throw new IllegalArgumentException(
                "a model of preset " + configuration.preset()
                        + " is not written as ONNX; BrainLM's token models are (presets commissure-small, commissure-base, brainlm-13m)");
    }

    private static String feature(OnnxGraph graph) {
        String seconds = graph.floats("repetition_time_seconds", 1);
        return graph.step("Log", List.of(graph.step("Div", List.of(seconds, graph.number(2.0)))));
    }

    /** CLS, and the mean of all other rows, of windows that are fully visible: {@code [batch, width]} each. */
    public Pooled embeddings() {
        String rows = layers.norm(encoder(tokens()), "vit.layernorm");
        String cls = graph.step("Gather", List.of(rows, layers.index(0)), Attribute.of("axis", 1L));
        String others = slice(rows, 1, Long.MAX_VALUE, 1);
        return new Pooled(
                cls,
                graph.step(
                        "ReduceMean",
                        List.of(others),
                        Attribute.of("axes", List.of(1L)),
                        Attribute.of("keepdims", 0L)));
    }

    /** @param cls of the CLS row @param mean of all other rows */
    public record Pooled(String cls, String mean) {
        public String of(Pooling pooling) {
            return pooling == Pooling.CLS ? cls : mean;
        }
    }

    /** Of the encoder. */
    public int width() {
        return c.encoder().width();
    }

    /** Frames of one token. */
    public int patchFrames() {
        return c.patchFrames();
    }

    /**
     * What the model predicts for masked tokens, {@code [batch, masked, patchFrames]}; adds the inputs {@code visible} and
     * {@code masked}, places of tokens that together are all of them, each once.
     */
    public String reconstruction() {
        String visible = graph.integers("visible", "visible");
        String masked = graph.integers("masked", "masked");
        String seen = graph.step("Gather", List.of(tokens(), visible), Attribute.of("axis", 1L));
        String encoded = layers.norm(encoder(seen), "vit.layernorm");
        String narrow = layers.linear(encoded, "decoder.decoder_embed");
        String hidden = graph.step("Expand", List.of(layers.value("decoder.mask_token"), maskShape(masked)));
        String all = graph.step("Concat", List.of(narrow, hidden), Attribute.of("axis", 1L));
        String body = graph.step("Gather", List.of(all, order(visible, masked)), Attribute.of("axis", 1L));
        String placed = graph.step(
                "Add",
                List.of(
                        body,
                        place("decoder.decoder_xyz_projection", c.decoder().width())));
        if (c.repetitionTimeEmbedding()) {
            placed = graph.step("Add", List.of(placed, repetition(BrainLmLayout.DECODER_REPETITION_TIME)));
        }
        String cls = slice(narrow, 0, 1, 1);
        String rows = graph.step("Concat", List.of(cls, placed), Attribute.of("axis", 1L));
        rows = stack(rows, c.decoder(), BrainLmLayout::decoderLayer);
        String read = graph.step(
                "Gather",
                List.of(rows, graph.step("Add", List.of(masked, graph.integers(1L)))),
                Attribute.of("axis", 1L));
        String first = layers.linear(layers.norm(read, "decoder.decoder_norm"), "decoder.decoder_pred1");
        String activated = graph.step("LeakyRelu", List.of(first), Attribute.of("alpha", LEAK));
        return layers.linear(activated, "decoder.decoder_pred2");
    }

    /** {@code [batch, masked, width]}. */
    private String maskShape(String masked) {
        String batch = slice(graph.step("Shape", List.of(windows)), 0, 1, 0);
        String count = graph.step("Shape", List.of(masked));
        return graph.step(
                "Concat",
                List.of(batch, count, graph.integers((long) c.decoder().width())),
                Attribute.of("axis", 0L));
    }

    private String slice(String x, long from, long to, long axis) {
        return graph.step("Slice", List.of(x, graph.integers(from), graph.integers(to), graph.integers(axis)));
    }

    /** Where each token's row stands behind CLS, visible and masked ones, by token. */
    private String order(String visible, String masked) {
        String tokens = graph.step("Concat", List.of(visible, masked), Attribute.of("axis", 0L));
        String places = graph.step(
                        "TopK",
                        List.of(tokens, graph.integers((long) c.tokens())),
                        2,
                        Attribute.of("largest", 0L),
                        Attribute.of("sorted", 1L))
                .getLast();
        return graph.step("Add", List.of(places, graph.integers(1L)));
    }

    /** All tokens with place and time: {@code [batch, tokens, width]}. */
    private String tokens() {
        String patches =
                graph.step("Reshape", List.of(windows, graph.integers(-1L, (long) c.tokens(), (long) c.patchFrames())));
        String rows = layers.linear(patches, "vit.embeddings.signal_embedding_projection");
        rows = graph.step("Add", List.of(rows, place("vit.embeddings.xyz_embedding_projection", width())));
        return c.repetitionTimeEmbedding()
                ? graph.step("Add", List.of(rows, repetition(BrainLmLayout.ENCODER_REPETITION_TIME)))
                : rows;
    }

    /** Behind the encoder's layers, CLS before the tokens; before the last norm. */
    private String encoder(String tokens) {
        String batch = slice(graph.step("Shape", List.of(windows)), 0, 1, 0);
        String shape =
                graph.step("Concat", List.of(batch, graph.integers(1L, (long) width())), Attribute.of("axis", 0L));
        String cls = graph.step("Expand", List.of(layers.value("vit.embeddings.cls_token"), shape));
        String rows = graph.step("Concat", List.of(cls, tokens), Attribute.of("axis", 1L));
        return stack(rows, c.encoder(), BrainLmLayout::encoderLayer);
    }

    private String stack(String rows, Stack stack, IntFunction<String> prefix) {
        String x = rows;
        for (int i = 0; i < stack.layers(); i++) {
            boolean original = c.variant() == BrainLmConfiguration.Variant.ORIGINAL;
            LayerNames names = original ? LayerNames.original(prefix.apply(i)) : LayerNames.commissure(prefix.apply(i));
            x = layers.layer(x, names, stack);
        }
        return x;
    }

    /** What place and time add to each token, {@code [tokens, width]}. */
    private String place(String projection, int width) {
        boolean original = c.variant() == BrainLmConfiguration.Variant.ORIGINAL;
        float[][] places = original ? c.coordinatesMillimetres() : c.unitCoordinates();
        float[] coordinates = new float[c.tokens() * 3];
        float[] time = TimeEncoding.table(c.patches(), width);
        float[] times = new float[c.tokens() * width];
        for (int token = 0; token < c.tokens(); token++) {
            System.arraycopy(places[token / c.patches()], 0, coordinates, 3 * token, 3);
            System.arraycopy(time, token % c.patches() * width, times, token * width, width);
        }
        return graph.step(
                "Add",
                List.of(
                        layers.linear(graph.constant(coordinates, c.tokens(), 3), projection),
                        graph.constant(times, c.tokens(), width)));
    }

    private String repetition(String name) {
        String vector = graph.step("Reshape", List.of(layers.value(name), graph.integers(-1L)));
        return graph.step("Mul", List.of(vector, feature));
    }
}
