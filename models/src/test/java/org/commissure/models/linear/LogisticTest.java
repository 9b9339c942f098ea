package org.commissure.models.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogisticTest {
    private static final int[] PREDICTORS = {1, 2};
    private static final int TARGET = 3;
    private static final int WIDTH = 4;

    /** P(y = 1) = logistic(−.5 + 1.5·x1): x2 means nothing. */
    private static List<double[]> rows(int n, long seed, double slope) {
        Random random = new Random(seed);
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double x = random.nextGaussian();
            double y = random.nextDouble() < 1 / (1 + Math.exp(0.5 - slope * x)) ? 1 : 0;
            rows.add(new double[] {1, x, 5 + 2 * random.nextGaussian(), y});
        }
        return rows;
    }

    private static Logistic logistic(List<double[]> rows, double penalty) {
        Moments moments = new Moments(WIDTH);
        rows.forEach(moments::add);
        return new Logistic(moments, PREDICTORS, TARGET, penalty);
    }

    /** Newton's method over sites that only ever add up. */
    private static double[] distributed(Logistic logistic, List<List<double[]>> sites, int steps) {
        double[] point = logistic.start();
        for (int step = 0; step < steps; step++) {
            double[] sums = new double[Logistic.length(logistic.coefficients())];
            for (List<double[]> site : sites) {
                double[] own = new double[sums.length];
                for (double[] row : site) {
                    logistic.add(row, point, own, 0);
                }
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += own[i];
                }
            }
            point = logistic.next(point, sums, 0);
        }
        return point;
    }

    @Test
    void newtonOverSitesMaximisesThePooledLikelihood() {
        List<double[]> all = rows(120, 1, 1.5);
        double penalty = 0.05;
        Logistic logistic = logistic(all, penalty);
        double[] point = distributed(logistic, List.of(all.subList(0, 30), all.subList(30, 120)), 8);
        LinearModel model = logistic.model(point);
        // At the maximum Σ u(y − p) = n·λ·w·θ, computed here from the patients and nothing else.
        double n = all.size();
        double share = all.stream().mapToDouble(row -> row[TARGET]).sum() / n;
        double[] gradient = new double[3];
        for (double[] row : all) {
            double residual = row[TARGET] - 1 / (1 + Math.exp(-model.predict(row)));
            gradient[0] += residual;
            for (int k = 0; k < 2; k++) {
                gradient[1 + k] += residual * standard(all, row, PREDICTORS[k]);
            }
        }
        assertThat(gradient[0]).isCloseTo(0, within(1e-7));
        for (int k = 1; k < 3; k++) {
            assertThat(gradient[k] - n * penalty * share * (1 - share) * point[k])
                    .isCloseTo(0, within(1e-7));
        }
    }

    private static double standard(List<double[]> rows, double[] row, int column) {
        double mean = rows.stream().mapToDouble(r -> r[column]).average().orElseThrow();
        double variance = rows.stream()
                .mapToDouble(r -> (r[column] - mean) * (r[column] - mean))
                .average()
                .orElseThrow();
        return (row[column] - mean) / Math.sqrt(variance);
    }

    @Test
    void theWayItIsDividedAmongSitesChangesNothing() {
        List<double[]> all = rows(90, 2, 1);
        Logistic logistic = logistic(all, 0.1);
        double[] one = distributed(logistic, List.of(all), 6);
        double[] three = distributed(logistic, List.of(all.subList(0, 5), all.subList(5, 50), all.subList(50, 90)), 6);
        assertThat(Logistic.movement(one, three)).isLessThan(1e-9);
    }

    @Test
    void aPlantedEffectIsFoundAgain() {
        List<double[]> all = rows(5_000, 3, 1.5);
        Logistic logistic = logistic(all, 1e-6);
        LinearModel model = logistic.model(distributed(logistic, List.of(all), 8));
        assertThat(model.coefficient(0)).isCloseTo(-0.5, within(0.25));
        assertThat(model.coefficient(1)).isCloseTo(1.5, within(0.15));
        assertThat(model.coefficient(2)).isCloseTo(0, within(0.05));
    }

    @Test
    void whiteNoiseIsNotToldApart() {
        Random random = new Random(11);
        int wins = 0;
        int pairs = 0;
        for (int repeat = 0; repeat < 40; repeat++) {
            List<double[]> training = rows(60, random.nextLong(), 0);
            List<double[]> external = rows(60, random.nextLong(), 0);
            Logistic logistic = logistic(training, 0.1);
            LinearModel model = logistic.model(distributed(logistic, List.of(training), 6));
            for (double[] one : external) {
                for (double[] other : external) {
                    if (one[TARGET] > other[TARGET]) {
                        pairs++;
                        wins += model.predict(one) > model.predict(other) ? 1 : 0;
                    }
                }
            }
        }
        // 40 cohorts of 60: the standard error of the mean AUC is about .075/√40 = .012.
        assertThat((double) wins / pairs).isBetween(0.45, 0.55);
    }

    @Test
    void newtonsFirstStepIsRidgeRegression() {
        List<double[]> all = rows(200, 4, 0.2);
        Moments moments = new Moments(WIDTH);
        all.forEach(moments::add);
        double share = moments.mean(TARGET);
        LinearModel ridge = Ridge.fit(moments, PREDICTORS, TARGET, 0.5);
        LinearModel start = logistic(all, 0.5).model(logistic(all, 0.5).start());
        assertThat(start.coefficient(1)).isCloseTo(ridge.coefficient(1) / (share * (1 - share)), within(1e-8));
    }

    @Test
    void aClassWithOneMemberIsRefused() {
        List<double[]> rows = rows(30, 5, 0);
        rows.forEach(row -> row[TARGET] = 0);
        rows.getFirst()[TARGET] = 1;
        assertThatThrownBy(() -> logistic(rows, 0.1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("fewer than two members");
    }
}
