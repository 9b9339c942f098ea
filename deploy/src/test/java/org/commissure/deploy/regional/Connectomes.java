package org.commissure.deploy.regional;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.site.cohort.Subject;

/** Made-up structural connectomes of a site's patients, and their pooled sums as docs/protocol.md defines them. */
final class Connectomes {
    /** Some patients' connectomes are longer. */
    static final double CLIP = 2.5;

    private static final int REGIONS = RegionalFederation.REGIONS;

    private Connectomes() {}

    /** One for each patient of the folder; neighbours are always connected. */
    static void write(Path cohort) throws IOException {
        Path structures = Files.createDirectories(cohort.resolve("sc"));
        try (Stream<Path> patients = Files.list(cohort)) {
            for (Path patient : patients.filter(Files::isDirectory).toList()) {
                String name = patient.getFileName().toString();
                if (name.startsWith("sub-")) {
                    MatrixFile.write(structures.resolve(name + ".csv"), matrix(name.hashCode()));
                }
            }
        }
    }

    private static double[][] matrix(long seed) {
        Random random = new Random(seed);
        double[][] matrix = new double[REGIONS][REGIONS];
        for (int row = 0; row < REGIONS; row++) {
            for (int column = row + 1; column < REGIONS; column++) {
                boolean connected = column == row + 1 || random.nextBoolean();
                matrix[row][column] = connected ? 1 + random.nextInt(1000) / (double) (column - row) : 0;
                matrix[column][row] = matrix[row][column];
            }
        }
        return matrix;
    }

    /** n_sc, ΣSC, Σ1[SC>0]. */
    static double[] pooled(List<Subject> subjects) {
        int pairs = REGIONS * (REGIONS - 1) / 2;
        double[] sums = new double[1 + 2 * pairs];
        for (Subject subject : subjects) {
            Path cohort = subject.series().resolve("../../..").normalize();
            Path file = cohort.resolve("sc").resolve(subject.participantId() + ".csv");
            if (Files.exists(file)) {
                add(read(file), sums, pairs);
            }
        }
        return sums;
    }

    private static void add(double[][] matrix, double[] sums, int pairs) {
        double largest =
                Arrays.stream(matrix).flatMapToDouble(Arrays::stream).max().orElseThrow();
        double square = Arrays.stream(matrix)
                .flatMapToDouble(Arrays::stream)
                .map(value -> value * value / 2)
                .sum();
        double norm = Math.max(1, Math.sqrt(square) / largest / CLIP);
        sums[0]++;
        int pair = 1;
        for (int row = 0; row < REGIONS; row++) {
            for (int column = row + 1; column < REGIONS; column++, pair++) {
                sums[pair] += matrix[row][column] / largest / norm;
                sums[pair + pairs] += matrix[row][column] > 0 ? 1 : 0;
            }
        }
    }

    private static double[][] read(Path file) {
        try {
            return MatrixFile.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
