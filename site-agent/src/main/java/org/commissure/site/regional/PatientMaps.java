package org.commissure.site.regional;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.meanfield.federated.GroupMap;
import org.commissure.models.meanfield.federated.SubjectMap;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.protocol.study.RegionalMaps;
import org.commissure.site.cohort.Subject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cortical maps beside a cohort's series: {@code maps/<participant>_myelin.csv|tsv|npy}, and so {@code _gradient},
 * in the folder that holds {@code participants.tsv}. A cohort without them is one of zero maps.
 */
final class PatientMaps {
    private static final Logger LOG = LoggerFactory.getLogger(PatientMaps.class);

    private PatientMaps() {}

    /**
     * Sums over the patients with a usable file; the others are left out, and the log says why, but not who.
     *
     * @param reference the study's map
     */
    static GroupMap sums(List<Subject> subjects, String name, double[] reference) {
        List<SubjectMap> maps = new ArrayList<>();
        for (Subject subject : subjects) {
            PatientFiles.find(subject, "maps", "_" + name).ifPresent(file -> {
                try {
                    maps.add(SubjectMap.of(MatrixFile.readVector(file), name.equals(RegionalMaps.GRADIENT), reference));
                } catch (IllegalArgumentException e) {
                    LOG.warn("a patient's map of {} takes no part: {}", name, e.getMessage());
                } catch (IOException e) {
                    // its message would name the file, and so the patient
                    LOG.warn("a patient's map of {} takes no part: it cannot be read as one row or column", name);
                }
            });
        }
        return GroupMap.of(maps, reference.length);
    }
}
