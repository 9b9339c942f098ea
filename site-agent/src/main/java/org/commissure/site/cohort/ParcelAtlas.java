package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;

/**
 * Where the parcels of an atlas lie: public data, the same for every patient.
 *
 * @param coordinatesMillimetres one {@code [x, y, z]} (MNI) per parcel, in the order of the series' rows
 */
public record ParcelAtlas(double[][] coordinatesMillimetres) {

    private static final List<String> COLUMNS = List.of("index", "x", "y", "z");

    /**
     * Reads a tab-separated table with the columns {@code index} (1, 2, 3, … in order), {@code x},
     * {@code y} and {@code z}; other columns are passed over. A table without a first line of names, as BrainLM's
     * {@code A424_Coordinates.dat}, has these four.
     *
     * @throws UserError naming the line at fault
     */
    public static ParcelAtlas read(Path tsv) {
        return read(tsv, "");
    }

    /**
     * The same with other names for the axes.
     *
     * @param prefix of the columns {@code x}, {@code y} and {@code z}
     */
    public static ParcelAtlas read(Path tsv, String prefix) {
        List<String> lines = lines(tsv);
        List<String> header = header(lines);
        int firstRow = hasNames(lines) ? 1 : 0;
        int[] columns = COLUMNS.stream()
                .map(name -> name.equals("index") ? name : prefix + name)
                .mapToInt(header::indexOf)
                .toArray();
        if (Arrays.stream(columns).anyMatch(column -> column < 0)) {
            throw new UserError(
                    tsv + " lacks one of the columns index, " + prefix + "x, " + prefix + "y, " + prefix + "z",
                    "name them in the first line, separated by tabs");
        }
        List<double[]> rows = new ArrayList<>();
        for (int line = firstRow; line < lines.size(); line++) {
            if (!lines.get(line).isBlank()) {
                rows.add(row(tsv, line + 1, lines.get(line).split("\t", -1), columns, rows.size() + 1));
            }
        }
        if (rows.isEmpty()) {
            throw new UserError(tsv + " lists no parcel", "point --atlas at a table with one line per parcel");
        }
        return new ParcelAtlas(rows.toArray(double[][]::new));
    }

    /** Whether the table names a column. */
    public static boolean hasColumn(Path tsv, String name) {
        return header(lines(tsv)).contains(name);
    }

    private static List<String> lines(Path tsv) {
        try {
            return Files.readAllLines(tsv, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError("cannot read the atlas " + tsv, "point at a table with index, x, y, z", e);
        }
    }

    private static List<String> header(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        return hasNames(lines) ? Arrays.asList(lines.getFirst().split("\t", -1)) : COLUMNS;
    }

    private static boolean hasNames(List<String> lines) {
        return lines.isEmpty() || !lines.getFirst().startsWith("1\t");
    }

    private static double[] row(Path tsv, int line, String[] cells, int[] columns, int index) {
        try {
            if (Integer.parseInt(cells[columns[0]].strip()) == index) {
                double[] row = Arrays.stream(columns, 1, 4)
                        .mapToDouble(column -> Double.parseDouble(cells[column].strip()))
                        .toArray();
                if (Arrays.stream(row).allMatch(value -> Math.abs(value) <= 1000)) {
                    return row;
                }
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // said below
        }
        throw new UserError(
                tsv + " line " + line + " is not parcel " + index + " with x, y, z in millimetres",
                "list the parcels in the order of the series' rows, numbered from 1");
    }

    public int parcels() {
        return coordinatesMillimetres.length;
    }

    /** The line of a study file that states these coordinates. */
    public String toToml() {
        return Arrays.stream(coordinatesMillimetres)
                .map(Arrays::toString)
                .collect(Collectors.joining(", ", "coordinates_millimetres = [", "]"));
    }

    /** The table that {@link #read} reads. */
    String toTsv() {
        StringBuilder table = new StringBuilder("index\tx\ty\tz\n");
        for (int parcel = 0; parcel < parcels(); parcel++) {
            double[] row = coordinatesMillimetres[parcel];
            table.append(String.format(Locale.ROOT, "%d\t%s\t%s\t%s\n", parcel + 1, row[0], row[1], row[2]));
        }
        return table.toString();
    }

    /**
     * Parcels spread evenly through the outer shell of an ellipsoid of a brain's size: directions on
     * a golden-angle spiral, depths from a van der Corput sequence. The same for every call.
     */
    static ParcelAtlas ellipsoid(int parcels) {
        double goldenAngle = Math.PI * (3 - StrictMath.sqrt(5));
        double[][] coordinates = new double[parcels][];
        for (int parcel = 0; parcel < parcels; parcel++) {
            double height = 1 - (2 * parcel + 1.0) / parcels;
            double ring = StrictMath.sqrt(1 - height * height);
            double depth = StrictMath.cbrt(0.25 + 0.75 * vanDerCorput(parcel + 1));
            coordinates[parcel] = new double[] {
                hundredths(65 * depth * ring * StrictMath.cos(goldenAngle * parcel)),
                hundredths(-18 + 85 * depth * ring * StrictMath.sin(goldenAngle * parcel)),
                hundredths(12 + 55 * depth * height)
            };
        }
        return new ParcelAtlas(coordinates);
    }

    private static double hundredths(double millimetres) {
        return Math.round(millimetres * 100) / 100.0;
    }

    private static double vanDerCorput(int index) {
        return (Integer.reverse(index) >>> 1) / (double) (1 << 30) / 2;
    }
}
