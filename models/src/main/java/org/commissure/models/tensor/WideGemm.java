package org.commissure.models.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Matrix products in 512-bit lanes. The design is Goto's (Goto &amp; van de Geijn 2008): blocks of A and panels of B are
 * copied side by side, and {@link WideTiles} multiplies a few rows with a panel at a time, all sums in registers. On
 * shapes of Transformer layers it is as fast as OpenBLAS's own AVX-512 kernels where sums are long and faster where
 * they are short; and OpenBLAS does not always run those: on processors that it does not know, or where {@code
 * OPENBLAS_CORETYPE} says so, it stays with AVX2 at half the speed.
 *
 * <p>Thread-safe: each thread copies into arrays of its own.
 */
final class WideGemm {
    private static final int LANES = 16;
    private static final int WIDE_PANEL = 64;
    private static final int NARROW_PANEL = 32;

    /** Depth of a panel and of a block of A. */
    private static final int DEPTH = 384;

    /** Rows of a block of A; with {@link #DEPTH} it stays in a second-level cache of 1 MiB. */
    private static final int ROWS = 512;

    /** Keeps rows of a transposed block out of each other's cache sets. */
    private static final int GAP = 16;

    private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

    private WideGemm() {}

    /** Can these kernels run here? Their registers are 512 bits wide. */
    static boolean fits() {
        return Lanes.WIDTH == LANES;
    }

    /** What one thread copies into. */
    private static final class Room {
        private final float[] a = new float[(ROWS + GAP) * DEPTH];
        private final float[] panel = new float[WIDE_PANEL * DEPTH];
        private final float[] columns = new float[WIDE_PANEL * DEPTH];
        private final float[] sums = new float[4 * WIDE_PANEL];
    }

    /**
     * {@code C ← alpha · op(A) · op(B)}, or added to C; operands as in {@link Gemm#multiply}, bounds already checked.
     */
    static void multiply(
            MemorySegment memory,
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int lda,
            long b,
            int ldb,
            boolean add,
            long c,
            int ldc) {
        Room room = ROOM.get();
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            boolean sum = add || p > 0;
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                int rowStep = transposeA ? 1 : depth;
                int depthStep = transposeA ? Workspace.roundUp(rows) + GAP : 1;
                if (transposeA) {
                    copyRows(memory, a + (long) p * lda + i, lda, depth, rows, room.a, depthStep);
                } else {
                    copyRows(memory, a + (long) i * lda + p, lda, rows, depth, room.a, depth);
                    Arrays.fill(room.a, rows * depth, Workspace.roundUp(rows) * depth, 0);
                }
                for (int j = 0; j < n; ) {
                    int panel = n - j <= NARROW_PANEL ? NARROW_PANEL : WIDE_PANEL;
                    int columns = Math.min(panel, n - j);
                    if (transposeB) {
                        packTransposed(memory, b + (long) j * ldb + p, ldb, columns, depth, panel, room);
                    } else {
                        pack(memory, b + (long) p * ldb + j, ldb, columns, depth, panel, room.panel);
                    }
                    long to = c + (long) i * ldc + j;
                    products(memory, room, rows, rowStep, depthStep, panel, columns, depth, alpha, sum, to, ldc);
                    j += panel;
                }
            }
        }
    }

    private static void copyRows(
            MemorySegment memory, long from, int stride, int rows, int width, float[] to, int toStride) {
        for (int row = 0; row < rows; row++) {
            long at = Workspace.bytes(from + (long) row * stride);
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, to, row * toStride, width);
        }
    }

    /** Rows of B, {@code panel} apart, zeros behind their {@code columns} values. */
    private static void pack(
            MemorySegment memory, long from, int stride, int columns, int depth, int panel, float[] to) {
        if (columns < panel) {
            Arrays.fill(to, 0, depth * panel, 0);
            copyRows(memory, from, stride, depth, columns, to, panel);
            return;
        }
        for (int i = 0; i < depth; i++) {
            for (int j = 0; j < panel; j += LANES) {
                Lanes.load(memory, from + (long) i * stride + j).intoArray(to, i * panel + j);
            }
        }
    }

    /** As {@link #pack}, of a B whose columns lie in rows {@code stride} apart. */
    private static void packTransposed(
            MemorySegment memory, long from, int stride, int columns, int depth, int panel, Room room) {
        copyRows(memory, from, stride, columns, depth, room.columns, depth);
        Arrays.fill(room.columns, columns * depth, panel * depth, 0);
        int whole = depth / LANES * LANES;
        for (int j = 0; j < panel; j += LANES) {
            for (int i = 0; i < whole; i += LANES) {
                WideTiles.transpose(room.columns, j * depth + i, depth, room.panel, i * panel + j, panel);
            }
        }
        for (int i = whole; i < depth; i++) {
            for (int j = 0; j < panel; j++) {
                room.panel[i * panel + j] = room.columns[j * depth + i];
            }
        }
    }

    private static void products(
            MemorySegment memory,
            Room room,
            int rows,
            int rowStep,
            int depthStep,
            int panel,
            int columns,
            int depth,
            float alpha,
            boolean add,
            long to,
            int ldc) {
        boolean wide = panel == WIDE_PANEL;
        int step = wide ? 4 : 8;
        for (int i = 0; i < rows; i += step) {
            if (wide) {
                WideTiles.fourRows(room.a, i * rowStep, rowStep, depthStep, room.panel, depth, room.sums);
            } else {
                WideTiles.eightRows(room.a, i * rowStep, rowStep, depthStep, room.panel, depth, room.sums);
            }
            int count = Math.min(step, rows - i);
            if (columns == panel) {
                storeWhole(memory, room.sums, count, panel, alpha, add, to + (long) i * ldc, ldc);
            } else {
                storePart(memory, room.sums, count, panel, columns, alpha, add, to + (long) i * ldc, ldc);
            }
        }
    }

    private static void storeWhole(
            MemorySegment memory, float[] sums, int rows, int panel, float alpha, boolean add, long to, int ldc) {
        for (int row = 0; row < rows; row++) {
            long at = to + (long) row * ldc;
            for (int j = 0; j < panel; j += LANES) {
                FloatVector v = FloatVector.fromArray(Lanes.SPECIES, sums, row * panel + j)
                        .mul(alpha);
                if (add) {
                    Lanes.store(v.add(Lanes.load(memory, at + j)), memory, at + j);
                } else {
                    Lanes.store(v, memory, at + j);
                }
            }
        }
    }

    private static void storePart(
            MemorySegment memory,
            float[] sums,
            int rows,
            int panel,
            int columns,
            float alpha,
            boolean add,
            long to,
            int ldc) {
        for (int row = 0; row < rows; row++) {
            long at = to + (long) row * ldc;
            for (int j = 0; j < columns; j += LANES) {
                VectorMask<Float> mask = Lanes.SPECIES.indexInRange(j, columns);
                FloatVector v = FloatVector.fromArray(Lanes.SPECIES, sums, row * panel + j)
                        .mul(alpha);
                if (add) {
                    Lanes.store(v.add(Lanes.load(memory, at + j, mask)), memory, at + j, mask);
                } else {
                    Lanes.store(v, memory, at + j, mask);
                }
            }
        }
    }
}
