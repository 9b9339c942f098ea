package org.commissure.models.meanfield.files;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.npy.NpyException;
import org.commissure.models.npy.NpyFile;
import org.commissure.models.npy.NpyWriter;

/**
 * Matrices of numbers: {@code .csv}, {@code .tsv}, {@code .txt} (separated by spaces) without a header, and NumPy's
 * {@code .npy}. Numbers are read as they are: a matrix may hold NaN, which its user refuses where it means something.
 */
public final class MatrixFile {
    private static final long LARGEST_TEXT_BYTES = 1L << 28;

    private MatrixFile() {}

    /**
     * @return [rows, columns]; an array of one dimension is one column; at least one row and one column
     * @throws RegionalFileException if the file is absent, empty, ragged, or holds something that is no number
     */
    public static double[][] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new RegionalFileException(file, "there is no such file");
        }
        return switch (extension(file)) {
            case "npy" -> readNpy(file);
            case "csv" -> readText(file, ",");
            case "tsv" -> readText(file, "\t");
            case "txt" -> readText(file, "\\s+");
            default ->
                throw new RegionalFileException(
                        file, "its name says no known format; matrices are read from .csv, .tsv, .txt and .npy");
        };
    }

    /** One row or one column of numbers, such as a map over regions or a distribution over bins. */
    public static double[] readVector(Path file) throws IOException {
        double[][] matrix = read(file);
        if (matrix.length > 1 && matrix[0].length > 1) {
            throw new RegionalFileException(
                    file,
                    "it holds " + matrix.length + " rows of " + matrix[0].length
                            + " numbers; one row or one column is expected");
        }
        if (matrix.length == 1) {
            return matrix[0];
        }
        double[] vector = new double[matrix.length];
        for (int row = 0; row < vector.length; row++) {
            vector[row] = matrix[row][0];
        }
        return vector;
    }

    /**
     * Replaces a {@code .csv}, {@code .tsv} or {@code .npy} (float64) file as a whole.
     *
     * @param matrix [rows, columns], not ragged
     */
    public static void write(Path file, double[][] matrix) throws IOException {
        switch (extension(file)) {
            case "npy" -> writeNpy(file, matrix);
            case "csv" -> AtomicFile.write(file, text(matrix, ','));
            case "tsv" -> AtomicFile.write(file, text(matrix, '\t'));
            default ->
                throw new RegionalFileException(
                        file, "its name says no known format; matrices are written to .csv, .tsv and .npy");
        }
    }

    static String extension(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static double[][] readNpy(Path file) throws IOException {
        try (NpyFile npy = NpyFile.open(file)) {
            List<Integer> shape = npy.shape();
            if (shape.isEmpty() || shape.size() > 2 || npy.length() == 0) {
                throw new RegionalFileException(file, "its shape is " + shape + "; rows and columns are expected");
            }
            int columns = shape.size() == 1 ? 1 : shape.get(1);
            double[] flat = npy.doubles();
            double[][] matrix = new double[shape.getFirst()][columns];
            for (int row = 0; row < matrix.length; row++) {
                System.arraycopy(flat, row * columns, matrix[row], 0, columns);
            }
            return matrix;
        } catch (NpyException e) {
            throw new RegionalFileException(file, e);
        }
    }

    private static double[][] readText(Path file, String separator) throws IOException {
        List<double[]> rows = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            double[] row = row(file, number, line.strip().split(separator, -1));
            if (!rows.isEmpty() && rows.getFirst().length != row.length) {
                throw new RegionalFileException(
                        file,
                        "line " + number + " has " + row.length + " numbers, the first has " + rows.getFirst().length);
            }
            rows.add(row);
        }
        if (rows.isEmpty()) {
            throw new RegionalFileException(file, "it is empty");
        }
        return rows.toArray(double[][]::new);
    }

    static List<String> lines(Path file) throws IOException {
        if (Files.size(file) > LARGEST_TEXT_BYTES) {
            throw new RegionalFileException(
                    file, "it has " + Files.size(file) + " bytes; at most " + LARGEST_TEXT_BYTES + " are read");
        }
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            throw new RegionalFileException(file, "it is no text in UTF-8");
        }
    }

    private static double[] row(Path file, int number, String[] fields) throws RegionalFileException {
        double[] row = new double[fields.length];
        for (int column = 0; column < fields.length; column++) {
            try {
                row[column] = Double.parseDouble(fields[column].strip());
            } catch (NumberFormatException e) {
                throw new RegionalFileException(
                        file,
                        "line " + number + ", column " + (column + 1) + " is no number; a matrix has no header,"
                                + " no names and no empty fields");
            }
        }
        return row;
    }

    private static String text(double[][] matrix, char separator) {
        StringBuilder text = new StringBuilder();
        for (double[] row : matrix) {
            for (int column = 0; column < row.length; column++) {
                if (column > 0) {
                    text.append(separator);
                }
                text.append(row[column]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void writeNpy(Path file, double[][] matrix) throws IOException {
        int columns = matrix[0].length;
        double[] flat = new double[Math.multiplyExact(matrix.length, columns)];
        for (int row = 0; row < matrix.length; row++) {
            System.arraycopy(matrix[row], 0, flat, row * columns, columns);
        }
        AtomicFile.write(file, NpyWriter.bytes(flat, matrix.length, columns));
    }
}
