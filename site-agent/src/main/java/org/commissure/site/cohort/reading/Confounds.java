package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * fMRIPrep's table of confounds: what it says of motion.
 *
 * @param framewiseDisplacement millimetres (Power 2012), one for each frame; NaN where it is unknown, as for the first
 */
public record Confounds(float[] framewiseDisplacement) {
    private static final List<String> COLUMNS = List.of("framewise_displacement", "FramewiseDisplacement");

    static boolean isName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return name.endsWith("desc-confounds_timeseries.tsv")
                || name.endsWith("desc-confounds_regressors.tsv")
                || name.endsWith("_confounds.tsv");
    }

    /**
     * The table of a series: beside it, with the same entities up to the space.
     *
     * @throws UnreadableSeriesException if there is one, and it has no framewise displacement
     */
    public static Optional<Confounds> beside(Path series) throws IOException {
        String name = series.getFileName().toString();
        String run = name.replaceFirst("_(space|res|den|atlas|desc|hemi|stat)-.*", "")
                .replaceFirst("_bold.*", "");
        for (String ending :
                List.of("_desc-confounds_timeseries.tsv", "_desc-confounds_regressors.tsv", "_bold_confounds.tsv")) {
            Path table = series.resolveSibling(run + ending);
            if (Files.isRegularFile(table)) {
                return Optional.of(read(table));
            }
        }
        return Optional.empty();
    }

    /** Reads a table. */
    public static Confounds read(Path table) throws IOException {
        NumberTable numbers = NumberTable.read(table);
        for (String column : COLUMNS) {
            int index = numbers.names().indexOf(column);
            if (index >= 0) {
                float[] displacement = new float[numbers.rows().size()];
                for (int frame = 0; frame < displacement.length; frame++) {
                    displacement[frame] = numbers.rows().get(frame)[index];
                }
                return new Confounds(displacement);
            }
        }
        throw UnreadableSeriesException.unsupported(
                "the table " + table.getFileName() + " has no column " + COLUMNS.getFirst());
    }

    /** Over the frames of which it is known; NaN if it is known of none. */
    public double meanDisplacement() {
        double sum = 0;
        int known = 0;
        for (float value : framewiseDisplacement) {
            if (Float.isFinite(value)) {
                sum += value;
                known++;
            }
        }
        return known == 0 ? Double.NaN : sum / known;
    }
}
