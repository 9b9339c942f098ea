package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Activations and other kernels that treat every value alike. Any {@code count}; nothing beyond it is touched. */
public final class Elementwise {
    private static final float LEAK = 0.1f;

    private Elementwise() {}

    /**
     * GELU by the error function, {@code x·Φ(x)}, and its derivative {@code Φ(x) + x·φ(x)}. Φ is Abramowitz &amp;
     * Stegun 7.1.26, to 8e-8 absolute.
     *
     * @param x overwritten with the derivative
     */
    public static void gelu(Workspace w, long x, long out, long count) {
        MemorySegment memory = w.memory();
        long whole = count - count % Lanes.WIDTH;
        for (long i = 0; i < whole; i += Lanes.WIDTH) {
            FloatVector v = Lanes.load(memory, x + i);
            FloatVector e = Lanes.exponential(v.mul(v).mul(-0.5f));
            FloatVector cumulative = cumulative(v, e);
            Lanes.store(v.mul(cumulative), memory, out + i);
            // 1/√(2π)
            Lanes.store(v.mul(e).mul(0.39894228f).add(cumulative), memory, x + i);
        }
        if (whole < count) {
            VectorMask<Float> tail = Lanes.SPECIES.indexInRange(0, (int) (count - whole));
            FloatVector v = Lanes.load(memory, x + whole, tail);
            FloatVector e = Lanes.exponential(v.mul(v).mul(-0.5f));
            FloatVector cumulative = cumulative(v, e);
            Lanes.store(v.mul(cumulative), memory, out + whole, tail);
            Lanes.store(v.mul(e).mul(0.39894228f).add(cumulative), memory, x + whole, tail);
        }
    }

    /** Φ(v), given {@code e = exp(−v²/2)}. */
    private static FloatVector cumulative(FloatVector v, FloatVector e) {
        FloatVector t = FloatVector.broadcast(Lanes.SPECIES, 1f)
                .div(v.abs().mul(0.3275911f * 0.70710678f).add(1f));
        FloatVector p = t.mul(1.061405429f).sub(1.453152027f);
        p = p.mul(t).add(1.421413741f);
        p = p.mul(t).sub(0.284496736f);
        p = p.mul(t).add(0.254829592f);
        FloatVector tail = p.mul(t).mul(e).mul(0.5f);
        return tail.neg().add(1f).blend(tail, v.lt(0f));
    }

    /** LeakyReLU with slope 0.1, in place. */
    public static void leakyRelu(Workspace w, long x, long count) {
        MemorySegment memory = w.memory();
        for (long i = 0; i < count; i += Lanes.WIDTH) {
            VectorMask<Float> mask = Lanes.SPECIES.indexInRange(i, count);
            FloatVector v = Lanes.load(memory, x + i, mask);
            Lanes.store(v.max(v.mul(LEAK)), memory, x + i, mask);
        }
    }

    /** Scales {@code gradient} where the LeakyReLU's {@code output} is negative. */
    public static void leakyReluBackward(Workspace w, long output, long gradient, long count) {
        MemorySegment memory = w.memory();
        for (long i = 0; i < count; i += Lanes.WIDTH) {
            VectorMask<Float> mask = Lanes.SPECIES.indexInRange(i, count);
            FloatVector g = Lanes.load(memory, gradient + i, mask);
            FloatVector leaked =
                    g.blend(g.mul(LEAK), Lanes.load(memory, output + i, mask).lt(0f));
            Lanes.store(leaked, memory, gradient + i, mask);
        }
    }

    /** {@code y ← y ∘ x}. */
    public static void multiply(Workspace w, long x, long y, long count) {
        MemorySegment memory = w.memory();
        long whole = count - count % Lanes.WIDTH;
        for (long i = 0; i < whole; i += Lanes.WIDTH) {
            Lanes.store(Lanes.load(memory, x + i).mul(Lanes.load(memory, y + i)), memory, y + i);
        }
        for (long i = whole; i < count; i++) {
            w.set(y + i, w.get(x + i) * w.get(y + i));
        }
    }

    /** {@code y ← y + a·x}. */
    public static void addScaled(Workspace w, float a, long x, long y, long count) {
        MemorySegment memory = w.memory();
        long whole = count - count % Lanes.WIDTH;
        for (long i = 0; i < whole; i += Lanes.WIDTH) {
            FloatVector v =
                    Lanes.load(memory, x + i).fma(FloatVector.broadcast(Lanes.SPECIES, a), Lanes.load(memory, y + i));
            Lanes.store(v, memory, y + i);
        }
        for (long i = whole; i < count; i++) {
            w.set(y + i, Math.fma(a, w.get(x + i), w.get(y + i)));
        }
    }

    /** {@code row ← row + x} for every row of {@code y}, {@code [rows, width]}. */
    public static void addToRows(Workspace w, long x, long y, int rows, int width) {
        addRow(w, x, y, y, rows, width);
    }

    /** {@code z = y + x} for every row of {@code y} and {@code z}, {@code [rows, width]}; x is {@code [width]}. */
    public static void addRow(Workspace w, long x, long y, long z, int rows, int width) {
        MemorySegment memory = w.memory();
        int whole = Lanes.SPECIES.loopBound(width);
        VectorMask<Float> tail = Lanes.SPECIES.indexInRange(whole, width);
        for (int row = 0; row < rows; row++) {
            long at = (long) row * width;
            for (int j = 0; j < whole; j += Lanes.WIDTH) {
                Lanes.store(Lanes.load(memory, x + j).add(Lanes.load(memory, y + at + j)), memory, z + at + j);
            }
            if (whole < width) {
                FloatVector v = Lanes.load(memory, x + whole, tail).add(Lanes.load(memory, y + at + whole, tail));
                Lanes.store(v, memory, z + at + whole, tail);
            }
        }
    }

    /** Adds {@code Σ y} over rows of {@code [rows, stride]} to {@code to}, for the columns {@code [from, end)}. */
    public static void addColumnSums(Workspace w, long y, int rows, int stride, int from, int end, long to) {
        MemorySegment memory = w.memory();
        for (int j = from; j < end; j += Lanes.WIDTH) {
            VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, end);
            FloatVector sum = FloatVector.zero(Lanes.SPECIES);
            for (int row = 0; row < rows; row++) {
                sum = sum.add(Lanes.load(memory, y + (long) row * stride + j, mask));
            }
            Lanes.store(sum.add(Lanes.load(memory, to + j, mask)), memory, to + j, mask);
        }
    }
}
