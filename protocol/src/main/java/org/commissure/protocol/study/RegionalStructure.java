package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the structural connectome of the fit comes from. The last three keys belong to {@link Source#SITES}
 * and to it alone.
 *
 * @param clipNorm L2 bound of one patient's connectome, upper triangle, largest entry 1
 * @param consensus share of the patients with a connectome that must have an edge for it to be kept; used where the
 *     sums carry no noise
 * @param minimumPatients fewer patients with a connectome, all sites together, end the run before its fit
 */
public record RegionalStructure(
        Source source, Optional<Double> clipNorm, Optional<Double> consensus, Optional<Integer> minimumPatients) {
    /** One of the two sources. */
    public enum Source {
        /** {@code regional.atlas.structural_connectivity}. */
        @JsonProperty("study")
        STUDY,
        /** The sum over the sites' training patients that have one. */
        @JsonProperty("sites")
        SITES
    }

    /** What {@link Source#SITES} needs. */
    public record OfSites(double clipNorm, double consensus, int minimumPatients) {}

    public RegionalStructure {
        Checks.present("regional.structure.source", source);
        check("regional.structure.clip_norm", source, clipNorm.orElse(null), 1e-3, 1e3);
        check("regional.structure.consensus", source, consensus.orElse(null), 0, 1);
        check(
                "regional.structure.minimum_patients",
                source,
                minimumPatients.map(Integer::doubleValue).orElse(null),
                2,
                1_000_000);
    }

    private static void check(String key, Source source, @Nullable Double value, double minimum, double maximum) {
        if (source == Source.STUDY) {
            if (value != null) {
                throw new StudyException(key, "is only for regional.structure.source = \"sites\"");
            }
            return;
        }
        if (value == null) {
            throw new StudyException(key, "is missing, and regional.structure.source is \"sites\"");
        }
        Checks.range(key, value, minimum, maximum);
    }

    /** Empty where the connectome is the study's own. */
    Optional<OfSites> ofSites() {
        return source == Source.STUDY
                ? Optional.empty()
                : Optional.of(
                        new OfSites(clipNorm.orElseThrow(), consensus.orElseThrow(), minimumPatients.orElseThrow()));
    }
}
