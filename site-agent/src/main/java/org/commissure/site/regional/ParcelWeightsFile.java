package org.commissure.site.regional;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.protocol.UserError;

/**
 * A table of weights from parcels to regions: tab-separated, with a header; columns {@code region},
 * {@code coverage}, then one for each parcel.
 *
 * @param parcels columns
 * @param coverage share of each region that the parcels cover
 * @param entries {@code [region, parcel, weight]} above 0, counted from 1; each region's add up to 1
 */
public record ParcelWeightsFile(int parcels, List<String> regions, double[] coverage, double[][] entries) {
    private static final int FIRST_PARCEL = 2;

    /** @throws UserError naming the line, if the table is not of that form or a region has no parcel */
    public static ParcelWeightsFile read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UserError("the parcel weights " + file + " cannot be read", "check the path", e);
        }
        String[] header = lines.isEmpty() ? new String[0] : lines.getFirst().split("\t", -1);
        if (header.length <= FIRST_PARCEL || !header[0].equals("region") || !header[1].equals("coverage")) {
            throw wrong(file, 1, "does not begin with the columns region and coverage");
        }
        List<String> regions = new ArrayList<>();
        List<Double> coverage = new ArrayList<>();
        List<double[]> entries = new ArrayList<>();
        for (int line = 2; line <= lines.size(); line++) {
            String[] cells = lines.get(line - 1).split("\t", -1);
            if (cells.length != header.length) {
                throw wrong(file, line, "has " + cells.length + " cells, the header " + header.length);
            }
            regions.add(cells[0]);
            coverage.add(number(file, line, cells[1]));
            addRow(file, line, cells, regions.size(), entries);
        }
        return new ParcelWeightsFile(
                header.length - FIRST_PARCEL,
                List.copyOf(regions),
                coverage.stream().mapToDouble(Double::doubleValue).toArray(),
                entries.toArray(double[][]::new));
    }

    private static void addRow(Path file, int line, String[] cells, int region, List<double[]> entries) {
        double sum = 0;
        int from = entries.size();
        for (int i = FIRST_PARCEL; i < cells.length; i++) {
            double weight = number(file, line, cells[i]);
            if (weight < 0) {
                throw wrong(file, line, "has a negative weight");
            }
            if (weight > 0) {
                entries.add(new double[] {region, i - FIRST_PARCEL + 1, weight});
                sum += weight;
            }
        }
        if (!(sum > 0)) {
            throw wrong(file, line, "gives its region no parcel");
        }
        for (double[] entry : entries.subList(from, entries.size())) {
            entry[2] /= sum;
        }
    }

    private static double number(Path file, int line, String cell) {
        try {
            double value = Double.parseDouble(cell);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrong(file, line, "holds '" + cell + "', which is no number");
        }
        throw wrong(file, line, "holds a number that is not finite");
    }

    private static UserError wrong(Path file, int line, String problem) {
        return new UserError(
                "the parcel weights " + file + ", line " + line + ": it " + problem,
                "write tab-separated rows: region, coverage, one weight for each parcel");
    }
}
