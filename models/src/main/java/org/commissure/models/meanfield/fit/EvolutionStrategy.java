package org.commissure.models.meanfield.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Covariance matrix adaptation (Hansen 2016, "The CMA evolution strategy: a tutorial") with the constants and rules of
 * Kong et al. 2021: a first step size of 0.15 that is never exceeded, no negative weights, and points outside the bounds
 * drawn again. Immutable: what changes is in the {@link StrategyState}.
 */
final class EvolutionStrategy {
    static final double LARGEST_STEP = 0.15;
    private static final int DRAWS = 20_000;
    private static final double SMALLEST_VARIANCE = 1e-20;

    private final int dimensions;
    private final int offspring;
    private final double[] weights;
    private final double effective;
    private final double pathDecay;
    private final double stepPathDecay;
    private final double rankOne;
    private final double rankMany;
    private final double damping;
    private final double expectedNorm;
    private final double largestStep;

    EvolutionStrategy(int dimensions, int offspring, int parents, double largestStep) {
        if (parents < 2 || offspring <= parents) {
            throw new IllegalArgumentException(
                    "a generation needs at least two parents and more offspring than parents, not " + parents + " of "
                            + offspring);
        }
        this.dimensions = dimensions;
        this.offspring = offspring;
        this.largestStep = largestStep;
        this.weights = weights(parents);
        double squares = 0;
        for (double weight : weights) {
            squares += weight * weight;
        }
        double n = dimensions;
        effective = 1 / squares;
        pathDecay = (4 + effective / n) / (n + 4 + 2 * effective / n);
        stepPathDecay = (effective + 2) / (n + effective + 5);
        rankOne = 2 / ((n + 1.3) * (n + 1.3) + effective);
        rankMany = Math.min(1 - rankOne, 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective));
        damping = 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + stepPathDecay;
        // The published code has 21*N^2 with Python's exclusive or, which makes it half a percent longer.
        expectedNorm = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    }

    private static double[] weights(int parents) {
        double[] weights = new double[parents];
        double sum = 0;
        for (int i = 0; i < parents; i++) {
            weights[i] = Math.log(parents + 0.5) - Math.log(i + 1);
            sum += weights[i];
        }
        for (int i = 0; i < parents; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    int parents() {
        return weights.length;
    }

    StrategyState start(CandidateSpace.Start start) {
        double[][] covariance = new double[dimensions][dimensions];
        for (int i = 0; i < dimensions; i++) {
            for (int k = 0; k < dimensions; k++) {
                for (int axis = 0; axis < dimensions; axis++) {
                    covariance[i][k] += start.basis()[i][axis]
                            * start.deviations()[axis]
                            * start.deviations()[axis]
                            * start.basis()[k][axis];
                }
            }
        }
        return new StrategyState(
                0,
                start.mean().clone(),
                largestStep,
                covariance,
                start.basis(),
                start.deviations().clone(),
                new double[dimensions],
                new double[dimensions]);
    }

    /**
     * A generation's offspring, all inside. Where chance finds no point inside, a step is halved until it is: the bounds
     * are convex and the mean lies within.
     */
    List<double[]> sample(StrategyState state, Random random, Predicate<double[]> inside) {
        List<double[]> points = new ArrayList<>(offspring);
        for (int i = 0; i < offspring; i++) {
            double[] point = draw(state, random);
            for (int attempt = 1; attempt < DRAWS && !inside.test(point); attempt++) {
                point = draw(state, random);
            }
            for (int halving = 0; halving < 100 && !inside.test(point); halving++) {
                for (int k = 0; k < dimensions; k++) {
                    point[k] = (point[k] + state.mean()[k]) / 2;
                }
            }
            points.add(inside.test(point) ? point : state.mean().clone());
        }
        return points;
    }

    private double[] draw(StrategyState state, Random random) {
        double[] point = state.mean().clone();
        for (int k = 0; k < dimensions; k++) {
            double length = state.step() * state.deviations()[k] * random.nextGaussian();
            for (int i = 0; i < dimensions; i++) {
                point[i] += state.basis()[i][k] * length;
            }
        }
        return point;
    }

    /** @param best the {@link #parents} best points of the generation, best first */
    StrategyState next(StrategyState state, List<double[]> best) {
        double[] mean = mean(best);
        double[] move = new double[dimensions];
        for (int i = 0; i < dimensions; i++) {
            move[i] = (mean[i] - state.mean()[i]) / state.step();
        }
        double[] stepPath = stepPath(state, move);
        double norm = norm(stepPath);
        double settled = norm / Math.sqrt(1 - Math.pow(1 - stepPathDecay, 2 * (state.generation() + 1)));
        boolean moving = settled / expectedNorm < 1.4 + 2.0 / (dimensions + 1);
        double[] path = new double[dimensions];
        for (int i = 0; i < dimensions; i++) {
            path[i] = (1 - pathDecay) * state.covariancePath()[i];
            if (moving) {
                path[i] += Math.sqrt(pathDecay * (2 - pathDecay) * effective) * move[i];
            }
        }
        double[][] covariance = covariance(state, best, path, moving);
        SymmetricEigen eigen = SymmetricEigen.of(covariance);
        double[] deviations = new double[dimensions];
        for (int i = 0; i < dimensions; i++) {
            deviations[i] = Math.sqrt(Math.max(eigen.values()[i], SMALLEST_VARIANCE));
        }
        double step = state.step() * Math.exp(stepPathDecay / damping * (norm / expectedNorm - 1));
        return new StrategyState(
                state.generation() + 1,
                mean,
                Math.min(largestStep, step),
                covariance,
                eigen.vectors(),
                deviations,
                path,
                stepPath);
    }

    private double[] mean(List<double[]> best) {
        double[] mean = new double[dimensions];
        for (int parent = 0; parent < weights.length; parent++) {
            for (int i = 0; i < dimensions; i++) {
                mean[i] += weights[parent] * best.get(parent)[i];
            }
        }
        return mean;
    }

    private double[] stepPath(StrategyState state, double[] move) {
        double[] path = new double[dimensions];
        double gain = Math.sqrt(stepPathDecay * (2 - stepPathDecay) * effective);
        for (int i = 0; i < dimensions; i++) {
            path[i] = (1 - stepPathDecay) * state.stepPath()[i];
        }
        for (int k = 0; k < dimensions; k++) {
            double along = 0;
            for (int i = 0; i < dimensions; i++) {
                along += state.basis()[i][k] * move[i];
            }
            for (int i = 0; i < dimensions; i++) {
                path[i] += gain * state.basis()[i][k] * along / state.deviations()[k];
            }
        }
        return path;
    }

    private double[][] covariance(StrategyState state, List<double[]> best, double[] path, boolean moving) {
        double kept = 1 - rankOne - rankMany + (moving ? 0 : rankOne * pathDecay * (2 - pathDecay));
        double[][] covariance = new double[dimensions][dimensions];
        for (int i = 0; i < dimensions; i++) {
            for (int k = 0; k <= i; k++) {
                double value = kept * state.covariance()[i][k] + rankOne * path[i] * path[k];
                for (int parent = 0; parent < weights.length; parent++) {
                    double di = (best.get(parent)[i] - state.mean()[i]) / state.step();
                    double dk = (best.get(parent)[k] - state.mean()[k]) / state.step();
                    value += rankMany * weights[parent] * di * dk;
                }
                covariance[i][k] = value;
                covariance[k][i] = value;
            }
        }
        return covariance;
    }

    private static double norm(double[] values) {
        double square = 0;
        for (double value : values) {
            square += value * value;
        }
        return Math.sqrt(square);
    }
}
