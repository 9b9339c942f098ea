package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Activations and other elementwise kernels over whole buffers. {@code count} is rounded up to whole vectors: buffers
 * are padded, so that only padding is touched beyond it.
 */
public final class Elementwise {
    private static final float LEAK = 0.1f;

    private Elementwise() {}

    /**
     * GELU by the error function, {@code x·Φ(x)}, and its derivative {@code Φ(x) + x·φ(x)}. Φ is Abramowitz &amp;
     * Stegun 7.1.26, to 8e-8 absolute.
     *
     * @param x overwritten with the derivative
     */
    public static void gelu(Workspace w, int x, int out, int count) {
        MemorySegment memory = w.memory();
        for (int i = 0; i < count; i += Lanes.WIDTH) {
            FloatVector v = Lanes.load(memory, x + i);
            FloatVector e = Lanes.exponential(v.mul(v).mul(-0.5f));
            FloatVector t = FloatVector.broadcast(Lanes.SPECIES, 1f)
                    .div(v.abs().mul(0.3275911f * 0.70710678f).add(1f));
            FloatVector p = t.mul(1.061405429f).sub(1.453152027f);
            p = p.mul(t).add(1.421413741f);
            p = p.mul(t).sub(0.284496736f);
            p = p.mul(t).add(0.254829592f);
            FloatVector tail = p.mul(t).mul(e).mul(0.5f);
            FloatVector cumulative = tail.neg().add(1f).blend(tail, v.lt(0f));
            Lanes.store(v.mul(cumulative), memory, out + i);
            // 1/√(2π)
            Lanes.store(v.mul(e).mul(0.39894228f).add(cumulative), memory, x + i);
        }
    }

    /** LeakyReLU with slope 0.1, in place. */
    public static void leakyRelu(Workspace w, int x, int count) {
        MemorySegment memory = w.memory();
        for (int i = 0; i < count; i += Lanes.WIDTH) {
            FloatVector v = Lanes.load(memory, x + i);
            Lanes.store(v.max(v.mul(LEAK)), memory, x + i);
        }
    }

    /** Scales {@code gradient} where the LeakyReLU's {@code output} is negative. */
    public static void leakyReluBackward(Workspace w, int output, int gradient, int count) {
        MemorySegment memory = w.memory();
        for (int i = 0; i < count; i += Lanes.WIDTH) {
            FloatVector g = Lanes.load(memory, gradient + i);
            Lanes.store(g.blend(g.mul(LEAK), Lanes.load(memory, output + i).lt(0f)), memory, gradient + i);
        }
    }

    /** {@code y ← y ∘ x}. */
    public static void multiply(Workspace w, int x, int y, int count) {
        MemorySegment memory = w.memory();
        for (int i = 0; i < count; i += Lanes.WIDTH) {
            Lanes.store(Lanes.load(memory, x + i).mul(Lanes.load(memory, y + i)), memory, y + i);
        }
    }

    /** Adds {@code [width]} floats at {@code x} to every row of {@code y}, {@code [rows, width]}. */
    public static void addToRows(Workspace w, int x, int y, int rows, int width) {
        MemorySegment memory = w.memory();
        for (int j = 0; j < width; j += Lanes.WIDTH) {
            VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, width);
            FloatVector v = Lanes.load(memory, x + j, mask);
            for (int row = 0; row < rows; row++) {
                int at = y + row * width + j;
                Lanes.store(v.add(Lanes.load(memory, at, mask)), memory, at, mask);
            }
        }
    }
}
