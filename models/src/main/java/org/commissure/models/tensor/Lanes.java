package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Vector loads, stores and the two functions the kernels share. Small static methods, so that the JIT inlines them. */
final class Lanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int WIDTH = SPECIES.length();

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Lanes() {}

    static FloatVector load(MemorySegment memory, long offset) {
        return FloatVector.fromMemorySegment(SPECIES, memory, Workspace.bytes(offset), ORDER);
    }

    static void store(FloatVector value, MemorySegment memory, long offset) {
        value.intoMemorySegment(memory, Workspace.bytes(offset), ORDER);
    }

    /** Lanes outside {@code mask} are 0. */
    static FloatVector load(MemorySegment memory, long offset, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, memory, Workspace.bytes(offset), ORDER, mask);
    }

    static void store(FloatVector value, MemorySegment memory, long offset, VectorMask<Float> mask) {
        value.intoMemorySegment(memory, Workspace.bytes(offset), ORDER, mask);
    }

    /**
     * Sum of all lanes, halves first. {@code reduceLanes(ADD)} leaves the order open: interpreter and compiled code then
     * differ in the last bit, and a seed would no longer fix a model.
     */
    static float sum(FloatVector value) {
        FloatVector v = value;
        if (WIDTH >= 16) {
            v = v.add(v.rearrange(BY_8));
        }
        if (WIDTH >= 8) {
            v = v.add(v.rearrange(BY_4));
        }
        if (WIDTH >= 4) {
            v = v.add(v.rearrange(BY_2));
        }
        return v.lane(0) + v.lane(1);
    }

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(SPECIES, lanes % WIDTH, 1, true);
    }

    /**
     * e^x for x ≤ 0, to 1e-7 relative; exactly 0 below −60. That is far under the rounding of a softmax whose largest
     * term is 1, and it keeps products of small weights out of the denormals, which are over 100 times slower.
     * Coefficients: Cephes {@code expf}.
     */
    static FloatVector exponential(FloatVector x) {
        FloatVector clamped = x.max(-60f);
        // Adding 1.5·2^23 rounds to an integer n and leaves n in the low bits of the sum.
        FloatVector shifted =
                clamped.fma(FloatVector.broadcast(SPECIES, 1.44269504f), FloatVector.broadcast(SPECIES, 12582912f));
        FloatVector n = shifted.sub(12582912f);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -0.693359375f), clamped);
        r = n.fma(FloatVector.broadcast(SPECIES, 2.12194440e-4f), r);
        FloatVector p = r.fma(
                FloatVector.broadcast(SPECIES, 1.9875691500e-4f), FloatVector.broadcast(SPECIES, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r.add(1f));
        // 2^n, built in the exponent field; the shift drops the bits of 1.5·2^23.
        FloatVector scale = shifted.reinterpretAsInts()
                .add(127)
                .lanewise(jdk.incubator.vector.VectorOperators.LSHL, 23)
                .reinterpretAsFloats();
        return p.mul(scale).blend(0f, x.lt(-60f));
    }
}
