package org.commissure.site.cohort;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.Study;

/**
 * What a series must look like to take part.
 *
 * @param parcels rows every series must have
 * @param minimumFrames shortest series that is admitted, in frames
 * @param atlas value of the {@code atlas-} entity that is preferred when a folder holds several
 * @param description value of the {@code desc-} entity that is preferred when a folder holds several
 * @param quality what else is asked
 */
public record CohortRules(int parcels, int minimumFrames, String atlas, String description, QualityRules quality) {
    /** Craddock's 200 parcels, as the public ABIDE derivatives name them. */
    public static final String DEFAULT_ATLAS = "CC200";

    /** Neither band-passed nor with the global signal removed: what BrainLM is trained on. */
    public static final String DEFAULT_DESCRIPTION = "nofiltnoglobal";

    public CohortRules {
        if (parcels < 1 || minimumFrames < 1) {
            throw new IllegalArgumentException("parcels and minimumFrames must be at least 1");
        }
    }

    /** Asks nothing else. */
    public CohortRules(int parcels, int minimumFrames, String atlas, String description) {
        this(parcels, minimumFrames, atlas, description, QualityRules.NONE);
    }

    /** What a study asks of a series. */
    public static CohortRules of(Study study) {
        return study.regional()
                .map(plan -> new CohortRules(
                        plan.atlas().sourceParcels(), plan.statistics().minimumFrames()))
                .or(() -> study.phenotype()
                        .map(plan -> withColumns(
                                plan.features().parcels(), plan.features().minimumFrames(), asked(plan), noted(plan))))
                .or(() -> study.finetune()
                        .map(plan -> withColumns(
                                study.model().parcels(),
                                study.model().windowFrames(),
                                List.of(plan.target().asColumn()),
                                study.baselines().map(CohortRules::noted).orElse(List.of()))))
                .orElseGet(() ->
                        new CohortRules(study.model().parcels(), study.model().windowFrames()));
    }

    private static List<PhenotypePlan.Column> asked(PhenotypePlan plan) {
        return plan.indicatesMissing() ? List.of(plan.columns().getLast()) : plan.columns();
    }

    private static List<String> noted(PhenotypePlan plan) {
        return plan.indicatesMissing()
                ? plan.covariates().stream().map(PhenotypePlan.Column::column).toList()
                : List.of();
    }

    /** Patients who lack what one of the columns asks for take no part; what is noted is of nobody asked for. */
    private static CohortRules withColumns(
            int parcels, int minimumFrames, List<PhenotypePlan.Column> columns, List<String> noted) {
        List<String> numeric = new ArrayList<>();
        Map<String, List<String>> classes = new HashMap<>();
        for (PhenotypePlan.Column column : columns) {
            column.classes()
                    .ifPresentOrElse(names -> classes.put(column.column(), names), () -> numeric.add(column.column()));
        }
        return new CohortRules(
                parcels,
                minimumFrames,
                DEFAULT_ATLAS,
                DEFAULT_DESCRIPTION,
                new QualityRules(OptionalDouble.empty(), OptionalDouble.empty(), List.of(), numeric, classes, noted));
    }

    /** Rules that prefer {@link #DEFAULT_ATLAS} and {@link #DEFAULT_DESCRIPTION}. */
    public CohortRules(int parcels, int minimumFrames) {
        this(parcels, minimumFrames, DEFAULT_ATLAS, DEFAULT_DESCRIPTION);
    }
}
