package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.site.cohort.reading.Confounds;

/** Mean framewise displacement of a scan, from {@code participants.tsv}, else from fMRIPrep's table beside it. */
final class Motion {
    static final String COLUMN = "mean_fd";

    private Motion() {}

    static OptionalDouble meanDisplacement(Participants.Row row, Path series) {
        String stated = row.known().get(COLUMN);
        if (stated != null) {
            try {
                return known(Double.parseDouble(stated));
            } catch (NumberFormatException e) {
                return OptionalDouble.empty();
            }
        }
        try {
            Optional<Confounds> confounds = Confounds.beside(series);
            return confounds.isPresent() ? known(confounds.get().meanDisplacement()) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty(); // a table that cannot be read says nothing; the scan is then rejected
        }
    }

    private static OptionalDouble known(double millimetres) {
        return millimetres >= 0 && Double.isFinite(millimetres)
                ? OptionalDouble.of(millimetres)
                : OptionalDouble.empty();
    }
}
