package org.commissure.models.brainlm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.commissure.models.onnx.OnnxGraph;
import org.commissure.models.onnx.OnnxGraph.Attribute;
import org.commissure.models.weights.ParameterLayout;

/** Linear maps, norms and {@link TransformerLayer} as steps of an ONNX graph, with parameters by their names. */
final class OnnxLayers {
    private final OnnxGraph graph;
    private final ParameterLayout layout;
    private final float[] parameters;
    private final double epsilon;
    private final Set<String> known = new HashSet<>();

    OnnxLayers(OnnxGraph graph, ParameterLayout layout, float[] parameters, double epsilon) {
        this.graph = graph;
        this.layout = layout;
        this.parameters = parameters;
        this.epsilon = epsilon;
    }

    /** A parameter tensor, written the first time it is asked for. */
    String value(String name) {
        if (known.add(name)) {
            ParameterLayout.Tensor tensor = layout.tensor(name);
            graph.constant(name, parameters, tensor.offset(), tensor.length(), tensor.shape());
        }
        return name;
    }

    /** A place along an axis, as a number of no dimension. */
    String index(long place) {
        return graph.step("Squeeze", List.of(graph.integers(place)));
    }

    /** {@code x·Wᵀ + b}. */
    String linear(String x, String name) {
        String weight =
                graph.step("Transpose", List.of(value(name + ".weight")), Attribute.of("perm", List.of(1L, 0L)));
        return graph.step("Add", List.of(graph.step("MatMul", List.of(x, weight)), value(name + ".bias")));
    }

    String norm(String x, String name) {
        return graph.step(
                "LayerNormalization",
                List.of(x, value(name + ".weight"), value(name + ".bias")),
                Attribute.of("axis", -1L),
                Attribute.of("epsilon", epsilon));
    }

    /** @param x {@code [batch, rows, width]} */
    String layer(String x, LayerNames names, Stack stack) {
        boolean postNorm = names.convolution().isPresent();
        String attended = attention(postNorm ? x : norm(x, names.firstNorm()), names, stack);
        String a = graph.step("Add", List.of(x, linear(attended, names.attentionOutput())));
        a = postNorm ? norm(a, names.firstNorm()) : a;
        String wide = gelu(linear(postNorm ? a : norm(a, names.secondNorm()), names.intermediate()));
        String out = graph.step("Add", List.of(a, linear(wide, names.output())));
        return postNorm ? norm(out, names.secondNorm()) : out;
    }

    private String attention(String x, LayerNames names, Stack stack) {
        String query = heads(linear(x, names.self() + ".query"), stack, List.of(0L, 2L, 1L, 3L));
        String key = heads(linear(x, names.self() + ".key"), stack, List.of(0L, 2L, 3L, 1L));
        String value = heads(linear(x, names.self() + ".value"), stack, List.of(0L, 2L, 1L, 3L));
        double scale = 1 / Math.sqrt((double) stack.width() / stack.heads());
        String scores = graph.step("Mul", List.of(graph.step("MatMul", List.of(query, key)), graph.number(scale)));
        String shares = graph.step("Softmax", List.of(scores), Attribute.of("axis", -1L));
        String out = graph.step("MatMul", List.of(shares, value));
        if (names.convolution().isPresent()) {
            out = graph.step(
                    "Add", List.of(out, convolution(value, names.convolution().get(), stack)));
        }
        String rows = graph.step("Transpose", List.of(out), Attribute.of("perm", List.of(0L, 2L, 1L, 3L)));
        return graph.step("Reshape", List.of(rows, graph.integers(0L, 0L, (long) stack.width())));
    }

    /** {@code [batch, rows, width]} to heads, in the order that {@code permutation} of (batch, row, head, size) says. */
    private String heads(String x, Stack stack, List<Long> permutation) {
        String split = graph.step(
                "Reshape",
                List.of(x, graph.integers(0L, 0L, (long) stack.heads(), (long) stack.width() / stack.heads())));
        return graph.step("Transpose", List.of(split), Attribute.of("perm", permutation));
    }

    /** The original's, of each head's values along the rows. */
    private String convolution(String values, String name, Stack stack) {
        long reach = BrainLmLayout.TAPS / 2;
        return graph.step(
                "Conv",
                List.of(values, value(name)),
                Attribute.of("group", (long) stack.heads()),
                Attribute.of("kernel_shape", List.of((long) BrainLmLayout.TAPS, 1L)),
                Attribute.of("pads", List.of(reach, 0L, reach, 0L)));
    }

    /** {@code x·Φ(x)}. */
    private String gelu(String x) {
        String erf = graph.step("Erf", List.of(graph.step("Mul", List.of(x, graph.number(Math.sqrt(0.5))))));
        String phi = graph.step("Mul", List.of(graph.step("Add", List.of(erf, graph.number(1.0))), graph.number(0.5)));
        return graph.step("Mul", List.of(x, phi));
    }
}
