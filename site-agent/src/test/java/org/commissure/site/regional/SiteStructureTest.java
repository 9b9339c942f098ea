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
import java.util.stream.Collectors;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Subject;
import org.commissure.site.cohort.SyntheticCohort;
import org.commissure.site.compute.LocalWorkException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connectomes of the sites' patients, from their files to the sum and to the group's connectome. */
final class SiteStructureTest {
    private static final int REGIONS = 8;
    private static final RegionalVectors VECTORS = new RegionalVectors(REGIONS, 200, true);
    private static final double CLIP = 3;

    @TempDir
    private Path folder;

    private final Random random = new Random(11);

    @BeforeEach
    void generate() {
        new SyntheticCohort(List.of("A", "B", "E"), 8, REGIONS, 60, 3).write(folder);
    }

    private static Study study(String mode) {
        String rows = Arrays.stream(new double[REGIONS][REGIONS])
                .map(row -> "[" + "1, ".repeat(REGIONS - 1) + "1]")
                .collect(Collectors.joining(", "));
        return StudyFile.parse("""
                [study]
                kind = "regional"
                name = "connectomes"
                purpose = "research"
                [rounds]
                maximum_attempts = 1
                [quorum]
                minimum_sites = 3
                maximum_colluders = 1
                [deadlines]
                invite_seconds = 60
                keys_seconds = 60
                upload_seconds = 60
                vote_seconds = 60
                unmask_seconds = 60
                reconnect_grace_seconds = 5
                [privacy]
                mode = "%s"
                clip_norm = 12.0
                noise_multiplier = 1.0
                delta = 1e-5
                [regional.statistics]
                repetition_time_seconds = 2.0
                repetition_time_tolerance_seconds = 5e-1
                minimum_frames = 40
                window_seconds = 30.0
                histogram_bins = 200
                validation_fraction = 0.3
                minimum_subjects = 2
                [regional.structure]
                source = "sites"
                clip_norm = %s
                consensus = 0.5
                minimum_patients = 6
                [regional.fit]
                method = "homogeneous"
                sites = ["first"]
                budget = 1
                offspring = 8
                repeats = 1
                seed = 1
                simulated_frames = 60
                stride_frames = 1
                haemodynamics = "kong2021"
                [regional.refinement]
                rounds = 0
                iterations = 1
                [regional.scoring]
                external_fraction = 0.25
                repeats = 1
                bootstrap_samples = 10
                [regional.atlas]
                names = ["a", "b", "c", "d", "e", "f", "g", "h"]
                source_parcels = 8
                structural_connectivity = [%s]
                """.formatted(mode, CLIP, rows)).study();
    }

    private List<Subject> subjects(String site, Study study) {
        return CohortFolder.read(folder.resolve("site-" + site), CohortRules.of(study))
                .admitted();
    }

    /** The first half is the training part. */
    private RegionalCohort cohort(String site, Study study) {
        List<Subject> all = subjects(site, study);
        return new RegionalCohort(all.subList(0, 4), all.subList(4, 6), all.subList(6, 8));
    }

    private static Path file(Subject subject, String extension) {
        return subject.series().resolve("../../../sc").normalize().resolve(subject.participantId() + extension);
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

    private int[] vector(String site, Study study) throws Exception {
        RegionalTask task = new RegionalTask(
                "run", SumKind.STATISTICS, study, cohort(site, study), false, new double[VECTORS.published()]);
        return new RegionalWork(folder.resolve("own-" + site), new SecureRandom()).vector(task, fraction -> {});
    }

    /** What the coordinator opens. */
    private double[] opened(Study study, String... sites) throws Exception {
        int[] sum = new int[ExactSums.dimension(VECTORS.length(SumKind.STATISTICS))];
        for (String site : sites) {
            int[] own = vector(site, study);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return Arrays.stream(ExactSums.decode(sum, sites.length))
                .map(value -> value / RegionalVectors.SCALE)
                .toArray();
    }

    @Test
    void theSumOfTheSitesIsThatOfThePooledTrainingPatientsAndASiteWithoutAnyAddsZeros() throws Exception {
        Study study = study("none");
        double[] pooled = new double[VECTORS.pairs()];
        double[] edges = new double[VECTORS.pairs()];
        for (String site : List.of("A", "B")) {
            List<Subject> all = subjects(site, study);
            for (int i = 0; i < all.size(); i++) {
                double[][] matrix = writeConnectome(all.get(i), site.equals("A") ? ".csv" : ".npy");
                if (i < 4) {
                    add(matrix, pooled, edges);
                }
            }
        }
        double[] released = opened(study, "A", "B", "E");
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
        List<Subject> all = subjects("A", study);
        for (int i = 0; i < 4; i++) {
            writeConnectome(all.get(i), ".csv");
        }
        double[][] asymmetric = MatrixFile.read(file(all.get(0), ".csv"));
        asymmetric[0][1]++;
        MatrixFile.write(file(all.get(0), ".csv"), asymmetric);
        MatrixFile.write(file(all.get(1), ".csv"), new double[][] {{0, 1}, {1, 0}});
        Files.writeString(file(all.get(2), ".csv"), "a,b\n");
        assertThat(opened(study, "A")[VECTORS.structureOffset()]).isEqualTo(1);
    }

    @Test
    void underNoiseNoEdgesAreReleasedAndTheErrorIsTheOneThatThePageStates() throws Exception {
        double[] released = opened(study("local"), "A", "B", "E");
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
        assertThat(StatisticsNoise.releases(study("local").regional().orElseThrow()))
                .as("n, Σz, histogram, connectomes")
                .isEqualTo(4);
    }
}
