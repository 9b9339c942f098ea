package org.commissure.models.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/**
 * Single-precision matrix products on workspace memory: in 512-bit lanes by {@link WideGemm}, otherwise by OpenBLAS. ND4J's {@code matmul} op runs on the same library
 * but copies strided operands (an attention head is a strided view) and costs tens of microseconds a call; a downcall
 * costs tens of nanoseconds. OpenBLAS is set to one thread; a {@link Team} calls it from several.
 */
public final class Gemm {
    // CBLAS enumeration values (cblas.h).
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    /** Below these, copying for {@link WideGemm} costs more than it saves. */
    private static final int WIDE_DEPTH = 16;

    private static final int WIDE_ROWS = 16;
    private static final int WIDE_COLUMNS = 24;
    private static final int LONGEST_NAME = 64;

    private static final SymbolLookup LIBRARY = library();
    private static final MethodHandle SGEMM = sgemm();
    private static final boolean WIDE = WideGemm.fits();

    private Gemm() {}

    /**
     * {@code C ← alpha · op(A) · op(B) + beta · C} with {@code op(A)} of {@code [m, k]}, {@code op(B)} of {@code [k,
     * n]} and {@code C} of {@code [m, n]}.
     *
     * @param a offset of A; {@code lda} is its row stride, and so on
     */
    public static void multiply(
            Workspace w,
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
            float beta,
            long c,
            int ldc) {
        MemorySegment memory = w.memory();
        // Native code checks nothing: the last element of each operand must lie inside the workspace.
        reach(memory, a, transposeA ? k : m, transposeA ? m : k, lda);
        reach(memory, b, transposeB ? n : k, transposeB ? k : n, ldb);
        reach(memory, c, m, n, ldc);
        long base = memory.address();
        if (WIDE && k >= WIDE_DEPTH && m >= WIDE_ROWS && n >= WIDE_COLUMNS && (beta == 0 || beta == 1)) {
            WideGemm.multiply(memory, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta == 1, c, ldc);
        } else {
            openBlas(base, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        }
    }

    /** {@link #multiply} by OpenBLAS, bounds already checked. */
    static void openBlas(
            long base,
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
            float beta,
            long c,
            int ldc) {
        try {
            SGEMM.invokeExact(
                    ROW_MAJOR,
                    transposeA ? TRANSPOSE : NO_TRANSPOSE,
                    transposeB ? TRANSPOSE : NO_TRANSPOSE,
                    m,
                    n,
                    k,
                    alpha,
                    base + Workspace.bytes(a),
                    lda,
                    base + Workspace.bytes(b),
                    ldb,
                    beta,
                    base + Workspace.bytes(c),
                    ldc);
        } catch (Throwable e) {
            throw new IllegalStateException("calling OpenBLAS failed", e);
        }
    }

    private static void reach(MemorySegment memory, long offset, int rows, int columns, int stride) {
        long end = offset + (long) (rows - 1) * stride + columns;
        if (offset < 0 || rows < 1 || columns < 1 || stride < columns || end * Float.BYTES > memory.byteSize()) {
            throw new IndexOutOfBoundsException("matrix of " + rows + " × " + columns + " (stride " + stride + ") at "
                    + offset + " does not lie inside the workspace");
        }
    }

    private static SymbolLookup library() {
        // Loading through JavaCPP makes this the very library that ND4J links to, from the same cache folder.
        Path library = Path.of(Loader.load(openblas.class)).resolveSibling("libopenblas.so.0");
        return SymbolLookup.libraryLookup(library, Arena.global());
    }

    /** The name of the processor whose kernels OpenBLAS runs: what it detected, or {@code OPENBLAS_CORETYPE}. */
    static String kernels() {
        MethodHandle name = Linker.nativeLinker()
                .downcallHandle(
                        LIBRARY.findOrThrow("openblas_get_corename"), FunctionDescriptor.of(ValueLayout.ADDRESS));
        try {
            MemorySegment text = (MemorySegment) name.invokeExact();
            return text.reinterpret(LONGEST_NAME).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS does not tell its kernels", e);
        }
    }

    private static MethodHandle sgemm() {
        Linker linker = Linker.nativeLinker();
        try {
            MethodHandle threads = linker.downcallHandle(
                    LIBRARY.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
            threads.invokeExact(1);
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS cannot be set to one thread", e);
        }
        return linker.downcallHandle(
                LIBRARY.findOrThrow("cblas_sgemm"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_FLOAT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_FLOAT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
    }
}
