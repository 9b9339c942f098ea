package org.commissure.models.multisite;

import java.util.List;

/**
 * One site's patients.
 *
 * @param patients at least one, all with as many pairs
 */
public record ConnectivitySite(String name, List<ConnectivityPatient> patients) {
    public ConnectivitySite {
        patients = List.copyOf(patients);
        if (patients.isEmpty()
                || patients.stream().mapToInt(p -> p.scan().length).distinct().count() != 1) {
            throw new IllegalArgumentException(name + " needs patients, all with the same number of parcels");
        }
    }

    int pairs() {
        return patients.getFirst().scan().length;
    }

    /** Share of the larger class: what always naming it reaches on these very patients. */
    public double majorityShare() {
        double ones =
                patients.stream().mapToInt(ConnectivityPatient::label).average().orElseThrow();
        return Math.max(ones, 1 - ones);
    }
}
