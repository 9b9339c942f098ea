package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.Char;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;

/**
 * MATLAB files. Up to version 7 in MATLAB's own format, 7.3 is HDF5 and has its sides swapped, because MATLAB stores
 * columns first. A file of CONN holds cell arrays ({@link ConnSeries}).
 */
final class MatlabSeries {
    private static final int TEXT_BYTES = 116;

    private MatlabSeries() {}

    static ParcelSeries read(Path file, int parcels) throws IOException {
        if (isHdf5(file)) {
            return Hdf5Series.columnsFirst(file, parcels);
        }
        try (MatFile mat = Mat5.readFromFile(file.toFile())) {
            Map<String, Array> arrays = new TreeMap<>();
            mat.getEntries().forEach(entry -> arrays.put(entry.getName(), entry.getValue()));
            if (arrays.get("data") instanceof Cell data && arrays.get("names") instanceof Cell names) {
                return ConnSeries.read(new Cells(data, names), parcels);
            }
            String chosen = NamedMatrix.choose(arrays.entrySet().stream()
                    .filter(entry -> isSeries(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList());
            return matrix(chosen, (Matrix) Objects.requireNonNull(arrays.get(chosen), chosen))
                    .oriented(parcels);
        } catch (UnreadableSeriesException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the library throws unchecked exceptions on damaged files
            throw new UnreadableSeriesException(
                    UnreadableSeriesException.Problem.DAMAGED, "it is no MATLAB file, or a damaged one", e);
        }
    }

    private static boolean isHdf5(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(TEXT_BYTES), StandardCharsets.ISO_8859_1);
            return text.startsWith("MATLAB 7.3");
        }
    }

    private static boolean isSeries(Array array) {
        return array instanceof Matrix matrix
                && !matrix.isComplex()
                && !matrix.isLogical()
                && matrix.getNumDimensions() == 2
                && matrix.getNumRows() > 1
                && matrix.getNumCols() > 1;
    }

    private static NamedMatrix matrix(String name, Matrix matrix) {
        int rows = matrix.getNumRows();
        int columns = matrix.getNumCols();
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = matrix.getFloat(row, column);
            }
        }
        return new NamedMatrix(name, rows, columns, values);
    }

    /** Cells in MATLAB's own format. */
    private record Cells(Cell data, Cell names) implements ConnSeries.Cells {
        @Override
        public int count() {
            return Math.min(data.getNumElements(), names.getNumElements());
        }

        @Override
        public String name(int cell) {
            return names.get(cell) instanceof Char text ? text.getString() : "";
        }

        @Override
        public boolean isSeries(int cell) {
            return data.get(cell) instanceof Matrix;
        }

        @Override
        public float[] column(int cell) {
            Matrix series = data.get(cell);
            float[] column = new float[series.getNumRows()];
            for (int frame = 0; frame < column.length; frame++) {
                column[frame] = series.getFloat(frame, 0);
            }
            return column;
        }
    }
}
