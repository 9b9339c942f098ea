package org.commissure.site.regional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connectomes of the sites' patients, from their files to the sum and to the group's connectome. */
final class SiteStructureTest {
    private static final int REGIONS = RegionalStudies.REGIONS;
    private static final RegionalVectors VECTORS = new RegionalVectors(REGIONS, 200, true, 0);
    private static final double CLIP = 3;

    @TempDir
    private Path folder;

    private final Random random = new Random(11);

    private SiteSums sites = new SiteSums(Path.of(""), VECTORS);

    @BeforeEach
    void generate() {
        sites = SiteSums.generate(folder, VECTORS);
    }

    private static Study study(String mode) {
        return RegionalStudies.of(mode, "homogeneous", """
            [regional.structure]
            source = "sites"
            clip_norm = %s
            consensus = 0.5
            minimum_patients = 6
            """.formatted(CLIP));
    }

    private static Path file(Subject subject, String extension) {
        return SiteSums.file(subject, "sc", extension);
    }

    private double[][] writeConnectome(Subject subject, String extension) throws IOException {
        double[][] matrix = new double[REGIONS][REGIONS];
        for (int row = 0; row < REGIONS; row++) {
            for (int column = row + 1; column < REGIONS; column++) {
                double streamlines = random.nextInt(3) == 0 ? 0 : random.nextInt(5000);
                matrix[row][column] = streamlines;
                matrix[column][row] = streamlines;
            }
        }
        Path file = file(subject, extension);
        Files.createDirectories(file.resolveSibling("."));
        MatrixFile.write(file, matrix);
        return matrix;
    }

    @Test
    void theSumOfTheSitesIsThatOfThePooledTrainingPatientsAndASiteWithoutAnyAddsZeros() throws Exception {
        Study study = study("none");
        double[] pooled = new double[VECTORS.pairs()];
        double[] edges = new double[VECTORS.pairs()];
        for (String site : List.of("A", "B")) {
            List<Subject> all = sites.subjects(site, study);
            for (int i = 0; i < all.size(); i++) {
                double[][] matrix = writeConnectome(all.get(i), site.equals("A") ? ".csv" : ".npy");
                if (i < 4) {
                    add(matrix, pooled, edges);
                }
            }
        }
        double[] released = sites.opened(study, "A", "B", "E");
        int at = VECTORS.structureOffset();
        assertThat(released[at]).isEqualTo(8);
        assertThat(released[VECTORS.length(SumKind.STATISTICS) - 1]).isEqualTo(3);
        for (int i = 0; i < pooled.length; i++) {
            assertThat(released[at + 1 + i] / 8).isCloseTo(pooled[i] / 8, within(1e-6));
            assertThat(released[at + 1 + VECTORS.pairs() + i]).isEqualTo(edges[i]);
        }
    }

    /** As docs/protocol.md defines it, and nothing else. */
    private static void add(double[][] matrix, double[] sums, double[] edges) {
        double largest =
                Arrays.stream(matrix).flatMapToDouble(Arrays::stream).max().orElseThrow();
        double square = Arrays.stream(matrix)
                .flatMapToDouble(Arrays::stream)
                .map(v -> v * v / 2)
                .sum();
        double factor = Math.min(1, CLIP / (Math.sqrt(square) / largest));
        int pair = 0;
        for (int row = 0; row < matrix.length; row++) {
            for (int column = row + 1; column < matrix.length; column++) {
                sums[pair] += matrix[row][column] / largest * factor;
                edges[pair++] += matrix[row][column] > 0 ? 1 : 0;
            }
        }
    }

    @Test
    void filesThatAreNoConnectomeAreLeftOut() throws Exception {
        Study study = study("none");
        List<Subject> all = sites.subjects("A", study);
        for (int i = 0; i < 4; i++) {
            writeConnectome(all.get(i), ".csv");
        }
        double[][] asymmetric = MatrixFile.read(file(all.get(0), ".csv"));
        asymmetric[0][1]++;
        MatrixFile.write(file(all.get(0), ".csv"), asymmetric);
        MatrixFile.write(file(all.get(1), ".csv"), new double[][] {{0, 1}, {1, 0}});
        Files.writeString(file(all.get(2), ".csv"), "a,b\n");
        assertThat(sites.opened(study, "A")[VECTORS.structureOffset()]).isEqualTo(1);
    }

    @Test
    void underNoiseNoEdgesAreReleasedAndTheErrorIsTheOneThatThePageStates() throws Exception {
        double[] released = sites.opened(study("local"), "A", "B", "E");
        int at = VECTORS.structureOffset() + 1;
        double predicted = CLIP * Math.sqrt(2) * Math.sqrt(3);
        double square = Arrays.stream(released, at, at + VECTORS.pairs())
                .map(v -> v * v)
                .sum();
        // 28 normal numbers: their root mean square lies within 60 % but once in 10^5.
        assertThat(Math.sqrt(square / VECTORS.pairs())).isBetween(0.4 * predicted, 1.6 * predicted);
        assertThat(Arrays.copyOfRange(released, at + VECTORS.pairs(), at + 2 * VECTORS.pairs()))
                .containsOnly(0);
    }

    @Test
    void theFitUsesTheReleasedConnectomeAndRefusesOneOfTooFewPatientsOrInPieces() throws Exception {
        double[] published = new double[VECTORS.published()];
        published[0] = 12;
        Arrays.fill(published, 1, 1 + VECTORS.pairs(), 3);
        Arrays.fill(published, 1 + VECTORS.pairs(), VECTORS.part(), 12.0 / VECTORS.bins());
        int at = VECTORS.structureOffset();
        published[at] = 5;
        assertThatThrownBy(() -> fit(published))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("too few patients");
        published[at] = 12;
        Arrays.fill(published, at + 1, at + VECTORS.pairs(), 4);
        Arrays.fill(published, at + 1 + VECTORS.pairs(), at + 1 + 2 * VECTORS.pairs(), 12);
        // the last region's only edges are seen in too few patients
        int pair = 0;
        for (int row = 0; row < REGIONS; row++) {
            for (int column = row + 1; column < REGIONS; column++, pair++) {
                if (column == REGIONS - 1) {
                    published[at + 1 + VECTORS.pairs() + pair] = 5;
                }
            }
        }
        assertThatThrownBy(() -> fit(published))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("region 8 has no path");
    }

    private void fit(double[] published) throws Exception {
        RegionalTask task = new RegionalTask(
                "run",
                SumKind.FIT,
                study("none"),
                new RegionalCohort(List.of(), List.of(), List.of()),
                true,
                published);
        new RegionalWork(folder.resolve("own"), new SecureRandom()).vector(task, fraction -> {});
    }

    @Test
    void theConnectomesAreOneMoreRelease() {
        assertThat(study("local").regional().orElseThrow().noisedReleases())
                .as("n, Σz, histogram, connectomes")
                .isEqualTo(4);
    }
}
