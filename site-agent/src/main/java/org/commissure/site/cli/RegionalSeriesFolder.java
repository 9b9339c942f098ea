package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.protocol.UserError;

/**
 * The parcel series of a folder's subjects: {@code sub-X/func/*_timeseries.npy} as a cohort has them, of which the first
 * counts, or else {@code X.npy}, {@code X.csv}, {@code X.tsv} side by side.
 *
 * @param bySubject in order of names
 */
record RegionalSeriesFolder(Map<String, Path> bySubject) {

    static RegionalSeriesFolder of(Path folder) {
        Map<String, Path> found = new TreeMap<>();
        try {
            for (Path participant : sorted(folder, "sub-*")) {
                if (Files.isDirectory(participant.resolve("func"))) {
                    sorted(participant.resolve("func"), "*_timeseries.npy").stream()
                            .findFirst()
                            .ifPresent(file -> found.put(String.valueOf(participant.getFileName()), file));
                }
            }
            if (found.isEmpty()) {
                for (Path file : sorted(folder, "*.{npy,csv,tsv}")) {
                    String name = String.valueOf(file.getFileName());
                    found.put(name.substring(0, name.lastIndexOf('.')), file);
                }
            }
        } catch (IOException e) {
            throw new UserError("cannot read the folder " + folder, "check the path after --series", e);
        }
        if (found.isEmpty()) {
            throw new UserError(
                    folder + " holds no series",
                    "give a cohort with sub-*/func/*_timeseries.npy, or a folder of .npy, .csv or .tsv files");
        }
        return new RegionalSeriesFolder(found);
    }

    private static List<Path> sorted(Path folder, String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(files::add);
        }
        return files.stream().sorted().toList();
    }

    /**
     * [regions, frames] as a cohort stores it; turned where only the columns are as many as the regions.
     *
     * @throws IllegalArgumentException if neither side is
     */
    static Bold series(Path file, int regions) throws IOException {
        double[][] matrix = MatrixFile.read(file);
        boolean byRegion = matrix.length == regions;
        if (!byRegion && matrix[0].length != regions) {
            throw new IllegalArgumentException("the series is " + matrix.length + " by " + matrix[0].length
                    + "; one side must be the " + regions + " regions of the connectome");
        }
        int frames = byRegion ? matrix[0].length : matrix.length;
        double[] values = new double[frames * regions];
        for (int frame = 0; frame < frames; frame++) {
            for (int region = 0; region < regions; region++) {
                values[frame * regions + region] = byRegion ? matrix[region][frame] : matrix[frame][region];
            }
        }
        return new Bold(frames, regions, values);
    }
}
