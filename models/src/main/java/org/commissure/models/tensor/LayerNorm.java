package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Layer normalisation over rows of any width (Ba et al. 2016). Statistics are two floats a row: mean and reciprocal
 * standard deviation.
 */
public final class LayerNorm {
    private LayerNorm() {}

    /**
     * {@code y = (x − mean) / √(variance + ε) · scale + shift}.
     *
     * @param statistics written: {@code [rows, 2]}
     */
    public static void forward(
            Workspace w, long x, int rows, int width, double epsilon, long scale, long shift, long y, long statistics) {
        MemorySegment memory = w.memory();
        int whole = Lanes.SPECIES.loopBound(width);
        VectorMask<Float> tail = Lanes.SPECIES.indexInRange(whole, width);
        for (int row = 0; row < rows; row++) {
            long from = x + (long) row * width;
            float mean = mean(memory, from, whole, width, tail);
            float inverse = inverseDeviation(memory, from, whole, width, tail, mean, epsilon);
            w.set(statistics + 2L * row, mean);
            w.set(statistics + 2L * row + 1, inverse);
            long to = y + (long) row * width;
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

    private static float mean(MemorySegment memory, long from, int whole, int width, VectorMask<Float> tail) {
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int j = 0; j < whole; j += Lanes.WIDTH) {
            sum = sum.add(Lanes.load(memory, from + j));
        }
        if (whole < width) {
            sum = sum.add(Lanes.load(memory, from + whole, tail));
        }
        return Lanes.sum(sum) / width;
    }

    private static float inverseDeviation(
            MemorySegment memory, long from, int whole, int width, VectorMask<Float> tail, float mean, double epsilon) {
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
        return (float) (1 / Math.sqrt(Lanes.sum(squares) / width + epsilon));
    }

    /**
     * The gradient of the input, and sums over rows for those of scale and shift.
     *
     * @param statistics as {@link #forward} wrote them
     * @param dx if {@code add}, the gradient is added to it, else it is overwritten; may be {@code dy} itself
     * @param partial {@code [2, roundUp(width)]}: sums for scale and shift are added to it
     */
    public static void backward(
            Workspace w,
            long x,
            int rows,
            int width,
            long scale,
            long statistics,
            long dy,
            long dx,
            boolean add,
            long partial) {
        MemorySegment memory = w.memory();
        long dScale = partial;
        long dShift = partial + Workspace.roundUp(width);
        VectorMask<Float> all = Lanes.SPECIES.indexInRange(0, Lanes.WIDTH);
        int whole = Lanes.SPECIES.loopBound(width);
        VectorMask<Float> tail = Lanes.SPECIES.indexInRange(whole, width);
        for (int row = 0; row < rows; row++) {
            long at = (long) row * width;
            float mean = w.get(statistics + 2L * row);
            float inverse = w.get(statistics + 2L * row + 1);
            FloatVector first = FloatVector.zero(Lanes.SPECIES);
            FloatVector second = FloatVector.zero(Lanes.SPECIES);
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = j < whole ? all : tail;
                FloatVector g = Lanes.load(memory, dy + at + j, mask);
                FloatVector normal =
                        Lanes.load(memory, x + at + j, mask).sub(mean).mul(inverse);
                // Lanes beyond the width carry −mean·inverse in `normal`, but 0 in g.
                FloatVector weighted = g.mul(Lanes.load(memory, scale + j, mask));
                first = first.add(weighted);
                second = weighted.fma(normal, second);
                Lanes.store(g.fma(normal, Lanes.load(memory, dScale + j)), memory, dScale + j);
                Lanes.store(g.add(Lanes.load(memory, dShift + j)), memory, dShift + j);
            }
            float a = Lanes.sum(first) / width;
            float b = Lanes.sum(second) / width;
            for (int j = 0; j < width; j += Lanes.WIDTH) {
                VectorMask<Float> mask = j < whole ? all : tail;
                FloatVector weighted = Lanes.load(memory, dy + at + j, mask).mul(Lanes.load(memory, scale + j, mask));
                FloatVector normal =
                        Lanes.load(memory, x + at + j, mask).sub(mean).mul(inverse);
                FloatVector gradient = weighted.sub(a).sub(normal.mul(b)).mul(inverse);
                if (add) {
                    Lanes.store(gradient.add(Lanes.load(memory, dx + at + j, mask)), memory, dx + at + j, mask);
                } else {
                    Lanes.store(gradient, memory, dx + at + j, mask);
                }
            }
        }
    }

    /** Floats of one {@code partial}. */
    public static int partialFloats(int width) {
        return 2 * Workspace.roundUp(width);
    }

    /** Adds the members' partial sums to the gradients of scale and shift, always in the same order, and clears them. */
    public static void reduce(
            Workspace w, long partials, int members, int width, long scaleGradient, long shiftGradient) {
        int size = partialFloats(width);
        for (int member = 0; member < members; member++) {
            long from = partials + (long) member * size;
            for (int j = 0; j < width; j++) {
                w.set(scaleGradient + j, w.get(scaleGradient + j) + w.get(from + j));
                w.set(shiftGradient + j, w.get(shiftGradient + j) + w.get(from + Workspace.roundUp(width) + j));
            }
            w.zero(from, size);
        }
    }
}
