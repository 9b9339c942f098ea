package org.commissure.models.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.commissure.models.brainlm.OnnxPasses;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.onnx.OnnxGraph;
import org.commissure.models.onnx.OnnxGraph.Attribute;
import org.commissure.models.weights.ParameterLayout;

/**
 * {@link FineTunedModel#predict} as an ONNX graph: all windows of one patient as a batch, to the number in the target's own
 * units or a probability of each class. Stateless.
 */
public final class OnnxPrediction {
    private OnnxPrediction() {}

    /**
     * @param folder as {@link FineTunedModel#save} writes it
     * @return with the output {@code prediction}, {@code [outputs]}
     * @throws IOException if a file is missing or is not what it should be
     * @throws IllegalArgumentException with the reason, if the architecture has no such graph
     */
    public static OnnxGraph of(Path folder) throws IOException {
        ModelFolder.Contents contents = ModelFolder.read(folder);
        HeadFile head = HeadFile.read(folder.resolve(HeadFile.NAME));
        OnnxGraph graph = new OnnxGraph("prediction");
        OnnxPasses passes = OnnxPasses.of(graph, contents.configuration(), contents.parameters());
        String row = passes.embeddings().of(head.settings().pooling());
        boolean pooled = head.shape().ofMeanEmbedding();
        String said = outputs(graph, head, pooled ? mean(graph, row, 1) : row);
        String patient = mean(graph, said, 0);
        int outputs = head.settings().classes();
        graph.output(
                "prediction",
                head.settings().task() == Task.REGRESSION ? inUnits(graph, head.scale(), patient) : patient,
                outputs);
        return graph;
    }

    /** Over the batch. @param keep 1 leaves a batch of one */
    private static String mean(OnnxGraph graph, String x, long keep) {
        return graph.step("ReduceMean", List.of(x), Attribute.of("axes", List.of(0L)), Attribute.of("keepdims", keep));
    }

    private static String outputs(OnnxGraph graph, HeadFile head, String row) {
        int width = head.features().mean().length;
        String centred =
                graph.step("Sub", List.of(row, graph.constant(head.features().mean(), width)));
        String x = graph.step(
                "Div", List.of(centred, graph.constant(head.features().deviation(), width)));
        ParameterLayout layout = head.shape().layout(width, head.settings().classes());
        int layers = layout.tensors().size() / 2;
        for (int i = 0; i < layers; i++) {
            String weight = parameter(graph, layout, head.parameters(), "head." + i + ".weight");
            String bias = parameter(graph, layout, head.parameters(), "head." + i + ".bias");
            x = graph.step("Gemm", List.of(x, weight, bias), Attribute.of("transB", 1L));
            x = i < layers - 1 ? graph.step("Relu", List.of(x)) : x;
        }
        return head.settings().task() == Task.REGRESSION
                ? x
                : graph.step("Softmax", List.of(x), Attribute.of("axis", 1L));
    }

    private static String parameter(OnnxGraph graph, ParameterLayout layout, float[] parameters, String name) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        return graph.constant(name, parameters, tensor.offset(), tensor.length(), tensor.shape());
    }

    /** {@link TargetScale#original}. */
    private static String inUnits(OnnxGraph graph, TargetScale scale, String x) {
        String wide = graph.step("Mul", List.of(x, graph.number(scale.divisor())));
        return scale.kind() == TargetScale.Kind.LOG_MAX
                ? graph.step("Sub", List.of(graph.step("Exp", List.of(wide)), graph.number(1.0)))
                : graph.step("Add", List.of(wide, graph.number(scale.mean())));
    }
}
