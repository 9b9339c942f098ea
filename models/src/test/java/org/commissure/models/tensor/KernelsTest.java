package org.commissure.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsTest {
    /** Φ(x)·x from tables of the normal distribution (Abramowitz &amp; Stegun, table 26.1). */
    private static final double[][] GELU = {
        {0, 0},
        {1, 0.8413447461},
        {2, 2 * 0.9772498681},
        {-1, -0.1586552539},
        {-3, -3 * 0.0013498980},
        {-40, 0},
        {40, 40}
    };

    @Test
    void geluIsTheOneByTheErrorFunction() {
        var plan = new Workspace.Plan();
        long x = plan.reserve(GELU.length);
        long y = plan.reserve(GELU.length);
        try (Workspace w = plan.allocate()) {
            for (int i = 0; i < GELU.length; i++) {
                w.set(x + i, (float) GELU[i][0]);
            }
            Elementwise.gelu(w, x, y, GELU.length);
            for (int i = 0; i < GELU.length; i++) {
                assertThat((double) w.get(y + i)).isCloseTo(GELU[i][1], within(4e-7 * Math.max(1, GELU[i][1])));
            }
            assertThat(w.get(x)).isCloseTo(0.5f, within(1e-6f));
            assertThat(w.get(x + 1)).isCloseTo(1.0833155f, within(1e-6f)); // Φ(1) + φ(1)
            assertThat(w.get(x + 5)).isZero();
        }
    }

    @Test
    void aConstantRowNormalisesToTheShift() {
        var plan = new Workspace.Plan();
        long x = plan.reserve(5);
        long scale = plan.reserve(5);
        long shift = plan.reserve(5);
        long y = plan.reserve(5);
        long statistics = plan.reserve(2);
        try (Workspace w = plan.allocate()) {
            for (int j = 0; j < 5; j++) {
                w.set(x + j, 7);
                w.set(scale + j, 3);
                w.set(shift + j, j);
            }
            LayerNorm.forward(w, x, 1, 5, 1e-6, scale, shift, y, statistics);
            for (int j = 0; j < 5; j++) {
                assertThat(w.get(y + j)).isEqualTo(j);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void productsOfStridedViewsAreThoseOfPlainLoops(boolean transposed) {
        var plan = new Workspace.Plan();
        long a = plan.reserve(60);
        long b = plan.reserve(60);
        long c = plan.reserve(60);
        var random = new SplittableRandom(4);
        try (Workspace w = plan.allocate()) {
            for (int i = 0; i < 60; i++) {
                w.set(a + i, (float) random.nextGaussian());
                w.set(b + i, (float) random.nextGaussian());
                w.set(c + i, 1);
            }
            Gemm.multiply(w, transposed, false, 3, 2, 4, 2, a, 7, b, 5, 0.5f, c, 6);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 2; j++) {
                    double sum = 0.5;
                    for (int k = 0; k < 4; k++) {
                        sum += 2.0 * w.get(a + (transposed ? k * 7 + i : i * 7 + k)) * w.get(b + k * 5 + j);
                    }
                    assertThat((double) w.get(c + i * 6 + j)).isCloseTo(sum, within(1e-5));
                }
                assertThat(w.get(c + i * 6 + 2)).isEqualTo(1);
            }
        }
    }

    /** Blocks, panels and tails of every kind: m, n, k beyond and below the sizes of the kernels' blocks. */
    @ParameterizedTest
    @CsvSource({
        "17, 24, 16, false, false", "37, 70, 131, false, false", "50, 65, 100, false, true", "49, 130, 97, true, false",
        "530, 33, 400, true, true", "513, 96, 385, false, true", "16, 32, 800, true, false", "600, 25, 17, false, false"
    })
    void largeProductsAreThoseOfPlainLoops(int m, int n, int k, boolean transposeA, boolean transposeB) {
        var plan = new Workspace.Plan();
        int lda = (transposeA ? m : k) + 3;
        int ldb = (transposeB ? k : n) + 5;
        int ldc = n + 2;
        long a = plan.reserve((long) lda * (transposeA ? k : m));
        long b = plan.reserve((long) ldb * (transposeB ? n : k));
        long c = plan.reserve((long) ldc * m);
        var random = new SplittableRandom(m);
        try (Workspace w = plan.allocate()) {
            for (long i = a; i < c; i++) {
                w.set(i, (float) random.nextDouble(-1, 1));
            }
            for (float beta : new float[] {0, 1}) {
                for (long i = c; i < c + (long) ldc * m; i++) {
                    w.set(i, 3);
                }
                Gemm.multiply(w, transposeA, transposeB, m, n, k, 0.5f, a, lda, b, ldb, beta, c, ldc);
                for (int i = 0; i < m; i += 7) {
                    for (int j = 0; j < n; j++) {
                        double sum = 3 * beta;
                        for (int q = 0; q < k; q++) {
                            double x = w.get(a + (transposeA ? (long) q * lda + i : (long) i * lda + q));
                            sum += 0.5 * x * w.get(b + (transposeB ? (long) j * ldb + q : (long) q * ldb + j));
                        }
                        assertThat((double) w.get(c + (long) i * ldc + j)).isCloseTo(sum, within(2e-5));
                    }
                    assertThat(w.get(c + (long) i * ldc + n)).isEqualTo(3);
                }
            }
        }
    }

    @Test
    void aMatrixThatLeavesTheWorkspaceIsRefusedBeforeNativeCodeSeesIt() {
        var plan = new Workspace.Plan();
        long a = plan.reserve(16);
        try (Workspace w = plan.allocate()) {
            assertThatThrownBy(() -> Gemm.multiply(w, false, false, 4, 4, 4, 1, a, 4, a, 4, 0, a + 8, 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void anNd4jViewSharesTheMemory() {
        var plan = new Workspace.Plan();
        long x = plan.reserve(6);
        try (Workspace w = plan.allocate()) {
            for (int i = 0; i < 6; i++) {
                w.set(x + i, i);
            }
            var view = w.view(x, 2, 3);
            assertThat(view.getFloat(1, 2)).isEqualTo(5);
            view.putScalar(0, 1, 9);
            assertThat(w.get(x + 1)).isEqualTo(9);
        }
    }

    @Test
    void aPlanThatCannotBeAddressedIsRefused() {
        var plan = new Workspace.Plan();
        assertThatThrownBy(() -> plan.reserve(1L << 62)).isInstanceOf(IllegalArgumentException.class);
    }
}
