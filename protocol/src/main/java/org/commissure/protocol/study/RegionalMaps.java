package org.commissure.protocol.study;

import java.util.HashSet;
import java.util.List;

/**
 * Cortical maps that the sites sum over those of their training patients that have one; the fit then uses their means
 * instead of the atlas's.
 *
 * @param names of {@code myelin} and {@code gradient}, each at most once
 * @param minimumPatients fewer patients with a map, all sites together, end the run before its fit
 */
public record RegionalMaps(List<String> names, int minimumPatients) {
    public static final String MYELIN = "myelin";
    public static final String GRADIENT = "gradient";

    public RegionalMaps {
        Checks.present("regional.maps.names", names);
        names = List.copyOf(names);
        if (names.isEmpty()
                || new HashSet<>(names).size() != names.size()
                || !List.of(MYELIN, GRADIENT).containsAll(names)) {
            throw new StudyException("regional.maps.names", "must be some of \"myelin\" and \"gradient\", each once");
        }
        Checks.range("regional.maps.minimum_patients", minimumPatients, 2, 1_000_000);
    }
}
