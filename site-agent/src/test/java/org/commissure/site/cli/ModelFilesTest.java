package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Presets;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.commissure.site.cohort.SharedData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code site model info|import|export} on files of every kind. */
class ModelFilesTest {
    private static final ModelConfiguration MODEL =
            Presets.named(Presets.COMMISSURE_SMALL, new float[][] {{1, 2, 3}, {4, 5, 6}}, 40, 20);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final float[] parameters = new float[MODEL.layout().parameterCount()];
    private Path model = Path.of("");

    @BeforeEach
    void writeAModel() throws IOException {
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) Math.cos(i);
        }
        model = folder.resolve("model");
        ModelFolder.write(model, MODEL, parameters, Map.of());
    }

    @Test
    void infoNamesShapesAndDigest() throws IOException {
        assertThat(run("info", model.toString(), "--json")).isZero();
        JsonNode facts = json();
        assertThat(facts.at("/model/variant").asText()).isEqualTo("commissure");
        assertThat(facts.at("/model/encoder/width").asInt()).isEqualTo(64);
        assertThat(facts.at("/model/parameters").asInt()).isEqualTo(parameters.length);
        assertThat(facts.at("/values").asInt()).isEqualTo(parameters.length);
        assertThat(facts.at("/tensors/0/name").asText()).isEqualTo("vit.embeddings.cls_token");
        assertThat(facts.at("/tensors/0/shape").toString()).isEqualTo("[1,1,64]");
        assertThat(facts.at("/sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(run("info", model.resolve("model.safetensors").toString())).isZero();
        assertThat(out.toString())
                .contains(
                        "commissure",
                        "decoder.mask_token [1, 1, 64]",
                        facts.at("/sha256").asText());
    }

    @Test
    void infoDescribesAFileWithoutAConfiguration() throws IOException {
        Path alone = folder.resolve("alone.safetensors");
        Safetensors.write(alone, new ParameterLayout.Builder().add("w", 2, 3).build(), new float[6], Map.of());
        assertThat(run("info", alone.toString(), "--json")).isZero();
        assertThat(json().has("model")).isFalse();
        assertThat(json().at("/values").asInt()).isEqualTo(6);
    }

    @Test
    void infoRefusesWhatIsNoModel() throws IOException {
        assertThat(run("info", folder.resolve("none.safetensors").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("error: there is no file").contains("none.safetensors");
        Path damaged = Files.write(folder.resolve("x.safetensors"), new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9});
        assertThat(run("info", damaged.toString())).isEqualTo(3);
        assertThat(err.toString())
                .contains("says its header has")
                .contains("remedy: ")
                .doesNotContain("\tat ");
    }

    @Test
    void anExportIsImportedAgain() throws IOException {
        Path exported = folder.resolve("elsewhere/weights.safetensors");
        assertThat(run("export", model.toString(), "--out", exported.toString(), "--json"))
                .isZero();
        assertThat(json().at("/parameters").asInt()).isEqualTo(parameters.length);
        assertThat(Safetensors.read(exported).metadata()).containsEntry("format", "pt");
        Path back = folder.resolve("back");
        Path config = exported.resolveSibling("config.json");
        assertThat(run("import", exported.toString(), "--config", config.toString(), "--out", back.toString()))
                .isZero();
        ModelFolder.Contents contents = ModelFolder.read(back);
        assertThat(contents.parameters()).containsExactly(parameters);
        assertThat(contents.configuration()).isEqualTo(MODEL);
        assertThat(contents.metadata()).containsKey("imported_sha256");
    }

    @Test
    void anExportDoesNotReplaceAnotherModelsConfiguration() throws IOException {
        Path beside = Files.writeString(folder.resolve("config.json"), "{}");
        assertThat(run(
                        "export",
                        model.toString(),
                        "--out",
                        folder.resolve("w.safetensors").toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("is there already and describes another model");
        assertThat(beside).hasContent("{}");
        assertThat(folder.resolve("w.safetensors")).doesNotExist();
    }

    @Test
    void tensorsThatDoNotFitAreListed() throws IOException {
        Path other = folder.resolve("other.safetensors");
        Safetensors.write(other, new ParameterLayout.Builder().add("w", 1).build(), new float[1], Map.of());
        assertThat(importing(other, model.resolve("config.json"))).isEqualTo(3);
        assertThat(err.toString())
                .contains("missing (vit.embeddings.cls_token, ")
                .contains("1 extra (w)")
                .contains("remedy: ");
        assertThat(folder.resolve("imported")).doesNotExist();
    }

    @Test
    void aMaliciousPickleIsRefusedByItsOpcode() throws IOException {
        Path malicious = Files.writeString(folder.resolve("pytorch_model.bin"), "cposix\nsystem\n(X\2\0\0\0idtR.");
        assertThat(importing(malicious, model.resolve("config.json"))).isEqualTo(3);
        assertThat(err.toString())
                .contains("opcode GLOBAL with posix.system at byte 0 is not allowed")
                .contains("do not load this file anywhere");
    }

    @Test
    void aConfigurationThatIsNotSupportedIsNamedByKey() throws IOException {
        Path weights = model.resolve("model.safetensors");
        Path config = folder.resolve("c.json");
        String text = Files.readString(model.resolve("config.json"));
        Files.writeString(config, text.replace("\"mask_ratio\" : 0.75", "\"mask_ratio\" : 1"));
        assertThat(importing(weights, config)).isEqualTo(3);
        assertThat(err.toString()).contains("maskRatio = 1.0 must lie strictly between 0 and 1");
        Files.writeString(
                config, text.replace("\"num_timepoints_per_voxel\" : 40", "\"num_timepoints_per_voxel\" : 41"));
        assertThat(importing(weights, config)).isEqualTo(3);
        assertThat(err.toString()).contains("windowFrames = 41 is not a multiple of patchFrames = 20");
        assertThat(importing(weights, folder.resolve("none.json"))).isEqualTo(3);
        assertThat(err.toString()).contains("cannot be read");
    }

    @Test
    void coordinatesMustFitTheParcels() throws IOException {
        Path three = folder.resolve("xyz.npy");
        NpyWriter.write(three, new float[9], 3, 3);
        Path config = folder.resolve("c.json");
        String text = Files.readString(model.resolve("config.json"));
        Files.writeString(config, text.substring(0, text.indexOf(",\n  \"commissure\"")) + "}");
        Path weights = model.resolve("model.safetensors");
        assertThat(importing(weights, config, "--coordinates", three.toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("coordinatesMillimetres has 3 rows for 2 parcels");
        assertThat(importing(weights, config)).isEqualTo(3);
        assertThat(err.toString()).contains("coordinatesMillimetres is missing").contains("pass --coordinates");
        NpyWriter.write(three, new float[8], 2, 4);
        assertThat(importing(weights, config, "--coordinates", three.toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("has shape [2, 4], not [parcels, 3]");
        Path table = Files.writeString(
                folder.resolve("a.tsv"),
                "index\tx\ty\tz\tbrainlm_x\tbrainlm_y\tbrainlm_z\n1\t0\t0\t0\t1\t2\t3\n2\t0\t0\t0\t4\t5\t6\n");
        assertThat(importing(weights, config, "--coordinates", table.toString()))
                .isZero();
        assertThat(out.toString()).contains("coordinates from brainlm_x, brainlm_y, brainlm_z");
        assertThat(ModelFolder.read(folder.resolve("imported")).configuration()).isEqualTo(MODEL);
    }

    @Test
    void theOriginalsPickleBecomesAModel() throws IOException {
        Path tiny = SharedData.require("reference/brainlm/tiny");
        Path xyz = folder.resolve("xyz.npy");
        NpyWriter.write(xyz, new float[72], 24, 3);
        Path pickle = tiny.resolve("pytorch_model.bin");
        assertThat(importing(pickle, tiny.resolve("config.json"), "--coordinates", xyz.toString(), "--json"))
                .isZero();
        assertThat(json().at("/model/variant").asText()).isEqualTo("original");
        assertThat(json().at("/model/parameters").asInt()).isEqualTo(63_604);
        assertThat(json().at("/ignored_buffers").toString()).contains("vit.embeddings.pos_embedding.pe");
    }

    private int importing(Path from, Path config, String... more) {
        String[] args = {
            "import",
            from.toString(),
            "--config",
            config.toString(),
            "--out",
            folder.resolve("imported").toString()
        };
        return run(Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray(String[]::new));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(
                Stream.concat(Stream.of("site", "model"), Arrays.stream(args)).toArray(String[]::new));
    }
}
