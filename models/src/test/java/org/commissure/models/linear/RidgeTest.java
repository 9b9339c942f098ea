package org.commissure.models.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RidgeTest {
    private static final int[] PREDICTORS = {1, 2, 3};
    private static final int TARGET = 4;
    private static final int WIDTH = 5;

    /** [1, x1, x2, x3, y] with y = 2 + 3·x1 − x2 + noise; x3 means nothing. */
    private static List<double[]> rows(int n, long seed, double noise) {
        Random random = new Random(seed);
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double a = 10 + random.nextGaussian();
            double b = 0.1 * random.nextGaussian();
            rows.add(new double[] {1, a, b, random.nextGaussian(), 2 + 3 * a - b + noise * random.nextGaussian()});
        }
        return rows;
    }

    private static Moments moments(List<double[]> rows) {
        Moments moments = new Moments(WIDTH);
        rows.forEach(moments::add);
        return moments;
    }

    @Test
    void theSumOfSitesGivesTheCoefficientsOfThePooledPatients() {
        List<double[]> all = rows(90, 1, 1);
        Moments summed =
                moments(all.subList(0, 20)).plus(moments(all.subList(20, 55))).plus(moments(all.subList(55, 90)));
        double[] distributed = Ridge.fit(summed, PREDICTORS, TARGET, 0.3).coefficients();
        double[] pooled = byGradientDescent(all, 0.3);
        for (int i = 0; i < WIDTH; i++) {
            assertThat(distributed[i]).isCloseTo(pooled[i], within(1e-8));
        }
    }

    /** Minimises Σ(y − a − uᵀb)²/n + λ|b|² over the patients themselves, without any of the code under test. */
    private static double[] byGradientDescent(List<double[]> rows, double penalty) {
        int n = rows.size();
        double[] mean = new double[WIDTH];
        double[] deviation = new double[WIDTH];
        for (int j = 1; j < WIDTH; j++) {
            for (double[] row : rows) {
                mean[j] += row[j] / n;
            }
            for (double[] row : rows) {
                deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / n;
            }
            deviation[j] = Math.sqrt(deviation[j]);
        }
        double[] b = new double[PREDICTORS.length];
        for (int step = 0; step < 5_000; step++) {
            double[] gradient = new double[b.length];
            for (double[] row : rows) {
                double residual = row[TARGET] - mean[TARGET];
                for (int k = 0; k < b.length; k++) {
                    residual -= b[k] * (row[1 + k] - mean[1 + k]) / deviation[1 + k];
                }
                for (int k = 0; k < b.length; k++) {
                    gradient[k] += residual * (row[1 + k] - mean[1 + k]) / deviation[1 + k] / n;
                }
            }
            for (int k = 0; k < b.length; k++) {
                b[k] += 0.3 * (gradient[k] - penalty * b[k]);
            }
        }
        double[] coefficients = new double[WIDTH];
        coefficients[0] = mean[TARGET];
        for (int k = 0; k < b.length; k++) {
            coefficients[1 + k] = b[k] / deviation[1 + k];
            coefficients[0] -= coefficients[1 + k] * mean[1 + k];
        }
        return coefficients;
    }

    @Test
    void aPlantedLineIsFoundAgain() {
        double[] found = Ridge.fit(moments(rows(2_000, 2, 0.01)), PREDICTORS, TARGET, 1e-9)
                .coefficients();
        assertThat(found[0]).isCloseTo(2, within(0.05));
        assertThat(found[1]).isCloseTo(3, within(0.005));
        assertThat(found[2]).isCloseTo(-1, within(0.05));
        assertThat(found[3]).isCloseTo(0, within(0.005));
    }

    @Test
    void theSquaredErrorFromTheSumsIsThatOfThePatients() {
        List<double[]> patients = rows(40, 3, 1);
        LinearModel model = Ridge.fit(moments(rows(60, 4, 1)), PREDICTORS, TARGET, 0.1);
        double error = 0;
        for (double[] row : patients) {
            error += Math.pow(row[TARGET] - model.predict(row), 2);
        }
        assertThat(moments(patients).squaredError(model, TARGET)).isCloseTo(error, within(1e-8));
    }

    @Test
    void foldsChooseALargePenaltyForNoiseAndASmallOneForASignal() {
        List<Double> penalties = List.of(1e-4, 1.0, 1e4);
        assertThat(Ridge.choose(folds(rows(100, 5, 0.1)), PREDICTORS, TARGET, penalties))
                .isEqualTo(1e-4);
        List<double[]> noise = rows(100, 6, 0);
        Random random = new Random(7);
        noise.forEach(row -> row[TARGET] = random.nextGaussian());
        assertThat(Ridge.choose(folds(noise), PREDICTORS, TARGET, penalties)).isEqualTo(1e4);
    }

    private static List<Moments> folds(List<double[]> rows) {
        List<Moments> folds = new ArrayList<>();
        for (int fold = 0; fold < 5; fold++) {
            folds.add(moments(rows.subList(20 * fold, 20 * fold + 20)));
        }
        return folds;
    }

    @Test
    void aConstantColumnTakesNoPart() {
        List<double[]> rows = rows(30, 8, 1);
        rows.forEach(row -> row[2] = 0.1);
        assertThat(Ridge.fit(moments(rows), PREDICTORS, TARGET, 0.1).coefficient(2))
                .isZero();
    }

    @Test
    void momentsThatWereWrittenAreRead() {
        Moments moments = moments(rows(9, 9, 1));
        double[] values = new double[3 + Moments.length(WIDTH)];
        moments.write(values, 3);
        Moments read = Moments.read(values, 3, WIDTH);
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < WIDTH; j++) {
                assertThat(read.product(i, j)).isEqualTo(moments.product(j, i));
            }
        }
        assertThat(moments.minus(read).patients()).isZero();
    }

    @Test
    void nobodyCannotBeFitted() {
        assertThatThrownBy(() -> Ridge.fit(new Moments(WIDTH), PREDICTORS, TARGET, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("no patients");
    }

    @Test
    void aMatrixThatIsNotPositiveDefiniteIsRefused() {
        assertThatThrownBy(() -> Cholesky.of(new double[][] {{1, 0}, {2, 1}}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("row 2");
    }
}
