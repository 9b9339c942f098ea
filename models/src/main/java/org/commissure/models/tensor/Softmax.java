package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax over rows and its derivative. Rows are {@code stride} apart, a multiple of {@link Workspace#ALIGNMENT}; the
 * padding after the {@code columns} values is overwritten with probability 0.
 */
public final class Softmax {
    private Softmax() {}

    /** Turns scores into probabilities in place. */
    public static void forward(Workspace w, int scores, int rows, int columns, int stride) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            int at = scores + row * stride;
            for (int j = columns; j < stride; j++) {
                w.set(at + j, Float.NEGATIVE_INFINITY);
            }
            row(memory, at, at + stride);
        }
    }

    private static void row(MemorySegment memory, int from, int to) {
        FloatVector largest = Lanes.load(memory, from);
        for (int j = from + Lanes.WIDTH; j < to; j += Lanes.WIDTH) {
            largest = largest.max(Lanes.load(memory, j));
        }
        float maximum = largest.reduceLanes(VectorOperators.MAX);
        FloatVector total = FloatVector.zero(Lanes.SPECIES);
        for (int j = from; j < to; j += Lanes.WIDTH) {
            FloatVector e = Lanes.exponential(Lanes.load(memory, j).sub(maximum));
            Lanes.store(e, memory, j);
            total = total.add(e);
        }
        float scale = 1 / Lanes.sum(total, memory);
        for (int j = from; j < to; j += Lanes.WIDTH) {
            Lanes.store(Lanes.load(memory, j).mul(scale), memory, j);
        }
    }

    /**
     * Turns the gradient of the probabilities into {@code scale} times the gradient of the scores, in place: {@code dS
     * = scale · P ∘ (dP − Σ P ∘ dP)}.
     *
     * @param gradient laid out as {@code probabilities}
     */
    public static void backward(
            Workspace w, int probabilities, int gradient, int rows, int columns, int stride, float scale) {
        MemorySegment memory = w.memory();
        for (int row = 0; row < rows; row++) {
            int g = gradient + row * stride;
            for (int j = columns; j < stride; j++) {
                w.set(g + j, 0);
            }
            rowBackward(memory, probabilities + row * stride, g, stride, scale);
        }
    }

    private static void rowBackward(MemorySegment memory, int p, int g, int stride, float scale) {
        FloatVector total = FloatVector.zero(Lanes.SPECIES);
        for (int j = 0; j < stride; j += Lanes.WIDTH) {
            total = Lanes.load(memory, p + j).fma(Lanes.load(memory, g + j), total);
        }
        float mean = Lanes.sum(total, memory);
        for (int j = 0; j < stride; j += Lanes.WIDTH) {
            FloatVector scaled = Lanes.load(memory, p + j).mul(scale);
            Lanes.store(Lanes.load(memory, g + j).sub(mean).mul(scaled), memory, g + j);
        }
    }
}
