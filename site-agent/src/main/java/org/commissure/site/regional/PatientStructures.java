package org.commissure.site.regional;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.meanfield.federated.GroupStructure;
import org.commissure.models.meanfield.federated.SubjectStructure;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.site.cohort.Subject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The structural connectomes beside a cohort's series: {@code sc/<participant>.csv|tsv|npy} in the folder that holds
 * {@code participants.tsv}. A cohort without them is one of zero connectomes.
 */
final class PatientStructures {
    private static final Logger LOG = LoggerFactory.getLogger(PatientStructures.class);

    private PatientStructures() {}

    /** Sums over the patients with a usable file; the others are left out, and the log says why, but not who. */
    static GroupStructure sums(List<Subject> subjects, int regions, double clipNorm) {
        List<SubjectStructure> structures = new ArrayList<>();
        for (Subject subject : subjects) {
            PatientFiles.find(subject, "sc", "").ifPresent(file -> {
                try {
                    structures.add(SubjectStructure.of(MatrixFile.read(file), regions, clipNorm));
                } catch (IllegalArgumentException e) {
                    LOG.warn("a patient's structural connectome takes no part: {}", e.getMessage());
                } catch (IOException e) {
                    // its message would name the file, and so the patient
                    LOG.warn("a patient's structural connectome takes no part: it cannot be read as a matrix");
                }
            });
        }
        return GroupStructure.of(structures, regions * (regions - 1) / 2);
    }
}
