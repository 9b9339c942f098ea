package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainComparatorsTest {
    private static final double[][] ROWS = {
        {1.8, .4}, {2.0, 2.2}, {3.9, -1.0}, {1.0, -.2}, {.9, .4}, {2.1, 1.5},
        {.8, .1}, {1.4, .3}, {3.5, -.2}, {.3, -.9}, {-1.6, .7}, {2.9, -.7}
    };
    private static final boolean[] MEMBERS = {
        false, true, true, false, true, true, false, true, true, false, false, false
    };
    private static final double[] NUMBERS = {1.5, 3.1, 2.2, .7, 1.0, 2.9, .4, 1.6, 2.4, -.5, -1.2, 1.9};

    /** LinearSVC(C=0.5, loss="squared_hinge", dual=True) of scikit-learn 1.9.1. */
    @Test
    void theClassifierIsThatOfScikitLearn() {
        assertThat(LinearSupportVectors.classifier(ROWS, MEMBERS, 0.5))
                .containsExactly(new double[] {0.361633, 0.4750293, -0.61148107}, within(1e-6));
    }

    /** LinearSVR(C=0.5, epsilon=0.2, loss="squared_epsilon_insensitive", dual=True) of scikit-learn 1.9.1. */
    @Test
    void theRegressorIsThatOfScikitLearn() {
        assertThat(LinearSupportVectors.regressor(ROWS, NUMBERS, 0.5, 0.2))
                .containsExactly(new double[] {0.76855314, 0.56026731, 0.02857993}, within(1e-6));
    }

    /** KNeighborsClassifier behind StandardScaler of scikit-learn 1.9.1, fitted to the first nine. */
    @Test
    void neighboursAreThoseOfScikitLearn() {
        double[][] targets = new double[9][1];
        for (int i = 0; i < targets.length; i++) {
            targets[i][0] = MEMBERS[i] ? 1 : 0;
        }
        double[][] nine = Arrays.copyOf(ROWS, 9);
        double[][] others = Arrays.copyOfRange(ROWS, 9, 12);
        // The validation patients are the training ones, of whom the nearest is always right.
        PlainComparators one = new PlainComparators(nine, targets, nine, targets);
        assertThat(one.nearestNeighbours(nine)).isDeepEqualTo(targets);
        double[] three = column(one.nearest(one.standardised(others), 3));
        double[] five = column(one.nearest(one.standardised(others), 5));
        assertThat(three).containsExactly(new double[] {1.0 / 3, 1.0 / 3, 2.0 / 3}, within(1e-12));
        assertThat(five).containsExactly(new double[] {0.4, 0.4, 0.6}, within(1e-12));
    }

    private static double[] column(double[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
    }

    @Test
    void aPlantedNumberAndAPlantedClassAreFoundAndNoiseIsNot() {
        Random random = new Random(5);
        double[][] rows = new double[300][6];
        double[][] number = new double[300][1];
        double[][] classes = new double[300][2];
        double[][] noise = new double[300][1];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.doubles(6, -1, 1).toArray();
            number[i][0] = 40 + 10 * (rows[i][0] - rows[i][1]) + random.nextGaussian();
            classes[i][rows[i][0] > rows[i][1] ? 1 : 0] = 1;
            noise[i][0] = random.nextGaussian();
        }
        assertThat(r2(rows, number, false)).allSatisfy(r2 -> assertThat(r2).isGreaterThan(0.6));
        assertThat(r2(rows, noise, false)).allSatisfy(r2 -> assertThat(r2).isLessThan(0.1));
        PlainComparators plain = of(rows, classes);
        double[][] told = plain.supportVectors(Arrays.copyOfRange(rows, 200, 300), true);
        int right = 0;
        for (int i = 0; i < told.length; i++) {
            right += told[i][1] > told[i][0] == (classes[200 + i][1] == 1) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(90);
    }

    private static PlainComparators of(double[][] rows, double[][] targets) {
        return new PlainComparators(
                Arrays.copyOf(rows, 150),
                Arrays.copyOf(targets, 150),
                Arrays.copyOfRange(rows, 150, 200),
                Arrays.copyOfRange(targets, 150, 200));
    }

    private static List<Double> r2(double[][] rows, double[][] targets, boolean classes) {
        PlainComparators plain = of(rows, targets);
        double[] truth = column(Arrays.copyOfRange(targets, 200, 300));
        double[][] test = Arrays.copyOfRange(rows, 200, 300);
        return List.of(
                RegressionMetrics.of(truth, column(plain.nearestNeighbours(test)))
                        .r2(),
                RegressionMetrics.of(truth, column(plain.supportVectors(test, classes)))
                        .r2());
    }
}
