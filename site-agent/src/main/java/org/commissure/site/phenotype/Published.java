package org.commissure.site.phenotype;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.harmonise.CombatReference;
import org.commissure.models.harmonise.CombatSums;
import org.commissure.models.harmonise.QuantileHistogram;
import org.commissure.models.harmonise.RobustScale;
import org.commissure.models.linear.LinearModel;
import org.commissure.models.linear.Logistic;
import org.commissure.models.linear.Moments;
import org.commissure.models.linear.Ridge;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.PublishedDoubles;
import org.commissure.protocol.v1.SumKind;

/**
 * What follows from the published sums of a study: the same at every site, and at anybody who has the released vector.
 */
public final class Published {
    /** Demographics are few columns, so next to no penalty does; the same for every study. */
    static final double DEMOGRAPHICS_PENALTY = 1e-3;

    private static final double FAR = 1e6;

    /** Features are correlations' transforms over √pairs times random signs, which stay well within ±2. */
    static final QuantileHistogram HISTOGRAM = new QuantileHistogram(-2, 2, PhenotypeVectors.BINS);

    private final PhenotypePlan plan;
    private final PhenotypeVectors vectors;
    private final double[] floats;

    /** @param floats the released vector */
    public Published(PhenotypePlan plan, double[] floats) {
        this.plan = plan;
        this.vectors = PhenotypeVectors.of(plan);
        this.floats = floats.clone();
    }

    private double[] block(SumKind kind) {
        return PublishedDoubles.join(floats, vectors.offset(kind), vectors.length(kind));
    }

    /** Of each feature. */
    List<RobustScale> scales() {
        double[] counts = block(SumKind.SCALE);
        return IntStream.range(0, vectors.features())
                .mapToObj(f -> HISTOGRAM.scale(counts, f * PhenotypeVectors.BINS))
                .toList();
    }

    CombatReference combat() {
        double[] block = block(SumKind.HARMONISE);
        return CombatReference.of(
                new CombatSums(vectors.covariates(), vectors.features(), Arrays.copyOf(block, block.length - 1)));
    }

    /** Of the training patients of all sites, by fold. */
    List<Moments> folds() {
        double[] block = block(SumKind.FIT);
        List<Moments> folds = new ArrayList<>();
        for (int fold = 0; fold < vectors.folds(); fold++) {
            folds.add(Moments.read(block, fold * Moments.length(vectors.width()), vectors.width()));
        }
        return folds;
    }

    /** The penalty of a model of a target; chosen by folds but for demographics. */
    public double penalty(int model, int target) {
        return model == PhenotypeVectors.DEMOGRAPHICS
                ? DEMOGRAPHICS_PENALTY
                : Ridge.choose(
                        folds(),
                        vectors.predictors(model),
                        vectors.target(target),
                        plan.fit().penalties());
    }

    /** @throws ArithmeticException if a class has fewer than two members; of several it names the class */
    Logistic logistic(int model, int target) {
        try {
            return new Logistic(patients(), vectors.predictors(model), vectors.target(target), penalty(model, target));
        } catch (ArithmeticException e) {
            throw vectors.targets() == 1
                    ? e
                    : (ArithmeticException) new ArithmeticException("'"
                                    + plan.target().classes().orElseThrow().get(target) + "' against the rest: "
                                    + e.getMessage())
                            .initCause(e);
        }
    }

    /** Where the next Newton step of a model of a target begins: the newest sum's own step, or the start. */
    double[] point(int model, int target, Logistic logistic) {
        double[] block = block(SumKind.REFINE);
        double sites = block[block.length - 1];
        if (sites == 0) {
            return logistic.start();
        }
        double[] last = last(model, target, block);
        return logistic.next(last, block, vectors.newtonAt(model, target) + last.length);
    }

    private double[] last(int model, int target, double[] block) {
        double sites = block[block.length - 1];
        int at = vectors.newtonAt(model, target);
        double[] last = Arrays.copyOfRange(block, at, at + vectors.coefficients(model));
        for (int i = 0; i < last.length; i++) {
            last[i] /= sites;
        }
        return last;
    }

    /** How far a point has moved since the newest sum; far where there was none. */
    double movement(int model, int target, double[] point) {
        double[] block = block(SumKind.REFINE);
        return block[block.length - 1] == 0 ? FAR : Math.min(FAR, Logistic.movement(last(model, target, block), point));
    }

    /**
     * A fitted model: the task's (0), demographics only (1), connectivity's beside an encoder's (2).
     *
     * @param target 0; of more than two classes the one that is told from the rest
     */
    public LinearModel model(int model, int target) {
        if (plan.target().type() == PhenotypePlan.Type.REGRESSION) {
            return Ridge.fit(patients(), vectors.predictors(model), vectors.target(target), penalty(model, target));
        }
        Logistic logistic = logistic(model, target);
        return logistic.model(point(model, target, logistic));
    }

    /** A model of every target. */
    List<LinearModel> models(int model) {
        return IntStream.range(0, vectors.targets())
                .mapToObj(target -> model(model, target))
                .toList();
    }

    /** @throws IllegalArgumentException if the target does not vary over the training patients */
    TargetKind target() {
        return vectors.target(floats);
    }

    /** Training patients of all sites. */
    Moments patients() {
        return Ridge.sum(folds());
    }

    /** What the training patients of all sites are on average: the mean, or the share of class 1 or of each class. */
    List<Double> means() {
        Moments all = patients();
        return IntStream.range(0, vectors.targets())
                .mapToObj(target -> all.mean(vectors.target(target)))
                .toList();
    }
}
