package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Depthwise convolution of one head's values along the token axis, zero-padded, without bias: {@code out[p] += Σ_k
 * w[k]·v[p + k − taps/2]} (Nyströmformer, Xiong et al. 2021). Positions and rows need not agree: {@code order[p]} is
 * the row at position p.
 */
public final class TokenConvolution {
    private TokenConvolution() {}

    /**
     * Adds to the rows of {@code out} whose number is at least {@code firstRow}, for the positions {@code [from, to)}.
     *
     * @param values {@code [rows, width]}, {@code valueStride} apart; {@code out} likewise with {@code outStride}
     * @param order row at each position
     */
    public static void forward(
            Workspace w,
            long weights,
            int taps,
            long values,
            int valueStride,
            int width,
            int[] order,
            int positions,
            int from,
            int to,
            int firstRow,
            long out,
            int outStride) {
        MemorySegment memory = w.memory();
        int reach = taps / 2;
        for (int p = from; p < to; p++) {
            if (order[p] < firstRow) {
                continue;
            }
            long target = out + (long) order[p] * outStride;
            int low = Math.max(0, p - reach);
            int high = Math.min(positions - 1, p + reach);
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, width);
                FloatVector sum = Lanes.load(memory, target + j, mask);
                for (int q = low; q <= high; q++) {
                    FloatVector v = Lanes.load(memory, values + (long) order[q] * valueStride + j, mask);
                    sum = v.fma(FloatVector.broadcast(Lanes.SPECIES, w.get(weights + q - p + reach)), sum);
                }
                Lanes.store(sum, memory, target + j, mask);
            }
        }
    }

    /**
     * Adds the gradients of values and weights.
     *
     * @param dOut gradient of {@code out}; rows before {@code firstRow} are not read
     */
    public static void backward(
            Workspace w,
            long weights,
            int taps,
            long values,
            int valueStride,
            int width,
            int[] order,
            int positions,
            int firstRow,
            long dOut,
            int outStride,
            long dValues,
            long dWeights) {
        MemorySegment memory = w.memory();
        int reach = taps / 2;
        for (int q = 0; q < positions; q++) {
            long target = dValues + (long) order[q] * valueStride;
            int low = Math.max(0, q - reach);
            int high = Math.min(positions - 1, q + reach);
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, width);
                FloatVector sum = Lanes.load(memory, target + j, mask);
                for (int p = low; p <= high; p++) {
                    if (order[p] >= firstRow) {
                        FloatVector g = Lanes.load(memory, dOut + (long) order[p] * outStride + j, mask);
                        sum = g.fma(FloatVector.broadcast(Lanes.SPECIES, w.get(weights + q - p + reach)), sum);
                    }
                }
                Lanes.store(sum, memory, target + j, mask);
            }
        }
        for (int k = 0; k < taps; k++) {
            FloatVector sum = FloatVector.zero(Lanes.SPECIES);
            int low = Math.max(0, reach - k);
            int high = Math.min(positions, positions + reach - k);
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, width);
                for (int p = low; p < high; p++) {
                    if (order[p] >= firstRow) {
                        FloatVector g = Lanes.load(memory, dOut + (long) order[p] * outStride + j, mask);
                        long v = values + (long) order[p + k - reach] * valueStride + j;
                        sum = g.fma(Lanes.load(memory, v, mask), sum);
                    }
                }
            }
            w.set(dWeights + k, w.get(dWeights + k) + Lanes.sum(sum));
        }
    }
}
