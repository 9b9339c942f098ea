package org.commissure.site.cohort;

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
                .orElseGet(() ->
                        new CohortRules(study.model().parcels(), study.model().windowFrames()));
    }

    /** Rules that prefer {@link #DEFAULT_ATLAS} and {@link #DEFAULT_DESCRIPTION}. */
    public CohortRules(int parcels, int minimumFrames) {
        this(parcels, minimumFrames, DEFAULT_ATLAS, DEFAULT_DESCRIPTION);
    }
}
