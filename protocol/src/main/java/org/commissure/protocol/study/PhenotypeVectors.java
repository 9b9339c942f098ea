package org.commissure.protocol.study;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.v1.SumKind;

/**
 * The layout of what a study of kind phenotype sums and publishes. The published vector is the blocks of SCALE,
 * HARMONISE, FIT and REFINE one after another, as far as the study has them, each number as two floats ({@link
 * PublishedDoubles}). OVERLAP and EVALUATE publish no block.
 *
 * <p>A patient's row is 1, the covariates, the features, the targets; products of rows are upper triangles by rows. The
 * features are an encoder's, where the study has one, then connectivity's. There is one target; of more than two classes there is one for each, 1
 * for its members, and each is fitted against the rest.
 *
 * @param covariates q, those included that say whether another is known
 * @param embedding features that are an encoder's; 0 where the study has none
 * @param connectivity features that are connectivity's
 * @param folds of the training patients, each with its own sum
 * @param classes of a classification; 0 in a regression
 * @param buckets of the overlap count; 0 where there is none
 * @param course the sums that end in a release
 */
public record PhenotypeVectors(
        int covariates, int embedding, int connectivity, int folds, int classes, int buckets, List<SumKind> course)
        implements PublishedVectors {
    /** Bins of a feature's histogram; the first and the last also hold what lies outside the range. */
    public static final int BINS = 512;

    /** By bucket of the overlap count: patients, Σ fingerprint, Σ fingerprint². */
    public static final int TABLES = 3;

    /** Fingerprints are below this, so that the squares of 64 patients in a bucket stay within ±2^30. */
    public static final int FINGERPRINTS = 1 << 12;

    /** Which of the fitted models predicts from the covariates alone. */
    public static final int DEMOGRAPHICS = 1;

    private static final String TASK = "federated";
    private static final String COVARIATES_ALONE = "demographics";
    private static final String BESIDE = "connectivity";
    private static final List<String> MODELS = List.of(TASK, "single-site", COVARIATES_ALONE, "mean");

    public PhenotypeVectors {
        course = List.copyOf(course);
    }

    public static PhenotypeVectors of(PhenotypePlan plan) {
        return new PhenotypeVectors(
                plan.covariateColumns(),
                plan.features().embedding().map(FrozenEmbedding::width).orElse(0),
                plan.features().dimensions(),
                plan.fit().folds(),
                plan.target().classes().map(List::size).orElse(0),
                plan.overlap().map(PhenotypePlan.Overlap::buckets).orElse(0),
                plan.course());
    }

    /** The models that are scored, in the order of EVALUATE; connectivity's is a baseline of an encoder's. */
    public List<String> models() {
        return embedding == 0
                ? MODELS
                : Stream.concat(MODELS.stream(), Stream.of(BESIDE)).toList();
    }

    /** Models fitted to the sums of all sites: the task's, demographics only, and connectivity's beside an encoder's. */
    public int fitted() {
        return embedding == 0 ? DEMOGRAPHICS + 1 : DEMOGRAPHICS + 2;
    }

    /** What {@link #models()} calls a fitted model. */
    public static String nameOfFitted(int model) {
        return List.of(TASK, COVARIATES_ALONE, BESIDE).get(model);
    }

    /** Columns of a patient's row that a fitted model predicts from. */
    public int[] predictors(int model) {
        int features = 1 + covariates;
        return switch (model) {
            case 0 -> columns(features, embedding == 0 ? connectivity : embedding);
            case DEMOGRAPHICS -> columns(1, covariates);
            case DEMOGRAPHICS + 1 -> columns(features + embedding, connectivity);
            default -> throw new IllegalArgumentException("there is no fitted model " + model);
        };
    }

    private static int[] columns(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    /** d: features of all kinds. */
    public int features() {
        return embedding + connectivity;
    }

    /** How many columns say what is predicted. */
    public int targets() {
        return classes > 2 ? classes : 1;
    }

    /** A column of the targets in a patient's row. */
    public int target(int which) {
        return width() - targets() + which;
    }

    /** Entries of a patient's row: 1, covariates, features, targets. */
    public int width() {
        return 1 + covariates + features() + targets();
    }

    /** Entries of the upper triangle of a square matrix. */
    public static int triangle(int size) {
        return size * (size + 1) / 2;
    }

    /** Coefficients of one fitted model, its intercept included. */
    public int coefficients(int model) {
        return 1 + predictors(model).length;
    }

    /** Point, gradient, Hessian and loss of one model of one target. */
    public int newton(int model) {
        return 2 * coefficients(model) + triangle(coefficients(model)) + 1;
    }

    /** Where a fitted model's part of REFINE begins that is of a target. */
    public int newtonAt(int model, int target) {
        return targets() * IntStream.range(0, model).map(this::newton).sum() + target * newton(model);
    }

    /** Where, behind all models, the largest move of a coefficient stands in REFINE. */
    public int movement() {
        return targets() * IntStream.range(0, fitted()).map(this::newton).sum();
    }

    @Override
    public List<SumKind> kinds() {
        List<SumKind> kinds = new ArrayList<>();
        if (buckets > 0) {
            kinds.add(SumKind.OVERLAP);
        }
        course.stream().distinct().forEach(kinds::add);
        kinds.add(SumKind.EVALUATE);
        return List.copyOf(kinds);
    }

    @Override
    public int length(SumKind kind) {
        return 1
                + switch (kind) {
                    case OVERLAP -> TABLES * buckets;
                    case SCALE -> features() * BINS;
                    case HARMONISE -> 1 + covariates + 2 * features() + triangle(covariates) + covariates * features();
                    case FIT -> folds * triangle(width());
                    case REFINE -> movement() + 1;
                    case EVALUATE -> models().size() * scores();
                    default -> throw new IllegalArgumentException("a study of a phenotype has no sum of kind " + kind);
                };
    }

    /** Scores bring their own scale. */
    @Override
    public double scale(SumKind kind) {
        return kind == SumKind.EVALUATE ? 1 : SCALE;
    }

    /** Numbers of one model in EVALUATE. */
    public int scores() {
        return PredictionSums.length(classes == 0 ? TargetKind.regression(0, 1) : TargetKind.classes(classes));
    }

    /**
     * What is scored. A number is scored in units of its deviation over the training patients of all sites, which
     * everybody reads from the published sums.
     *
     * @param published the released vector
     * @throws IllegalArgumentException if the target does not vary
     */
    public TargetKind target(double[] published) {
        if (classes > 0) {
            return TargetKind.classes(classes);
        }
        int last = triangle(width()) - 1;
        double n = 0;
        double sum = 0;
        double squares = 0;
        double[] block = PublishedDoubles.join(published, offset(SumKind.FIT), length(SumKind.FIT));
        for (int fold = 0; fold < folds; fold++) {
            int at = fold * triangle(width());
            n += block[at];
            sum += block[at + target(0)];
            squares += block[at + last];
        }
        return TargetKind.regression(sum / n, Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n))));
    }

    /**
     * Training patients of all sites of whom each covariate is known, by the columns that say so.
     *
     * @param published the released vector
     */
    public List<Long> known(double[] published) {
        double[] block = PublishedDoubles.join(published, offset(SumKind.FIT), length(SumKind.FIT));
        return IntStream.range(covariates / 2, covariates)
                .mapToObj(column -> Math.round(IntStream.range(0, folds)
                        .mapToDouble(fold -> block[fold * triangle(width()) + 1 + column])
                        .sum()))
                .toList();
    }

    /**
     * Training patients of all sites.
     *
     * @param published the released vector
     */
    public long patients(double[] published) {
        double[] block = PublishedDoubles.join(published, offset(SumKind.FIT), length(SumKind.FIT));
        return Math.round(IntStream.range(0, folds)
                .mapToDouble(fold -> block[fold * triangle(width())])
                .sum());
    }

    @Override
    public int offset(SumKind kind) {
        int offset = 0;
        for (SumKind each : course.stream().distinct().toList()) {
            if (each == kind) {
                return offset;
            }
            offset += PublishedDoubles.FLOATS * length(each);
        }
        throw new IllegalArgumentException("a sum of kind " + kind + " publishes no block");
    }

    @Override
    public int published() {
        return course.stream()
                .distinct()
                .mapToInt(kind -> PublishedDoubles.FLOATS * length(kind))
                .sum();
    }
}
