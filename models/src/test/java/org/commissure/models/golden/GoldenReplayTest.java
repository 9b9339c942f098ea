package org.commissure.models.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.npy.NpyFile;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.reference.ReferenceNumbers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenReplayTest {
    private static final ModelOpener ENGINE = configuration -> new BrainLm((BrainLmConfiguration) configuration, 2);

    @TempDir
    Path folder;

    private Path tiny = Path.of("");

    @BeforeEach
    void findTheReference() throws IOException {
        tiny = ReferenceNumbers.folder("reference/brainlm/tiny");
    }

    @Test
    void theOriginalsCaseIsReproduced() throws IOException {
        GoldenReport report = GoldenReplay.run(tiny, ENGINE, Tolerances.DEFAULT);
        assertThat(failed(report)).isEmpty();
        assertThat(report.parameterCount()).isEqualTo(63_604);
        assertThat(report.comparisons())
                .extracting(Comparison::name)
                .contains(
                        "outputs/ids_keep",
                        "outputs/logits",
                        "loss",
                        "grads/decoder.mask_token",
                        "adam3/vit.layernorm.bias",
                        "adamw3/loss after step 2",
                        "variants/mask0.2_mae/logits",
                        "variants/mask0.75_mse/loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto_encode", "predict_last", "predict_last_pixel"})
    void theImageModelsCasesAreReproduced(String mode) throws IOException {
        Path image = tiny.resolveSibling("vitmae_tiny").resolve(mode);
        GoldenReport report = GoldenReplay.run(
                image, configuration -> new BrainLm((VitMaeConfiguration) configuration, 2, false), Tolerances.DEFAULT);
        assertThat(failed(report)).isEmpty();
        assertThat(report.comparisons())
                .extracting(Comparison::name)
                .contains("loss", "outputs/logits_424x200", "grad_l2/decoder.decoder_pred.weight", "tokens_masked");
    }

    @Test
    void sampledTensorsAreComparedAtTheirIndices() throws IOException {
        copy();
        String name = "vit.encoder.layer.0.intermediate.dense.weight"; // 2,048 values
        for (String group : List.of("grads", "adam3", "adamw3")) {
            Files.createDirectory(folder.resolve(group + "_sampled"));
            Path whole = folder.resolve(group).resolve(name + ".npy");
            try (NpyFile file = NpyFile.open(whole)) {
                float[] values = file.floats();
                int[] indices = SampledIndices.of(values.length);
                float[] sampled = new float[indices.length];
                for (int i = 0; i < indices.length; i++) {
                    sampled[i] = values[indices[i]];
                }
                NpyWriter.write(folder.resolve(group + "_sampled").resolve(name + ".npy"), sampled, sampled.length);
            }
            Files.delete(whole);
        }
        GoldenReport report = GoldenReplay.run(folder, ENGINE, Tolerances.DEFAULT);
        assertThat(failed(report)).isEmpty();
        assertThat(report.comparisons())
                .extracting(Comparison::name)
                .contains("grads_sampled/" + name, "grad/" + name + "/l2", "adam3_sampled/" + name);
    }

    @Test
    void aWrongNumberAnywhereIsFoundByName() throws IOException {
        copy();
        change("outputs/logits.npy", 0.01f, 2, 24, 2, 20);
        change("grads/decoder.decoder_embed.bias.npy", 0.01f, 32);
        change("adam3/decoder.decoder_norm.weight.npy", 1e-4f, 32);
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"loss\": 2.3703877", "\"loss\": 2.3713877"));
        assertThat(failed(GoldenReplay.run(folder, ENGINE, Tolerances.DEFAULT)))
                .contains(
                        "outputs/logits",
                        "grads/decoder.decoder_embed.bias",
                        "adam3/decoder.decoder_norm.weight",
                        "loss")
                .doesNotContain("grads/decoder.decoder_embed.weight", "outputs/ids_keep");
    }

    @Test
    void whatALargeCaseLeavesOutIsSaid() throws IOException {
        copy();
        Files.delete(folder.resolve("outputs/logits.npy"));
        Files.delete(folder.resolve("grads/decoder.mask_token.npy"));
        Files.delete(folder.resolve("variants/mask0.2_mae/logits.npy"));
        GoldenReport report = GoldenReplay.run(folder, ENGINE, Tolerances.DEFAULT);
        assertThat(report.notes()).contains("outputs/logits: not in the folder");
        assertThat(report.comparisons())
                .extracting(Comparison::name)
                .contains("grad/decoder.mask_token/l2", "variants/mask0.5_mse/loss")
                .doesNotContain("outputs/logits", "variants/mask0.2_mae/loss");
        assertThat(failed(report)).isEmpty();
    }

    @Test
    void theCallersTolerancesDecide() throws IOException {
        var nothing = new Tolerances(OptionalDouble.of(0), OptionalDouble.empty());
        assertThat(failed(GoldenReplay.run(tiny, ENGINE, nothing)))
                .contains("outputs/logits", "loss", "grads/vit.layernorm.bias")
                .doesNotContain("outputs/ids_keep");
        var anything = new Tolerances(OptionalDouble.empty(), OptionalDouble.of(1e3));
        assertThat(GoldenReplay.run(tiny, ENGINE, anything).pass()).isTrue();
    }

    @Test
    void anIncompleteOrContradictoryFolderIsNamed() throws IOException {
        refused("manifest.json is missing");
        copy();
        Files.delete(folder.resolve("grads/decoder.mask_token.npy"));
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"l2\"", "\"norm\""));
        refused("has no gradient of decoder.mask_token, neither whole nor sampled");
        copy();
        NpyWriter.write(folder.resolve("grads/decoder.mask_token.npy"), new float[31], 31);
        refused("decoder.mask_token.npy has shape [31] for a tensor of shape [1, 1, 32]");
        copy();
        NpyWriter.write(folder.resolve("inputs/noise.npy"), new float[2 * 47], 2, 47);
        refused("noise [2, 47], which do not fit its config of 24 parcels, 40 frames and 48 tokens");
        copy();
        float[] xyz = new float[2 * 24 * 3];
        xyz[100] = 1;
        NpyWriter.write(folder.resolve("inputs/xyz_vectors.npy"), xyz, 2, 24, 3);
        refused("samples of different coordinates");
        copy();
        Files.writeString(folder.resolve("manifest.json"), "{");
        refused("manifest.json is not JSON");
        copy();
        Files.write(folder.resolve("outputs/logits.npy"), new byte[3]);
        refused("logits.npy: it ends before");
    }

    @Test
    void indicesAreNumPys() {
        // numpy.unique(numpy.linspace(0, n - 1, 512).astype(numpy.int64)) for n = 3, 768 and 24,576
        assertThat(SampledIndices.of(3)).containsExactly(0, 1, 2);
        assertThat(SampledIndices.of(768))
                .hasSize(512)
                .startsWith(0, 1, 3, 4, 6, 7, 9)
                .endsWith(762, 763, 765, 767);
        assertThat(SampledIndices.of(24_576))
                .startsWith(0, 48, 96, 144, 192, 240)
                .endsWith(24_478, 24_526, 24_575);
    }

    private void refused(String problem) {
        assertThatExceptionOfType(MalformedGoldenException.class)
                .isThrownBy(() -> GoldenReplay.run(folder, ENGINE, Tolerances.DEFAULT))
                .withMessageContaining(problem);
    }

    private static List<String> failed(GoldenReport report) {
        return report.comparisons().stream()
                .filter(comparison -> !comparison.pass())
                .map(Comparison::name)
                .toList();
    }

    private void copy() throws IOException {
        try (Stream<Path> files = Files.walk(tiny)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(tiny.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void change(String name, float by, int... shape) throws IOException {
        Path file = folder.resolve(name);
        float[] values;
        try (NpyFile npy = NpyFile.open(file)) {
            values = npy.floats();
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += by;
        }
        NpyWriter.write(file, values, shape);
    }
}
