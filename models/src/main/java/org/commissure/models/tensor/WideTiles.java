package org.commissure.models.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner kernels of {@link WideGemm}, in 512-bit lanes, on heap arrays. They are written out because the compiler
 * keeps only named values in registers, and on arrays because accesses to memory segments take so much of its budget
 * for inlining that it gives up in the middle and allocates every vector.
 */
final class WideTiles {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_512;

    private static final VectorShuffle<Float> UP_8 = rotation(8);
    private static final VectorShuffle<Float> UP_4 = rotation(12);
    private static final VectorShuffle<Float> UP_2 = rotation(14);
    private static final VectorShuffle<Float> UP_1 = rotation(15);
    private static final VectorShuffle<Float> DOWN_8 = rotation(8);
    private static final VectorShuffle<Float> DOWN_4 = rotation(4);
    private static final VectorShuffle<Float> DOWN_2 = rotation(2);
    private static final VectorShuffle<Float> DOWN_1 = rotation(1);
    private static final VectorMask<Float> HIGH_8 = high(8);
    private static final VectorMask<Float> HIGH_4 = high(4);
    private static final VectorMask<Float> HIGH_2 = high(2);
    private static final VectorMask<Float> HIGH_1 = high(1);

    private WideTiles() {}

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(LANES, lanes, 1, true);
    }

    /** Lanes whose number has that bit. */
    private static VectorMask<Float> high(int bit) {
        boolean[] lanes = new boolean[LANES.length()];
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = (lane & bit) != 0;
        }
        return VectorMask.fromArray(LANES, lanes, 0);
    }

    /** Products of four rows of A with a panel of 64 columns.
     *
     * @param a element (row, i) lies at {@code at + row·rowStep + i·depthStep}
     * @param panel {@code [depth, 64]}
     * @param sums overwritten, {@code [4, 64]}
     */
    static void fourRows(float[] a, int at, int rowStep, int depthStep, float[] panel, int depth, float[] sums) {
        FloatVector zero = FloatVector.zero(LANES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        int p = at;
        for (int b = 0; b < depth * 64; b += 64) {
            FloatVector b0 = FloatVector.fromArray(LANES, panel, b);
            FloatVector b1 = FloatVector.fromArray(LANES, panel, b + 16);
            FloatVector b2 = FloatVector.fromArray(LANES, panel, b + 32);
            FloatVector b3 = FloatVector.fromArray(LANES, panel, b + 48);
            FloatVector x0 = FloatVector.broadcast(LANES, a[p]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
            FloatVector x1 = FloatVector.broadcast(LANES, a[p + rowStep]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            s13 = x1.fma(b3, s13);
            FloatVector x2 = FloatVector.broadcast(LANES, a[p + 2 * rowStep]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            s23 = x2.fma(b3, s23);
            FloatVector x3 = FloatVector.broadcast(LANES, a[p + 3 * rowStep]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            s33 = x3.fma(b3, s33);
            p += depthStep;
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 16);
        s02.intoArray(sums, 32);
        s03.intoArray(sums, 48);
        s10.intoArray(sums, 64);
        s11.intoArray(sums, 80);
        s12.intoArray(sums, 96);
        s13.intoArray(sums, 112);
        s20.intoArray(sums, 128);
        s21.intoArray(sums, 144);
        s22.intoArray(sums, 160);
        s23.intoArray(sums, 176);
        s30.intoArray(sums, 192);
        s31.intoArray(sums, 208);
        s32.intoArray(sums, 224);
        s33.intoArray(sums, 240);
    }

    /** As {@link #fourRows}, of eight rows with a panel of 32 columns; {@code sums} is {@code [8, 32]}. */
    static void eightRows(float[] a, int at, int rowStep, int depthStep, float[] panel, int depth, float[] sums) {
        FloatVector zero = FloatVector.zero(LANES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s60 = zero;
        FloatVector s61 = zero;
        FloatVector s70 = zero;
        FloatVector s71 = zero;
        int p = at;
        for (int b = 0; b < depth * 32; b += 32) {
            FloatVector b0 = FloatVector.fromArray(LANES, panel, b);
            FloatVector b1 = FloatVector.fromArray(LANES, panel, b + 16);
            FloatVector x0 = FloatVector.broadcast(LANES, a[p]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(LANES, a[p + rowStep]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(LANES, a[p + 2 * rowStep]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(LANES, a[p + 3 * rowStep]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = FloatVector.broadcast(LANES, a[p + 4 * rowStep]);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = FloatVector.broadcast(LANES, a[p + 5 * rowStep]);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            FloatVector x6 = FloatVector.broadcast(LANES, a[p + 6 * rowStep]);
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            FloatVector x7 = FloatVector.broadcast(LANES, a[p + 7 * rowStep]);
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
            p += depthStep;
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 16);
        s10.intoArray(sums, 32);
        s11.intoArray(sums, 48);
        s20.intoArray(sums, 64);
        s21.intoArray(sums, 80);
        s30.intoArray(sums, 96);
        s31.intoArray(sums, 112);
        s40.intoArray(sums, 128);
        s41.intoArray(sums, 144);
        s50.intoArray(sums, 160);
        s51.intoArray(sums, 176);
        s60.intoArray(sums, 192);
        s61.intoArray(sums, 208);
        s70.intoArray(sums, 224);
        s71.intoArray(sums, 240);
    }

    /** Transposes a block of 16 × 16, whose rows are {@code fromStride} and {@code toStride} apart. */
    static void transpose(float[] values, int from, int fromStride, float[] to, int at, int toStride) {
        FloatVector r0 = FloatVector.fromArray(LANES, values, from);
        FloatVector r1 = FloatVector.fromArray(LANES, values, from + fromStride);
        FloatVector r2 = FloatVector.fromArray(LANES, values, from + 2 * fromStride);
        FloatVector r3 = FloatVector.fromArray(LANES, values, from + 3 * fromStride);
        FloatVector r4 = FloatVector.fromArray(LANES, values, from + 4 * fromStride);
        FloatVector r5 = FloatVector.fromArray(LANES, values, from + 5 * fromStride);
        FloatVector r6 = FloatVector.fromArray(LANES, values, from + 6 * fromStride);
        FloatVector r7 = FloatVector.fromArray(LANES, values, from + 7 * fromStride);
        FloatVector r8 = FloatVector.fromArray(LANES, values, from + 8 * fromStride);
        FloatVector r9 = FloatVector.fromArray(LANES, values, from + 9 * fromStride);
        FloatVector r10 = FloatVector.fromArray(LANES, values, from + 10 * fromStride);
        FloatVector r11 = FloatVector.fromArray(LANES, values, from + 11 * fromStride);
        FloatVector r12 = FloatVector.fromArray(LANES, values, from + 12 * fromStride);
        FloatVector r13 = FloatVector.fromArray(LANES, values, from + 13 * fromStride);
        FloatVector r14 = FloatVector.fromArray(LANES, values, from + 14 * fromStride);
        FloatVector r15 = FloatVector.fromArray(LANES, values, from + 15 * fromStride);
        FloatVector t0 = r0.blend(r8.rearrange(UP_8), HIGH_8);
        FloatVector t8 = r0.rearrange(DOWN_8).blend(r8, HIGH_8);
        FloatVector t1 = r1.blend(r9.rearrange(UP_8), HIGH_8);
        FloatVector t9 = r1.rearrange(DOWN_8).blend(r9, HIGH_8);
        FloatVector t2 = r2.blend(r10.rearrange(UP_8), HIGH_8);
        FloatVector t10 = r2.rearrange(DOWN_8).blend(r10, HIGH_8);
        FloatVector t3 = r3.blend(r11.rearrange(UP_8), HIGH_8);
        FloatVector t11 = r3.rearrange(DOWN_8).blend(r11, HIGH_8);
        FloatVector t4 = r4.blend(r12.rearrange(UP_8), HIGH_8);
        FloatVector t12 = r4.rearrange(DOWN_8).blend(r12, HIGH_8);
        FloatVector t5 = r5.blend(r13.rearrange(UP_8), HIGH_8);
        FloatVector t13 = r5.rearrange(DOWN_8).blend(r13, HIGH_8);
        FloatVector t6 = r6.blend(r14.rearrange(UP_8), HIGH_8);
        FloatVector t14 = r6.rearrange(DOWN_8).blend(r14, HIGH_8);
        FloatVector t7 = r7.blend(r15.rearrange(UP_8), HIGH_8);
        FloatVector t15 = r7.rearrange(DOWN_8).blend(r15, HIGH_8);
        FloatVector u0 = t0.blend(t4.rearrange(UP_4), HIGH_4);
        FloatVector u4 = t0.rearrange(DOWN_4).blend(t4, HIGH_4);
        FloatVector u1 = t1.blend(t5.rearrange(UP_4), HIGH_4);
        FloatVector u5 = t1.rearrange(DOWN_4).blend(t5, HIGH_4);
        FloatVector u2 = t2.blend(t6.rearrange(UP_4), HIGH_4);
        FloatVector u6 = t2.rearrange(DOWN_4).blend(t6, HIGH_4);
        FloatVector u3 = t3.blend(t7.rearrange(UP_4), HIGH_4);
        FloatVector u7 = t3.rearrange(DOWN_4).blend(t7, HIGH_4);
        FloatVector u8 = t8.blend(t12.rearrange(UP_4), HIGH_4);
        FloatVector u12 = t8.rearrange(DOWN_4).blend(t12, HIGH_4);
        FloatVector u9 = t9.blend(t13.rearrange(UP_4), HIGH_4);
        FloatVector u13 = t9.rearrange(DOWN_4).blend(t13, HIGH_4);
        FloatVector u10 = t10.blend(t14.rearrange(UP_4), HIGH_4);
        FloatVector u14 = t10.rearrange(DOWN_4).blend(t14, HIGH_4);
        FloatVector u11 = t11.blend(t15.rearrange(UP_4), HIGH_4);
        FloatVector u15 = t11.rearrange(DOWN_4).blend(t15, HIGH_4);
        FloatVector v0 = u0.blend(u2.rearrange(UP_2), HIGH_2);
        FloatVector v2 = u0.rearrange(DOWN_2).blend(u2, HIGH_2);
        FloatVector v1 = u1.blend(u3.rearrange(UP_2), HIGH_2);
        FloatVector v3 = u1.rearrange(DOWN_2).blend(u3, HIGH_2);
        FloatVector v4 = u4.blend(u6.rearrange(UP_2), HIGH_2);
        FloatVector v6 = u4.rearrange(DOWN_2).blend(u6, HIGH_2);
        FloatVector v5 = u5.blend(u7.rearrange(UP_2), HIGH_2);
        FloatVector v7 = u5.rearrange(DOWN_2).blend(u7, HIGH_2);
        FloatVector v8 = u8.blend(u10.rearrange(UP_2), HIGH_2);
        FloatVector v10 = u8.rearrange(DOWN_2).blend(u10, HIGH_2);
        FloatVector v9 = u9.blend(u11.rearrange(UP_2), HIGH_2);
        FloatVector v11 = u9.rearrange(DOWN_2).blend(u11, HIGH_2);
        FloatVector v12 = u12.blend(u14.rearrange(UP_2), HIGH_2);
        FloatVector v14 = u12.rearrange(DOWN_2).blend(u14, HIGH_2);
        FloatVector v13 = u13.blend(u15.rearrange(UP_2), HIGH_2);
        FloatVector v15 = u13.rearrange(DOWN_2).blend(u15, HIGH_2);
        FloatVector w0 = v0.blend(v1.rearrange(UP_1), HIGH_1);
        FloatVector w1 = v0.rearrange(DOWN_1).blend(v1, HIGH_1);
        FloatVector w2 = v2.blend(v3.rearrange(UP_1), HIGH_1);
        FloatVector w3 = v2.rearrange(DOWN_1).blend(v3, HIGH_1);
        FloatVector w4 = v4.blend(v5.rearrange(UP_1), HIGH_1);
        FloatVector w5 = v4.rearrange(DOWN_1).blend(v5, HIGH_1);
        FloatVector w6 = v6.blend(v7.rearrange(UP_1), HIGH_1);
        FloatVector w7 = v6.rearrange(DOWN_1).blend(v7, HIGH_1);
        FloatVector w8 = v8.blend(v9.rearrange(UP_1), HIGH_1);
        FloatVector w9 = v8.rearrange(DOWN_1).blend(v9, HIGH_1);
        FloatVector w10 = v10.blend(v11.rearrange(UP_1), HIGH_1);
        FloatVector w11 = v10.rearrange(DOWN_1).blend(v11, HIGH_1);
        FloatVector w12 = v12.blend(v13.rearrange(UP_1), HIGH_1);
        FloatVector w13 = v12.rearrange(DOWN_1).blend(v13, HIGH_1);
        FloatVector w14 = v14.blend(v15.rearrange(UP_1), HIGH_1);
        FloatVector w15 = v14.rearrange(DOWN_1).blend(v15, HIGH_1);
        w0.intoArray(to, at);
        w1.intoArray(to, at + toStride);
        w2.intoArray(to, at + 2 * toStride);
        w3.intoArray(to, at + 3 * toStride);
        w4.intoArray(to, at + 4 * toStride);
        w5.intoArray(to, at + 5 * toStride);
        w6.intoArray(to, at + 6 * toStride);
        w7.intoArray(to, at + 7 * toStride);
        w8.intoArray(to, at + 8 * toStride);
        w9.intoArray(to, at + 9 * toStride);
        w10.intoArray(to, at + 10 * toStride);
        w11.intoArray(to, at + 11 * toStride);
        w12.intoArray(to, at + 12 * toStride);
        w13.intoArray(to, at + 13 * toStride);
        w14.intoArray(to, at + 14 * toStride);
        w15.intoArray(to, at + 15 * toStride);
    }
}
