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

/** The cortical maps of the sites' patients, from their files to the sum and to the maps of the fit. */
final class SiteMapsTest {
    private static final int REGIONS = RegionalStudies.REGIONS;
    private static final RegionalVectors VECTORS = new RegionalVectors(REGIONS, 200, false, 2);
    private static final int MYELIN = VECTORS.mapOffset(0);
    private static final int GRADIENT = VECTORS.mapOffset(1);

    @TempDir
    private Path folder;

    private final Random random = new Random(12);

    private SiteSums sites = new SiteSums(Path.of(""), VECTORS);

    @BeforeEach
    void generate() {
        sites = SiteSums.generate(folder, VECTORS);
    }

    private static Study study(String mode) {
        return RegionalStudies.of(mode, "pmfm", """
            [regional.maps]
            names = ["myelin", "gradient"]
            minimum_patients = 6
            """);
    }

    private List<Subject> training(String site, Study study) {
        return sites.cohort(site, study).training();
    }

    private static Path file(Subject subject, String suffix) {
        return SiteSums.file(subject, "maps", suffix);
    }

    private double[] write(Subject subject, String suffix, double scale) throws IOException {
        double[][] map = new double[REGIONS][1];
        for (double[] row : map) {
            row[0] = scale * (1 + random.nextDouble());
        }
        Path file = file(subject, suffix);
        Files.createDirectories(file.resolveSibling("."));
        MatrixFile.write(file, map);
        return Arrays.stream(map).mapToDouble(row -> row[0]).toArray();
    }

    @Test
    void unitsDoNotMatterAndASiteWithoutMapsAddsZeros() throws Exception {
        Study study = study("none");
        double[] pooled = new double[REGIONS];
        for (String site : List.of("A", "B")) {
            for (Subject subject : training(site, study)) {
                double[] map =
                        write(subject, "_myelin" + (site.equals("A") ? ".csv" : ".npy"), site.equals("A") ? 1 : 500);
                double mean = Arrays.stream(map).average().orElseThrow();
                double norm = Math.sqrt(
                        Arrays.stream(map).map(v -> (v - mean) * (v - mean)).sum());
                for (int region = 0; region < REGIONS; region++) {
                    pooled[region] += (map[region] - mean) / norm;
                }
            }
        }
        double[] released = sites.opened(study, "A", "B", "E");
        assertThat(released[MYELIN]).isEqualTo(8);
        assertThat(Arrays.copyOfRange(released, MYELIN + 1, MYELIN + 1 + REGIONS))
                .containsExactly(pooled, within(1e-6));
        assertThat(released[GRADIENT]).isZero();
        assertThat(released[VECTORS.length(SumKind.STATISTICS) - 1]).isEqualTo(3);
    }

    @Test
    void aGradientsSignIsThatOfTheStudysAndAMapThatIsNoneIsLeftOut() throws Exception {
        Study study = study("none");
        double[] studys = study.regional().orElseThrow().atlas().gradient().orElseThrow();
        List<Subject> all = training("A", study);
        for (int i = 0; i < 2; i++) {
            double sign = i == 0 ? 1 : -1;
            Path file = file(all.get(i), "_gradient.csv");
            Files.createDirectories(file.resolveSibling("."));
            MatrixFile.write(file, new double[][] {
                Arrays.stream(studys).map(value -> sign * value).toArray()
            });
        }
        Files.writeString(file(all.get(2), "_gradient.csv"), "1\n".repeat(REGIONS));
        Files.writeString(file(all.get(3), "_gradient.csv"), "1\n2\n");
        Files.writeString(file(all.get(0), "_myelin.csv"), "1\nNaN\n".repeat(REGIONS / 2));
        double[] released = sites.opened(study, "A");
        assertThat(released[GRADIENT]).isEqualTo(2);
        assertThat(Math.signum(released[GRADIENT + 1])).isEqualTo(Math.signum(studys[0]));
        double square = 0;
        for (int region = 0; region < REGIONS; region++) {
            square += Math.pow(released[GRADIENT + 1 + region], 2);
        }
        assertThat(Math.sqrt(square)).as("two equal maps of norm 1").isCloseTo(2, within(1e-6));
        assertThat(released[MYELIN]).isZero();
    }

    @Test
    void eachMapIsOneMoreReleaseWithTheNoiseThatThePageStates() throws Exception {
        Study study = study("local");
        assertThat(study.regional().orElseThrow().noisedReleases()).isEqualTo(5);
        double[] released = sites.opened(study, "A", "B", "E");
        double square = 0;
        for (int at = MYELIN; at < GRADIENT + 1 + REGIONS; at++) {
            square += released[at] * released[at];
        }
        double predicted = 2 * Math.sqrt(3);
        // 18 normal numbers: their root mean square lies within 75 % but once in 10^5.
        assertThat(Math.sqrt(square / (2 + 2 * REGIONS))).isBetween(0.25 * predicted, 1.75 * predicted);
    }

    @Test
    void theFitVariesAlongTheReleasedMapsAndRefusesThoseOfTooFewPatients() throws Exception {
        double[] published = new double[VECTORS.published()];
        published[0] = 12;
        Arrays.fill(published, 1, 1 + VECTORS.pairs(), 3);
        Arrays.fill(published, 1 + VECTORS.pairs(), VECTORS.part(), 12.0 / VECTORS.bins());
        published[MYELIN] = 12;
        published[GRADIENT] = 5;
        for (int region = 0; region < REGIONS; region++) {
            published[MYELIN + 1 + region] = 12 * region;
            published[GRADIENT + 1 + region] = 12 * (0.5 - region);
        }
        RegionalTask task = new RegionalTask(
                "run",
                SumKind.FIT,
                study("none"),
                new RegionalCohort(List.of(), List.of(), List.of()),
                true,
                published);
        RegionalWork work = new RegionalWork(folder.resolve("own"), new SecureRandom());
        assertThatThrownBy(() -> work.vector(task, fraction -> {}))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("gradient of too few patients");
        published[GRADIENT] = 12;
        assertThat(GroupMaps.of(task).getFirst().values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(GroupMaps.of(task).getLast().values()).containsExactly(.5, -.5, -1.5, -2.5, -3.5, -4.5, -5.5, -6.5);
    }
}
