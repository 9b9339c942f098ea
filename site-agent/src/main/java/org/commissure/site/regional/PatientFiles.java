package org.commissure.site.regional;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.site.cohort.Subject;

/** Files of a patient beside the cohort's series, in a folder next to {@code participants.tsv}. */
final class PatientFiles {
    private PatientFiles() {}

    /** {@code <cohort>/sub-X/func/<series>} stands beside {@code <cohort>/<folder>/sub-X<suffix>.npy|csv|tsv}. */
    static Optional<Path> find(Subject subject, String folder, String suffix) {
        return Optional.ofNullable(subject.series().getParent())
                .map(Path::getParent)
                .map(Path::getParent)
                .map(cohort -> cohort.resolve(folder))
                .flatMap(in -> Stream.of(".npy", ".csv", ".tsv")
                        .map(extension -> in.resolve(subject.participantId() + suffix + extension))
                        .filter(Files::isRegularFile)
                        .findFirst());
    }
}
