package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Layer normalisation over rows of any width. Statistics are two floats a row: mean and reciprocal standard deviation.
 */
public final class LayerNorm {
    /**
     * Added to the variance. The original's 1e-12 lies below the rounding of a float32 variance: a nearly constant row
     * would be divided by noise. 1e-6 changes a row of unit variance by 5e-7.
     */
    public static final float EPSILON = 1e-6f;

    private LayerNorm() {}

    /**
     * {@code y = (x − mean) / √(variance + ε) · scale + shift}.
     *
     * @param statistics written: {@code [rows, 2]}
     */
    public static void forward(Workspace w, int x, int rows, int width, int scale, int shift, int y, int statistics) {
        MemorySegment memory = w.memory();
        int whole = Lanes.SPECIES.loopBound(width);
        VectorMask<Float> tail = Lanes.SPECIES.indexInRange(whole, width);
        for (int row = 0; row < rows; row++) {
            int from = x + row * width;
            float mean = mean(memory, from, whole, width, tail);
            float inverse = inverseDeviation(memory, from, whole, width, tail, mean);
            w.set(statistics + 2 * row, mean);
            w.set(statistics + 2 * row + 1, inverse);
            int to = y + row * width;
            for (int j = 0; j < whole; j += Lanes.WIDTH) {
                FloatVector normal = Lanes.load(memory, from + j).sub(mean).mul(inverse);
                Lanes.store(normal.fma(Lanes.load(memory, scale + j), Lanes.load(memory, shift + j)), memory, to + j);
            }
            if (whole < width) {
                FloatVector normal =
                        Lanes.load(memory, from + whole, tail).sub(mean).mul(inverse);
                Lanes.store(
                        normal.fma(Lanes.load(memory, scale + whole, tail), Lanes.load(memory, shift + whole, tail)),
                        memory,
                        to + whole,
                        tail);
            }
        }
    }

    private static float mean(MemorySegment memory, int from, int whole, int width, VectorMask<Float> tail) {
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int j = 0; j < whole; j += Lanes.WIDTH) {
            sum = sum.add(Lanes.load(memory, from + j));
        }
        if (whole < width) {
            sum = sum.add(Lanes.load(memory, from + whole, tail));
        }
        return Lanes.sum(sum, memory) / width;
    }

    private static float inverseDeviation(
            MemorySegment memory, int from, int whole, int width, VectorMask<Float> tail, float mean) {
        FloatVector squares = FloatVector.zero(Lanes.SPECIES);
        for (int j = 0; j < whole; j += Lanes.WIDTH) {
            FloatVector d = Lanes.load(memory, from + j).sub(mean);
            squares = d.fma(d, squares);
        }
        if (whole < width) {
            FloatVector zero = FloatVector.zero(Lanes.SPECIES);
            FloatVector d = zero.blend(Lanes.load(memory, from + whole, tail).sub(mean), tail);
            squares = d.fma(d, squares);
        }
        return (float) (1 / Math.sqrt(Lanes.sum(squares, memory) / width + EPSILON));
    }

    /**
     * Adds the gradient of the input to {@code dx} and overwrites the gradients of scale and shift.
     *
     * @param statistics as {@link #forward} wrote them
     */
    public static void backward(
            Workspace w,
            int x,
            int rows,
            int width,
            int scale,
            int statistics,
            int dy,
            int dx,
            int scaleGradient,
            int shiftGradient) {
        w.zero(scaleGradient, width);
        w.zero(shiftGradient, width);
        MemorySegment memory = w.memory();
        VectorMask<Float> all = Lanes.SPECIES.indexInRange(0, Lanes.WIDTH);
        for (int row = 0; row < rows; row++) {
            int at = row * width;
            float mean = w.get(statistics + 2 * row);
            float inverse = w.get(statistics + 2 * row + 1);
            FloatVector first = FloatVector.zero(Lanes.SPECIES);
            FloatVector second = FloatVector.zero(Lanes.SPECIES);
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = j + Lanes.WIDTH <= width ? all : Lanes.SPECIES.indexInRange(j, width);
                FloatVector g = Lanes.load(memory, dy + at + j, mask);
                FloatVector normal =
                        Lanes.load(memory, x + at + j, mask).sub(mean).mul(inverse);
                // Lanes beyond the width carry −mean·inverse in `normal`, but 0 in g.
                FloatVector weighted = g.mul(Lanes.load(memory, scale + j, mask));
                first = first.add(weighted);
                second = weighted.fma(normal, second);
                Lanes.store(
                        g.fma(normal, Lanes.load(memory, scaleGradient + j, mask)), memory, scaleGradient + j, mask);
                Lanes.store(g.add(Lanes.load(memory, shiftGradient + j, mask)), memory, shiftGradient + j, mask);
            }
            float a = Lanes.sum(first, memory) / width;
            float b = Lanes.sum(second, memory) / width;
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = j + Lanes.WIDTH <= width ? all : Lanes.SPECIES.indexInRange(j, width);
                FloatVector weighted = Lanes.load(memory, dy + at + j, mask).mul(Lanes.load(memory, scale + j, mask));
                FloatVector normal =
                        Lanes.load(memory, x + at + j, mask).sub(mean).mul(inverse);
                FloatVector gradient = weighted.sub(a).sub(normal.mul(b)).mul(inverse);
                Lanes.store(gradient.add(Lanes.load(memory, dx + at + j, mask)), memory, dx + at + j, mask);
            }
        }
    }
}
