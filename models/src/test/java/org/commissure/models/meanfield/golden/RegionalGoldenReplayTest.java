package org.commissure.models.meanfield.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.ZeroNoise;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.RegionalFileException;
import org.commissure.models.meanfield.scoring.ScoringListener;
import org.commissure.models.meanfield.simulation.MeanFieldReference;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.reference.ReferenceNumbers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Golden folders laid out otherwise than the one that is always replayed. */
final class RegionalGoldenReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double[][] STRENGTHS = {{0, .2, .05, .01}, {.2, 0, .1, 0}, {.05, .1, 0, .15}, {.01, 0, .15, 0}
    };
    private static final RegionalParameters FIRST =
            new RegionalParameters(new double[] {.3, .4, .5, .6}, new double[] {.3, .3, .31, .32}, 2, noise(.003));
    private static final RegionalParameters SECOND =
            new RegionalParameters(new double[] {.6, .5, .4, .3}, new double[] {.32, .31, .3, .3}, 3, noise(.002));

    @TempDir
    private Path folder;

    private final ObjectNode manifest = JSON.createObjectNode();
    private ObjectNode golden = JSON.createObjectNode();

    @BeforeEach
    void aCase() throws IOException {
        golden = manifest.putObject("cases").putObject("case");
        Files.createDirectories(folder.resolve("case"));
        Files.createDirectories(folder.resolve("common"));
    }

    @Test
    void theToyIsTheSameInTextAndInSinglePrecision() throws IOException {
        Path toy = ReferenceNumbers.folder("reference/meanfield/C_toy");
        golden.setAll((ObjectNode) published().path("cases").path("C_toy"));
        MatrixFile.write(folder.resolve("case/sc.csv"), MatrixFile.read(toy.resolve("sc.npy")));
        MatrixFile.write(folder.resolve("case/noise_f32.tsv"), MatrixFile.read(toy.resolve("noise_f32.npy")));
        Files.copy(toy.resolve("S.csv"), folder.resolve("case/S.csv"));
        float[] bold = floats(MeanFieldReference.numbers("C_toy/bold.npy"));
        NpyWriter.write(folder.resolve("case/bold.npy"), bold, 4, 5);
        RegionalGoldenReport report = replay();
        assertThat(report.pass()).as(report.toString()).isTrue();
        assertThat(report.comparisons()).hasSize(3);
        assertThat(report.skipped()).containsExactly("case/final_S_z_f_v_q_H.npy: not in the folder");

        bold[7] += 1e-4f;
        NpyWriter.write(folder.resolve("case/bold.npy"), bold, 4, 5);
        assertThat(replay().pass()).isFalse();
    }

    @Test
    void thePublishedCodesOwnLayoutIsCompared() throws IOException {
        ReferenceNumbers.folder("reference/meanfield");
        RegionalGoldenReport report = RegionalGoldenReplay.run(publishedCase("A_short_explicit"), ScoringListener.NONE);
        assertThat(report.pass()).as(report.toString()).isTrue();
        assertThat(report.comparisons())
                .extracting(RegionalComparison::output)
                .contains("bold_cbig_torch_f64_node_cand_frame.npy", "S_cand0_first2000steps.npy");
    }

    @Test
    void anotherSizeWithoutNoiseAndWithTheOtherHaemodynamics() throws IOException {
        Timing timing = new Timing(.01, 40, 1_030, 100, 0);
        golden.put("preset", "Wang2018").put("noise", "zero").put("sc", "strengths.csv");
        golden.put("warmup_steps", 40).put("main_steps", 1_030).put("TR_steps", 100);
        MatrixFile.write(folder.resolve("strengths.csv"), STRENGTHS);
        ParameterFile.write(
                folder.resolve("case/params.npy"), new ParameterFile.Contents(List.of(FIRST, SECOND), Map.of()));
        Bold expected = new ReferenceSimulator()
                .simulate(
                        Connectome.ofScaled(STRENGTHS),
                        List.of(FIRST),
                        Haemodynamics.WANG_2018,
                        timing,
                        new ZeroNoise())
                .getFirst();
        Files.write(
                folder.resolve("case/bold_ref_f64_cand_frame_node.npy"), NpyWriter.bytes(expected.values(), 1, 11, 4));
        RegionalGoldenReport report = replay();
        assertThat(report.pass()).as(report.toString()).isTrue();
        assertThat(report.comparisons()).hasSize(2);

        golden.put("preset", "kong2021");
        assertThat(replay().pass()).isFalse();
    }

    @Test
    void anotherClockStreamWindowAndStrideOfCounterNoise() throws IOException {
        Timing timing = new Timing(.01, 100, 4_000, 50, 20);
        golden.putArray("key").add("0x1").add("0x2");
        golden.put("counter", "(step, node//4, rep=3, stream=9)")
                .put("steps", 4_100)
                .put("warmup_steps", 100);
        golden.put("TR_steps", 50).put("window", 20).put("stride", 4);
        MatrixFile.write(folder.resolve("common/SC_train_scaled.csv"), STRENGTHS);
        ParameterFile.write(
                folder.resolve("common/params_all.csv"), new ParameterFile.Contents(List.of(FIRST), Map.of()));
        Bold expected = new ReferenceSimulator()
                .simulate(
                        Connectome.ofScaled(STRENGTHS),
                        List.of(FIRST),
                        Haemodynamics.KONG_2021,
                        timing,
                        new PhiloxNoise(1, 2, 3, 9))
                .getFirst()
                .after(20);
        Files.write(folder.resolve("case/bold_cand0_60x4_f64.npy"), NpyWriter.bytes(expected.values(), 60, 4));
        double[] histogram = new double[ConnectivityDynamics.BINS];
        long[] counts = ConnectivityDynamics.histogram(expected, 20, 4);
        for (int bin = 0; bin < histogram.length; bin++) {
            histogram[bin] = counts[bin];
        }
        Files.write(folder.resolve("case/FCDhist_cand0_f64.npy"), NpyWriter.bytes(histogram, histogram.length));
        RegionalGoldenReport report = replay();
        assertThat(report.pass()).as(report.toString()).isTrue();
        assertThat(report.comparisons()).hasSize(4);

        golden.put("stride", 1);
        assertThat(replay().pass()).isFalse();
    }

    @Test
    void aFileOfTheWrongLengthIsNamed() throws IOException {
        golden.put("noise", "zero")
                .put("warmup_steps", 0)
                .put("main_steps", 100)
                .put("TR_steps", 10);
        MatrixFile.write(folder.resolve("case/sc.csv"), STRENGTHS);
        ParameterFile.write(folder.resolve("case/params.csv"), new ParameterFile.Contents(List.of(FIRST), Map.of()));
        Files.write(folder.resolve("case/final_S.npy"), NpyWriter.bytes(new double[5], 5));
        assertThatThrownBy(this::replay)
                .isInstanceOf(RegionalFileException.class)
                .hasMessageContaining("final_S.npy holds 5 numbers");
    }

    private RegionalGoldenReport replay() throws IOException {
        Files.writeString(folder.resolve("manifest.json"), manifest.toString());
        return RegionalGoldenReplay.run(folder, ScoringListener.NONE);
    }

    private static JsonNode published() throws IOException {
        return JSON.readTree(ReferenceNumbers.folder("reference/meanfield")
                .resolve("manifest.json")
                .toFile());
    }

    /** A folder of one case of the reference. */
    private Path publishedCase(String name) throws IOException {
        Path reference = ReferenceNumbers.folder("reference/meanfield");
        for (String linked : List.of(name, "common")) {
            Files.deleteIfExists(folder.resolve(linked));
            Files.createSymbolicLink(folder.resolve(linked), reference.resolve(linked));
        }
        manifest.withObject("/cases").removeAll();
        manifest.withObject("/cases").set(name, published().path("cases").path(name));
        Files.writeString(folder.resolve("manifest.json"), manifest.toString());
        return folder;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static double[] noise(double sigma) {
        return new double[] {sigma, sigma, sigma, sigma};
    }
}
