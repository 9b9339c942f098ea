package org.commissure.models.finetune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What simple predictors make of patients' features: the mean of the nearest patients, and a linear support vector
 * machine. Features are standardised over the training patients; how many neighbours and which cost, the validation
 * patients decide by squared error. Classes are told as {@link ConnectivityRidge} is: one column of targets each, 1 or 0.
 */
public final class PlainComparators {
    private static final int[] NEIGHBOURS = {1, 3, 5, 9, 15, 25};
    private static final double[] COSTS = {0.01, 0.1, 1, 10};

    /** Of standardised targets; LIBLINEAR's usual one. */
    private static final double TUBE = 0.1;

    private static final double CONSTANT = 1e-9;

    private final double[][] training;
    private final double[][] targets;
    private final double[][] validation;
    private final double[][] validationTargets;
    private final double[] mean;
    private final double[] scale;

    /**
     * @param training [patients][width]
     * @param targets [patients][outputs]: the number, or 1 for the patient's class and 0 elsewhere
     * @param validation of other patients
     */
    public PlainComparators(
            double[][] training, double[][] targets, double[][] validation, double[][] validationTargets) {
        this.targets = targets;
        this.validationTargets = validationTargets;
        int width = training[0].length;
        mean = new double[width];
        scale = new double[width];
        for (int j = 0; j < width; j++) {
            for (double[] row : training) {
                mean[j] += row[j] / training.length;
            }
            double squares = 0;
            for (double[] row : training) {
                squares += (row[j] - mean[j]) * (row[j] - mean[j]) / training.length;
            }
            // A row is then about one long, so that one list of costs suits any width.
            scale[j] = squares > CONSTANT * (CONSTANT + mean[j] * mean[j]) ? 1 / Math.sqrt(squares * width) : 0;
        }
        this.training = standardised(training);
        this.validation = standardised(validation);
    }

    double[][] standardised(double[][] rows) {
        return Arrays.stream(rows)
                .map(row -> IntStream.range(0, row.length)
                        .mapToDouble(j -> (row[j] - mean[j]) * scale[j])
                        .toArray())
                .toArray(double[][]::new);
    }

    /** By Euclidean distance. @return for each row the mean of the neighbours' targets */
    public double[][] nearestNeighbours(double[][] rows) {
        int[][] ordered = nearestFirst(validation);
        int best = NEIGHBOURS[0];
        double least = Double.POSITIVE_INFINITY;
        for (int k : NEIGHBOURS) {
            double error = k <= training.length ? error(means(ordered, k)) : Double.POSITIVE_INFINITY;
            if (error < least) {
                least = error;
                best = k;
            }
        }
        return nearest(standardised(rows), best);
    }

    /**
     * @param standardised rows
     * @param neighbours at most as many as the training patients
     */
    double[][] nearest(double[][] standardised, int neighbours) {
        return means(nearestFirst(standardised), neighbours);
    }

    /** For each row the training patients. Distances are taken once: rows of connectivity are long. */
    private int[][] nearestFirst(double[][] standardised) {
        int[][] ordered = new int[standardised.length][];
        for (int i = 0; i < standardised.length; i++) {
            double[] row = standardised[i];
            double[] distances = Arrays.stream(training)
                    .mapToDouble(other -> distance(row, other))
                    .toArray();
            ordered[i] = IntStream.range(0, training.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(other -> distances[other]))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        return ordered;
    }

    private double[][] means(int[][] nearestFirst, int neighbours) {
        double[][] predicted = new double[nearestFirst.length][targets[0].length];
        for (int i = 0; i < predicted.length; i++) {
            for (int other : Arrays.copyOf(nearestFirst[i], neighbours)) {
                for (int k = 0; k < predicted[i].length; k++) {
                    predicted[i][k] += targets[other][k] / neighbours;
                }
            }
        }
        return predicted;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return sum;
    }

    /**
     * @param classes whether the targets are classes, each told from the rest; then what is returned are decision values,
     *     moved to 0.5 ± half of them so that they compare with the targets
     */
    public double[][] supportVectors(double[][] rows, boolean classes) {
        Function<double[], double[]> best = row -> row;
        double least = Double.POSITIVE_INFINITY;
        for (double cost : COSTS) {
            Function<double[], double[]> machine = classes ? classifiers(cost) : regressors(cost);
            double error = error(predicted(machine, validation));
            if (error < least) {
                least = error;
                best = machine;
            }
        }
        return predicted(best, standardised(rows));
    }

    private static double[][] predicted(Function<double[], double[]> machine, double[][] standardised) {
        return Arrays.stream(standardised).map(machine).toArray(double[][]::new);
    }

    private Function<double[], double[]> classifiers(double cost) {
        double[][] weights = new double[targets[0].length][];
        for (int k = 0; k < weights.length; k++) {
            boolean[] members = new boolean[targets.length];
            for (int i = 0; i < members.length; i++) {
                members[i] = targets[i][k] == 1;
            }
            weights[k] = LinearSupportVectors.classifier(training, members, cost);
        }
        return row -> Arrays.stream(weights)
                .mapToDouble(w -> 0.5 + LinearSupportVectors.decision(w, row) / 2)
                .toArray();
    }

    private Function<double[], double[]> regressors(double cost) {
        double centre =
                Arrays.stream(targets).mapToDouble(row -> row[0]).average().orElseThrow();
        double spread = Math.sqrt(Arrays.stream(targets)
                .mapToDouble(row -> (row[0] - centre) * (row[0] - centre))
                .average()
                .orElseThrow());
        double unit = spread > 0 ? spread : 1;
        double[] weights = LinearSupportVectors.regressor(
                training,
                Arrays.stream(targets)
                        .mapToDouble(row -> (row[0] - centre) / unit)
                        .toArray(),
                cost,
                TUBE);
        return row -> new double[] {centre + unit * LinearSupportVectors.decision(weights, row)};
    }

    private double error(double[][] predicted) {
        double sum = 0;
        for (int i = 0; i < predicted.length; i++) {
            for (int k = 0; k < predicted[i].length; k++) {
                sum += Math.pow(predicted[i][k] - validationTargets[i][k], 2);
            }
        }
        return sum;
    }
}
