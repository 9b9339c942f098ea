package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticCohortTest {
    @TempDir
    Path folder;

    @Test
    void equalSeedsMakeEqualBytesAndOthersDoNot() throws IOException {
        new SyntheticCohort(List.of("A", "B"), 3, 12, 16, 5).write(folder.resolve("one"));
        new SyntheticCohort(List.of("A", "B"), 3, 12, 16, 5).write(folder.resolve("two"));
        new SyntheticCohort(List.of("A", "B"), 3, 12, 16, 6).write(folder.resolve("three"));
        assertThat(digests("two")).isEqualTo(digests("one"));
        assertThat(digests("three")).isNotEqualTo(digests("one"));
    }

    @Test
    void nearbyParcelsBehaveAlikeAndSitesDiffer() {
        new SyntheticCohort(List.of("A", "B", "C"), 4, 60, 200, 1).write(folder.resolve("cohort"));
        double[][] places = ParcelAtlas.read(folder.resolve("cohort/atlas.tsv")).coordinatesMillimetres();
        List<Subject> subjects = admitted("A");
        double near = 0;
        double far = 0;
        int nearPairs = 0;
        int farPairs = 0;
        for (Subject subject : subjects) {
            float[] series = subject.load();
            for (int a = 0; a < 60; a++) {
                for (int b = a + 1; b < 60; b++) {
                    double r = correlation(series, a, b, 200);
                    if (distance(places[a], places[b]) < 25) {
                        near += r;
                        nearPairs++;
                    } else if (distance(places[a], places[b]) > 100) {
                        far += r;
                        farPairs++;
                    }
                }
            }
        }
        assertThat(near / nearPairs).isGreaterThan(far / farPairs + 0.1);
        assertThat(admitted("C").getFirst().repetitionTimeSeconds())
                .isNotEqualTo(subjects.getFirst().repetitionTimeSeconds());
    }

    @Test
    void everySeriesIsDemeanedAndAutocorrelated() {
        new SyntheticCohort(List.of("A"), 2, 20, 400, 1).write(folder.resolve("cohort"));
        float[] series = admitted("A").getFirst().load();
        double sum = 0;
        double lagged = 0;
        double squares = 0;
        for (int frame = 0; frame < 399; frame++) {
            sum += series[frame];
            lagged += (double) series[frame] * series[frame + 1];
            squares += (double) series[frame] * series[frame];
        }
        assertThat(sum / Math.sqrt(squares)).isCloseTo(0, within(1.0));
        assertThat(lagged / squares).isBetween(0.2, 0.9);
    }

    @Test
    void aFolderWithSomethingInItIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("precious.txt"), "mine");
        assertThatThrownBy(() -> new SyntheticCohort(List.of("A"), 3, 12, 16, 5).write(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not an empty folder");
        assertThat(folder.resolve("site-A")).doesNotExist();
    }

    @Test
    void aSiteNameThatLeavesTheFolderIsRefused() {
        assertThatThrownBy(() -> new SyntheticCohort(List.of("../A"), 3, 12, 16, 5))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> new SyntheticCohort(List.of("A", "A"), 3, 12, 16, 5))
                .isInstanceOf(UserError.class);
    }

    private List<Subject> admitted(String site) {
        Admission admission = CohortFolder.read(folder.resolve("cohort/site-" + site), new CohortRules(parcels(), 16));
        assertThat(admission.rejected()).isEmpty();
        return admission.admitted();
    }

    private int parcels() {
        return ParcelAtlas.read(folder.resolve("cohort/atlas.tsv")).parcels();
    }

    private Map<String, String> digests(String name) throws IOException {
        Path root = folder.resolve(name);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(file -> root.relativize(file).toString(), SyntheticCohortTest::bytes));
        }
    }

    private static String bytes(Path file) {
        try {
            return HexFormat.of().formatHex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double distance(double[] a, double[] b) {
        return Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
    }

    private static double correlation(float[] series, int a, int b, int frames) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int t = 0; t < frames; t++) {
            ab += (double) series[a * frames + t] * series[b * frames + t];
            aa += (double) series[a * frames + t] * series[a * frames + t];
            bb += (double) series[b * frames + t] * series[b * frames + t];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
