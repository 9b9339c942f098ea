package org.commissure.site.phenotype;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.linear.LinearModel;
import org.commissure.models.linear.Moments;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.jspecify.annotations.Nullable;

/**
 * The fitted models of a run of kind phenotype in words: what follows from its released vector and its study alone, and
 * so is known to whoever has both.
 *
 * @param trainingPatients of all sites
 * @param models the task's, of several classes one each, then the baselines that were fitted
 */
public record PhenotypeCoefficients(String target, long trainingPatients, List<Fitted> models) {
    public PhenotypeCoefficients {
        models = List.copyOf(models);
    }

    /**
     * @param againstRest the class that is told from all others; null of a number or of two classes, where the second's
     *     log odds are modelled
     * @param intercept for columns as they are
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fitted(
            String model,
            @Nullable String againstRest,
            double penalty,
            double intercept,
            List<Coefficient> coefficients) {
        public Fitted {
            coefficients = List.copyOf(coefficients);
        }
    }

    /**
     * @param value for the column as it is, scaled and harmonised
     * @param standardised for one deviation of it over the training patients
     */
    public record Coefficient(String column, double value, double standardised) {}

    /**
     * @param released the run's vector
     * @throws IllegalArgumentException if it is not of this study
     * @throws ArithmeticException if the run ended before its models were fitted
     */
    public static PhenotypeCoefficients of(PhenotypePlan plan, float[] released) {
        PhenotypeVectors vectors = PhenotypeVectors.of(plan);
        if (released.length != vectors.published()) {
            throw new IllegalArgumentException(
                    "the study's vector has " + vectors.published() + " values, not " + released.length);
        }
        double[] floats = new double[released.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = released[i];
        }
        Published published = new Published(plan, floats);
        Moments patients = published.patients();
        if (!(patients.patients() >= 1)) {
            throw new ArithmeticException("the run ended before its models were fitted");
        }
        List<Fitted> models = new ArrayList<>();
        for (int model = 0; model < vectors.fitted(); model++) {
            for (int target = 0; target < vectors.targets(); target++) {
                models.add(fitted(plan, vectors, published, patients, model, target));
            }
        }
        return new PhenotypeCoefficients(plan.target().column(), Math.round(patients.patients()), models);
    }

    private static Fitted fitted(
            PhenotypePlan plan,
            PhenotypeVectors vectors,
            Published published,
            Moments patients,
            int model,
            int target) {
        LinearModel fit = published.model(model, target);
        List<Coefficient> coefficients = new ArrayList<>();
        for (int column : vectors.predictors(model)) {
            double value = fit.coefficient(column);
            coefficients.add(new Coefficient(column(plan, vectors, column), value, value * patients.deviation(column)));
        }
        return new Fitted(
                PhenotypeVectors.nameOfFitted(model),
                vectors.targets() == 1
                        ? null
                        : plan.target().classes().orElseThrow().get(target),
                published.penalty(model, target),
                fit.coefficient(0),
                coefficients);
    }

    /** Such as {@code age}, {@code sex F}, {@code embedding 3} or {@code connectivity 17}. */
    private static String column(PhenotypePlan plan, PhenotypeVectors vectors, int column) {
        int feature = column - 1 - vectors.covariates();
        if (feature < 0) {
            if (column > plan.covariates().size()) {
                return plan.covariates()
                                .get(column - 1 - plan.covariates().size())
                                .column() + " known";
            }
            PhenotypePlan.Column covariate = plan.covariates().get(column - 1);
            return covariate.column()
                    + covariate.classes().map(names -> " " + names.get(1)).orElse("");
        }
        return feature < vectors.embedding()
                ? "embedding " + feature
                : "connectivity " + (feature - vectors.embedding());
    }
}
