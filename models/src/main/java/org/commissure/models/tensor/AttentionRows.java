package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Row kernels of tiled exact attention (Dao et al. 2022; Milakov &amp; Gimelshein 2018 for the running softmax). A tile
 * holds the scores of some queries against some keys; its rows are {@code stride} apart, a multiple of {@link
 * Workspace#ALIGNMENT}.
 */
public final class AttentionRows {
    private AttentionRows() {}

    /**
     * Turns a tile's scores into {@code exp(score − m)}, where m is the largest score of the row so far, and rescales
     * what earlier tiles gave to it.
     *
     * @param maxima {@code [rows]}: m; {@code sums}: Σ exp(score − m); both are begun anew if {@code first}
     * @param out {@code [rows, width]}, {@code outStride} apart: sums of weighted values, brought to the new m
     */
    public static void exponentiate(
            Workspace w,
            long tile,
            int rows,
            int columns,
            int stride,
            boolean first,
            long maxima,
            long sums,
            long out,
            int width,
            int outStride) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            long at = tile + (long) row * stride;
            for (int j = columns; j < stride; j++) {
                w.set(at + j, Float.NEGATIVE_INFINITY);
            }
            float before = first ? Float.NEGATIVE_INFINITY : w.get(maxima + row);
            float maximum = Math.max(before, maximum(memory, at, stride));
            float sum = exponentiateRow(memory, at, stride, maximum);
            if (!first && maximum > before) {
                float factor = (float) Math.exp(before - maximum);
                scale(memory, out + (long) row * outStride, width, factor);
                w.set(sums + row, w.get(sums + row) * factor + sum);
            } else {
                w.set(sums + row, first ? sum : w.get(sums + row) + sum);
            }
            w.set(maxima + row, maximum);
        }
    }

    private static float maximum(MemorySegment memory, long from, int stride) {
        FloatVector largest = Lanes.load(memory, from);
        for (int j = Lanes.WIDTH; j < stride; j += Lanes.WIDTH) {
            largest = largest.max(Lanes.load(memory, from + j));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    private static float exponentiateRow(MemorySegment memory, long from, int stride, float maximum) {
        FloatVector total = FloatVector.zero(Lanes.SPECIES);
        for (int j = 0; j < stride; j += Lanes.WIDTH) {
            FloatVector e = Lanes.exponential(Lanes.load(memory, from + j).sub(maximum));
            Lanes.store(e, memory, from + j);
            total = total.add(e);
        }
        return Lanes.sum(total);
    }

    private static void scale(MemorySegment memory, long from, int width, float factor) {
        for (int j = 0; j < width; j += Lanes.WIDTH) {
            VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, width);
            Lanes.store(Lanes.load(memory, from + j, mask).mul(factor), memory, from + j, mask);
        }
    }

    /**
     * Divides each row of {@code out} by its sum and leaves {@code log Σ exp(score)} in {@code logSums}.
     *
     * @param logSums {@code [rows]}
     */
    public static void normalise(
            Workspace w, int rows, long maxima, long sums, long out, int width, int outStride, long logSums) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            float sum = w.get(sums + row);
            scale(memory, out + (long) row * outStride, width, 1 / sum);
            w.set(logSums + row, (float) (w.get(maxima + row) + Math.log(sum)));
        }
    }

    /** Turns scores into probabilities, given each row's {@code logSums}. */
    public static void probabilities(Workspace w, long tile, int rows, int stride, long logSums) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            long at = tile + (long) row * stride;
            float shift = w.get(logSums + row);
            for (int j = 0; j < stride; j += Lanes.WIDTH) {
                Lanes.store(Lanes.exponential(Lanes.load(memory, at + j).sub(shift)), memory, at + j);
            }
        }
    }

    /** {@code products[row] = Σ a∘b} over rows of {@code [rows, width]}, both {@code stride} apart. */
    public static void rowProducts(Workspace w, long a, long b, int rows, int width, int stride, long products) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            FloatVector sum = FloatVector.zero(Lanes.SPECIES);
            long at = (long) row * stride;
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, width);
                sum = Lanes.load(memory, a + at + j, mask).fma(Lanes.load(memory, b + at + j, mask), sum);
            }
            w.set(products + row, Lanes.sum(sum));
        }
    }

    /**
     * Turns scores into probabilities P, and the gradient of P into that of the scores: {@code dS = P ∘ (dP − D)}, where
     * {@code D = Σ dO∘O} of the row (Dao et al. 2022, appendix B.2).
     *
     * @param gradient dP on entry, dS on return; laid out as {@code tile}
     * @param logSums {@code [rows]}; {@code products}: D, {@code [rows]}
     */
    public static void backward(
            Workspace w, long tile, long gradient, int rows, int stride, long logSums, long products) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            long at = (long) row * stride;
            float shift = w.get(logSums + row);
            float product = w.get(products + row);
            for (int j = 0; j < stride; j += Lanes.WIDTH) {
                FloatVector p =
                        Lanes.exponential(Lanes.load(memory, tile + at + j).sub(shift));
                Lanes.store(p, memory, tile + at + j);
                Lanes.store(Lanes.load(memory, gradient + at + j).sub(product).mul(p), memory, gradient + at + j);
            }
        }
    }
}
