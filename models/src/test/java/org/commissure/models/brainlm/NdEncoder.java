package org.commissure.models.brainlm;

import org.commissure.models.weights.ParameterLayout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The encoder once more, with plain ND4J operations in double precision and no thought of speed: what a reader compares
 * with the paper. GELU is written out from erf, because ND4J's {@code preciseGelu} is wrong (1.9211 at 2; true 1.9546).
 *
 * @param parameters a model's flat vector, or any that holds the same names
 */
record NdEncoder(ParameterLayout layout, float[] parameters, Stack stack, double epsilon) {

    /** Pre-norm: {@code a = x + attention(norm(x)); out = a + feedForward(norm(a))}. */
    INDArray preNormBlock(String prefix, INDArray x) {
        INDArray a = x.add(linear(
                prefix + ".attention.output.dense", attention(prefix, norm(prefix + ".layernorm_before", x), false)));
        return a.add(feedForward(prefix, norm(prefix + ".layernorm_after", a)));
    }

    /** The original's post-norm: {@code a = norm(x + attention(x)); out = norm(a + feedForward(a))}. */
    INDArray postNormBlock(String prefix, INDArray x) {
        INDArray attended = linear(prefix + ".attention.output.dense", attention(prefix, x, true));
        INDArray a = norm(prefix + ".attention.output.LayerNorm", x.add(attended));
        return norm(prefix + ".output.LayerNorm", a.add(feedForward(prefix, a)));
    }

    /** Softmax attention of every head, side by side; with the original's convolution of the values along the tokens. */
    private INDArray attention(String prefix, INDArray x, boolean convolution) {
        String self = prefix + ".attention.self.";
        INDArray q = linear(self + "query", x);
        INDArray k = linear(self + "key", x);
        INDArray v = linear(self + "value", x);
        INDArray out = x.like();
        int size = stack.headSize();
        for (int head = 0; head < stack.heads(); head++) {
            var columns = NDArrayIndex.interval(head * size, (head + 1) * size);
            INDArray values = v.get(NDArrayIndex.all(), columns).dup('c');
            INDArray scores = q.get(NDArrayIndex.all(), columns)
                    .mmul(k.get(NDArrayIndex.all(), columns).transpose())
                    .divi(Math.sqrt(size));
            INDArray attended = softmax(scores).mmul(values);
            if (convolution) {
                attended.addi(convolve(self + "conv.weight", head, values));
            }
            out.get(NDArrayIndex.all(), columns).assign(attended);
        }
        return out;
    }

    /** {@code y[t] = Σ_k w[head, k] · v[t + k − taps/2]}, zero beyond the ends. */
    private INDArray convolve(String name, int head, INDArray values) {
        int taps = BrainLmLayout.TAPS;
        INDArray weights = tensor(name).reshape('c', stack.heads(), taps);
        INDArray out = values.like();
        long rows = values.rows();
        for (int k = 0; k < taps; k++) {
            long shift = k - taps / 2;
            for (long t = Math.max(0, -shift); t < Math.min(rows, rows - shift); t++) {
                out.getRow(t).addi(values.getRow(t + shift).mul(weights.getDouble(head, k)));
            }
        }
        return out;
    }

    private static INDArray softmax(INDArray scores) {
        INDArray e = Transforms.exp(scores.subColumnVector(scores.max(true, 1)), false);
        return e.diviColumnVector(e.sum(true, 1));
    }

    private INDArray feedForward(String prefix, INDArray x) {
        return linear(prefix + ".output.dense", gelu(linear(prefix + ".intermediate.dense", x)));
    }

    /** {@code x/2 · (1 + erf(x/√2))}. */
    static INDArray gelu(INDArray x) {
        INDArray erf = x.div(Math.sqrt(2));
        Nd4j.exec(new Erf(erf, erf));
        return erf.addi(1).muli(x).muli(0.5);
    }

    INDArray norm(String name, INDArray x) {
        INDArray centred = x.subColumnVector(x.mean(true, 1));
        INDArray deviation = Transforms.sqrt(centred.mul(centred).mean(true, 1).addi(epsilon), false);
        return centred.diviColumnVector(deviation)
                .muliRowVector(tensor(name + ".weight"))
                .addiRowVector(tensor(name + ".bias"));
    }

    INDArray linear(String name, INDArray x) {
        return x.mmul(tensor(name + ".weight").transpose()).addiRowVector(tensor(name + ".bias"));
    }

    INDArray tensor(String name) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        double[] values = new double[tensor.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameters[tensor.offset() + i];
        }
        INDArray vector = Nd4j.createFromArray(values);
        return tensor.shape().size() == 2
                ? vector.reshape('c', tensor.shape().get(0), tensor.shape().get(1))
                : vector;
    }

    /** Rows of a flat array as a matrix of doubles. */
    static INDArray matrix(float[] values, int from, int rows, int columns) {
        INDArray matrix = Nd4j.create(DataType.DOUBLE, rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.putScalar(i / columns, i % columns, values[from + i]);
        }
        return matrix;
    }
}
