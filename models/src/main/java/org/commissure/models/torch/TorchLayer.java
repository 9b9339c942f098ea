package org.commissure.models.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.commissure.models.brainlm.Stack;

/**
 * One Transformer layer on rows {@code [batch · rows, width]}, in the two forms of the family: pre-norm, or the
 * original's post-norm with a depthwise convolution of the values along the rows. Both use libtorch's fused attention.
 */
final class TorchLayer {
    private static final int QUERY_BLOCK = 256;

    private final FlatParameters parameters;
    private final String prefix;
    private final String self;
    private final Stack stack;
    private final double epsilon;
    private final boolean original;

    /**
     * @param prefix of the layer's state-dict names
     * @param self prefix of {@code query}, {@code key} and {@code value}
     * @param original post-norm, with the convolution
     */
    TorchLayer(FlatParameters parameters, String prefix, String self, Stack stack, double epsilon, boolean original) {
        this.parameters = parameters;
        this.prefix = prefix;
        this.self = self;
        this.stack = stack;
        this.epsilon = epsilon;
        this.original = original;
    }

    /**
     * @param x {@code [batch · rows, width]}
     * @return as {@code x}
     */
    Tensor forward(Tensor x, long batch, long rows) {
        if (original) {
            Tensor a = norm(parameters, prefix + ".attention.output.LayerNorm", x.add(attend(x, batch, rows)), epsilon);
            return norm(parameters, prefix + ".output.LayerNorm", a.add(feedForward(a)), epsilon);
        }
        Tensor a = x.add(attend(before(x), batch, rows));
        return a.add(feedForward(norm(parameters, prefix + ".layernorm_after", a, epsilon)));
    }

    private Tensor before(Tensor x) {
        return original ? x : norm(parameters, prefix + ".layernorm_before", x, epsilon);
    }

    private Tensor attend(Tensor x, long batch, long rows) {
        Tensor value = heads("value", x, batch, rows);
        Tensor context =
                torch.scaled_dot_product_attention(heads("query", x, batch, rows), heads("key", x, batch, rows), value);
        if (original) {
            context = context.add(convolved(value, batch, rows));
        }
        return linear(
                parameters,
                prefix + ".attention.output.dense",
                context.transpose(1, 2).reshape(batch * rows, stack.width()));
    }

    /**
     * Each head's values convolved along the rows with that head's taps, zeros beyond the ends. One-dimensional, columns
     * as batch: oneDNN's gradient of the taps is wrong by a tenth if the convolution is written with a {@code [taps, 1]}
     * kernel as the original does, and right (and a third of the native kernel's time) in this form.
     */
    private Tensor convolved(Tensor value, long batch, long rows) {
        Tensor taps = parameters.tensor(self + "conv.weight");
        long count = taps.size(2);
        Tensor columns = value.permute(0, 3, 1, 2).reshape(batch * stack.headSize(), stack.heads(), rows);
        return torch.conv1d(
                        columns,
                        taps.view(stack.heads(), 1, count),
                        new TensorOptional(),
                        new long[] {1},
                        new long[] {count / 2},
                        new long[] {1},
                        stack.heads())
                .view(batch, stack.headSize(), stack.heads(), rows)
                .permute(0, 2, 3, 1);
    }

    private Tensor feedForward(Tensor x) {
        return linear(
                parameters,
                prefix + ".output.dense",
                torch.gelu(linear(parameters, prefix + ".intermediate.dense", x)));
    }

    /** {@code [batch, heads, rows, headSize]} */
    private Tensor heads(String projection, Tensor x, long batch, long rows) {
        return linear(parameters, self + projection, x)
                .view(batch, rows, stack.heads(), stack.headSize())
                .transpose(1, 2);
    }

    /**
     * Attention probabilities of a block of rows, averaged over heads.
     *
     * @param x this layer's input, {@code [rows, width]}
     */
    Probabilities probabilities(Tensor x) {
        long rows = x.size(0);
        Tensor normalised = before(x);
        Tensor query = heads("query", normalised, 1, rows).mul(new Scalar(1 / Math.sqrt(stack.headSize())));
        Tensor key = heads("key", normalised, 1, rows).transpose(2, 3);
        return (first, count) -> torch.softmax(torch.matmul(query.narrow(2, first, count), key), -1)
                .mean(new long[] {0, 1});
    }

    /** Rows of a layer's attention matrix. */
    @FunctionalInterface
    interface Probabilities {
        /** As many rows as fill a block are best. */
        int BLOCK = QUERY_BLOCK;

        /** @return {@code [count, rows]} */
        Tensor rows(long first, long count);
    }

    static Tensor linear(FlatParameters parameters, String name, Tensor x) {
        return torch.linear(
                x, parameters.tensor(name + ".weight"), new TensorOptional(parameters.tensor(name + ".bias")));
    }

    static Tensor norm(FlatParameters parameters, String name, Tensor x, double epsilon) {
        return torch.layer_norm(
                x,
                new long[] {x.size(1)},
                new TensorOptional(parameters.tensor(name + ".weight")),
                new TensorOptional(parameters.tensor(name + ".bias")),
                epsilon,
                true);
    }
}
