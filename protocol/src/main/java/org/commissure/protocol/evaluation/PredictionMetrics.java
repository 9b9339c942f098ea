package org.commissure.protocol.evaluation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a sum of {@link PredictionSums} over sites says of a model; part of reports as JSON, key for key. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RegressionMetrics.class, name = "regression"),
    @JsonSubTypes.Type(value = ClassificationMetrics.class, name = "classification"),
    @JsonSubTypes.Type(value = ClassesMetrics.class, name = "classes")
})
public sealed interface PredictionMetrics permits RegressionMetrics, ClassificationMetrics, ClassesMetrics {

    /** External patients of all sites. */
    long patients();

    /** How sites differ in the headline metric: R², AUC or macro AUC. */
    SiteSpread sites();

    /**
     * @param sums decoded exact sums of the sites' vectors
     * @throws IllegalArgumentException if they are no such sums or count no patient
     */
    static PredictionMetrics of(TargetKind kind, double[] sums) {
        return switch (kind) {
            case TargetKind.Regression regression -> RegressionMetrics.of(regression, sums);
            case TargetKind.Classification classification -> ClassificationMetrics.of(sums);
            case TargetKind.Classes classes -> ClassesMetrics.of(classes.count(), sums);
        };
    }
}
