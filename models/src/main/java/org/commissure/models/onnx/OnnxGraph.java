package org.commissure.models.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx;
import org.commissure.models.durable.AtomicFile;
import org.nd4j.shade.protobuf.ByteString;

/**
 * A graph of float32 values under construction, of operators of ONNX opset 17 (the first with LayerNormalization). The
 * messages are those that ND4J brings along. Values are named by strings; a step returns the name of what it makes. Not
 * thread-safe.
 */
public final class OnnxGraph {
    private static final int OPSET = 17;

    /** That of ONNX 1.12, which brought opset 17. */
    private static final int IR_VERSION = 8;

    /** A protobuf message, and so an ONNX file without others beside it, is shorter than 2 GiB. */
    private static final long LARGEST_BYTES = Integer.MAX_VALUE - (16L << 20);

    private final Onnx.GraphProto.Builder graph;
    private int values;
    private long bytes;

    public OnnxGraph(String name) {
        graph = Onnx.GraphProto.newBuilder().setName(name);
    }

    /** An attribute of a step. */
    public record Attribute(String name, Object value) {
        public static Attribute of(String name, long value) {
            return new Attribute(name, value);
        }

        public static Attribute of(String name, double value) {
            return new Attribute(name, (float) value);
        }

        public static Attribute of(String name, List<Long> values) {
            return new Attribute(name, List.copyOf(values));
        }

        private Onnx.AttributeProto proto() {
            Onnx.AttributeProto.Builder proto = Onnx.AttributeProto.newBuilder().setName(name);
            if (value instanceof Long whole) {
                proto.setType(Onnx.AttributeProto.AttributeType.INT).setI(whole);
            } else if (value instanceof Float real) {
                proto.setType(Onnx.AttributeProto.AttributeType.FLOAT).setF(real);
            } else {
                proto.setType(Onnx.AttributeProto.AttributeType.INTS);
                ((List<?>) value).forEach(each -> proto.addInts((Long) each));
            }
            return proto.build();
        }
    }

    /** An input of float32 values. @param dimensions numbers, or names of what the caller chooses */
    public String floats(String name, Object... dimensions) {
        graph.addInput(value(name, Onnx.TensorProto.DataType.FLOAT, dimensions));
        return name;
    }

    /** An input of int64 values. */
    public String integers(String name, Object... dimensions) {
        graph.addInput(value(name, Onnx.TensorProto.DataType.INT64, dimensions));
        return name;
    }

    /** @throws IllegalArgumentException if the file would grow beyond what ONNX holds */
    public String constant(String name, float[] from, int offset, int length, List<Integer> shape) {
        bytes += (long) length * Float.BYTES;
        if (bytes > LARGEST_BYTES) {
            throw new IllegalArgumentException(
                    "the model has more than 2 GiB of parameters, which one ONNX file cannot hold");
        }
        ByteBuffer raw = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(from, offset, length);
        Onnx.TensorProto.Builder tensor = Onnx.TensorProto.newBuilder()
                .setName(name)
                .setDataType(Onnx.TensorProto.DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(raw.array()));
        shape.forEach(tensor::addDims);
        graph.addInitializer(tensor);
        return name;
    }

    /** A constant of any name. */
    public String constant(float[] from, Integer... shape) {
        return constant(next("constant"), from, 0, from.length, List.of(shape));
    }

    /** A number of no dimension. */
    public String number(double value) {
        return constant(next("constant"), new float[] {(float) value}, 0, 1, List.of());
    }

    /** Numbers of one dimension, such as a shape. */
    public String integers(long... numbers) {
        ByteBuffer raw = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(numbers);
        String name = next("shape");
        graph.addInitializer(Onnx.TensorProto.newBuilder()
                .setName(name)
                .setDataType(Onnx.TensorProto.DataType.INT64.getNumber())
                .addDims(numbers.length)
                .setRawData(ByteString.copyFrom(raw.array())));
        return name;
    }

    /** A step with one result. */
    public String step(String operator, List<String> inputs, Attribute... attributes) {
        return step(operator, inputs, 1, attributes).getFirst();
    }

    /** A step with several results. */
    public List<String> step(String operator, List<String> inputs, int results, Attribute... attributes) {
        Onnx.NodeProto.Builder node =
                Onnx.NodeProto.newBuilder().setOpType(operator).addAllInput(inputs);
        for (int i = 0; i < results; i++) {
            node.addOutput(next(operator));
        }
        for (Attribute attribute : attributes) {
            node.addAttribute(attribute.proto());
        }
        graph.addNode(node);
        return List.copyOf(node.getOutputList());
    }

    /** Gives a value out under a name. @param dimensions as in {@link #floats} */
    public void output(String name, String value, Object... dimensions) {
        graph.addNode(Onnx.NodeProto.newBuilder()
                .setOpType("Identity")
                .addInput(value)
                .addOutput(name));
        graph.addOutput(value(name, Onnx.TensorProto.DataType.FLOAT, dimensions));
    }

    /** Writes the file atomically. @param metadata free-form strings, in the file's metadata */
    public void write(Path file, String description, Map<String, String> metadata) throws IOException {
        Onnx.ModelProto.Builder model = Onnx.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("Commissure")
                .setDocString(description)
                .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph);
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        AtomicFile.write(file, model.build().toByteArray());
    }

    private String next(String what) {
        return what + "_" + values++;
    }

    private static Onnx.ValueInfoProto value(String name, Onnx.TensorProto.DataType type, Object... dimensions) {
        Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            shape.addDim(
                    dimension instanceof Integer size
                            ? Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(size)
                            : Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam(dimension.toString()));
        }
        return Onnx.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(Onnx.TypeProto.newBuilder()
                        .setTensorType(Onnx.TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }
}
