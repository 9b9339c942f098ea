package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Kernels over whole parameter vectors. */
public final class Flat {
    /** Values that one partial sum covers; sums are then added in order, so threads do not change them. */
    private static final int BLOCK = 1 << 14;

    private Flat() {}

    /** Partial sums that {@link #squaredNorm} needs room for. */
    public static int partials(long count) {
        return Math.toIntExact((count + BLOCK - 1) / BLOCK);
    }

    /**
     * Σ x², NaN or infinite if any value is.
     *
     * @param partials one element per block, overwritten
     */
    public static double squaredNorm(Workspace w, Team team, long x, long count, double[] partials) {
        int blocks = partials(count);
        team.run(blocks, 1, (from, to, member) -> {
            for (int block = from; block < to; block++) {
                long begin = (long) block * BLOCK;
                partials[block] = squares(w, x + begin, (int) Math.min(BLOCK, count - begin));
            }
        });
        double sum = 0;
        for (int block = 0; block < blocks; block++) {
            sum += partials[block];
        }
        return sum;
    }

    /** Floats are summed in short runs, runs in double: a vector of 13 million values keeps its digits. */
    private static double squares(Workspace w, long x, int count) {
        MemorySegment memory = w.memory();
        double sum = 0;
        int at = 0;
        for (; at + 16 * Lanes.WIDTH <= count; at += 16 * Lanes.WIDTH) {
            FloatVector run = FloatVector.zero(Lanes.SPECIES);
            for (int j = 0; j < 16 * Lanes.WIDTH; j += Lanes.WIDTH) {
                FloatVector v = Lanes.load(memory, x + at + j);
                run = v.fma(v, run);
            }
            sum += Lanes.sum(run);
        }
        for (; at < count; at++) {
            double v = w.get(x + at);
            sum += v * v;
        }
        return sum;
    }

    /** {@code y ← y + a·x}, shared out over the team. */
    public static void addScaled(Workspace w, Team team, float a, long x, long y, long count) {
        team.run(partials(count), 1, (from, to, member) -> {
            long begin = (long) from * BLOCK;
            long end = Math.min(count, (long) to * BLOCK);
            Elementwise.addScaled(w, a, x + begin, y + begin, end - begin);
        });
    }

    /** {@code to = 0}, shared out over the team. */
    public static void zero(Workspace w, Team team, long to, long count) {
        team.run(partials(count), 1, (from, end, member) -> {
            long begin = (long) from * BLOCK;
            w.zero(to + begin, Math.min(count, (long) end * BLOCK) - begin);
        });
    }

    /** {@code g ← g + μ·(x − anchor)}: FedProx's term (Li et al. 2020, equation 2). */
    public static void addProximal(Workspace w, float mu, long x, long anchor, long g, long count) {
        for (long i = 0; i < count; i++) {
            w.set(g + i, Math.fma(mu, w.get(x + i) - w.get(anchor + i), w.get(g + i)));
        }
    }

    /**
     * One Adam step on {@code count} parameters that share a weight decay (Kingma &amp; Ba 2015, algorithm 1; decay as
     * Loshchilov &amp; Hutter 2019, applied after Adam's own step).
     *
     * @param scale the gradient is multiplied by it first
     * @param rate learning rate over {@code 1 − β₁ᵗ}
     * @param inverseRootCorrection {@code 1/√(1 − β₂ᵗ)}
     * @param keep {@code 1 − learning rate·decay}
     */
    public static void adam(
            Workspace w,
            long parameters,
            long gradients,
            long means,
            long meanSquares,
            long count,
            float scale,
            float beta1,
            float beta2,
            float epsilon,
            float rate,
            float inverseRootCorrection,
            float keep) {
        MemorySegment memory = w.memory();
        long whole = count - count % Lanes.WIDTH;
        for (long i = 0; i < whole; i += Lanes.WIDTH) {
            FloatVector g = Lanes.load(memory, gradients + i).mul(scale);
            FloatVector m = Lanes.load(memory, means + i).mul(beta1).add(g.mul(1 - beta1));
            FloatVector v =
                    Lanes.load(memory, meanSquares + i).mul(beta2).add(g.mul(g).mul(1 - beta2));
            Lanes.store(m, memory, means + i);
            Lanes.store(v, memory, meanSquares + i);
            FloatVector step =
                    m.mul(rate).div(v.sqrt().mul(inverseRootCorrection).add(epsilon));
            Lanes.store(Lanes.load(memory, parameters + i).sub(step).mul(keep), memory, parameters + i);
        }
        for (long i = whole; i < count; i++) {
            float g = w.get(gradients + i) * scale;
            float m = w.get(means + i) * beta1 + g * (1 - beta1);
            float v = w.get(meanSquares + i) * beta2 + g * g * (1 - beta2);
            w.set(means + i, m);
            w.set(meanSquares + i, v);
            float step = m * rate / ((float) Math.sqrt(v) * inverseRootCorrection + epsilon);
            w.set(parameters + i, (w.get(parameters + i) - step) * keep);
        }
    }
}
