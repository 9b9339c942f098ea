package org.commissure.models.modelfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Presets;
import org.commissure.models.brainlm.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final float[][] COORDINATES = {{14, -78, 4}, {0.1f, 64.25f, -1e-7f}, {18, -76, 32}};

    /** The keys of a published checkpoint's file, with three parcels. */
    private static final String ORIGINAL = """
            {"architectures": ["BrainLMForPretraining"], "attention_probs_dropout_prob": 0.1, "conv_kernel_size": 65,
             "decoder_hidden_size": 256, "decoder_intermediate_size": 1024, "decoder_num_attention_heads": 4,
             "decoder_num_hidden_layers": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.0, "hidden_size": 256,
             "image_size": 224, "initializer_range": 0.02, "intermediate_size": 1024, "inv_coeff_init_option": false,
             "layer_norm_eps": 1e-12, "loss_fn": "mse", "mask_ratio": 0.2, "model_type": "brainlm_mae",
             "norm_pix_loss": false, "num_attention_heads": 4, "num_brain_voxels": 3, "num_channels": 3,
             "num_hidden_layers": 4, "num_landmarks": 64, "num_timepoints_per_voxel": 200, "patch_size": 16,
             "qkv_bias": true, "segment_means_seq_len": 64, "timepoint_patching_size": 20, "torch_dtype": "float32",
             "transformers_version": "4.28.0.dev0", "use_tanh_decoder": false}
            """;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("config.json");
    }

    @Test
    void theOriginalsFileIsRead() throws IOException {
        Files.writeString(file, ORIGINAL);
        assertThat(ConfigurationFile.read(file, COORDINATES).configuration())
                .isEqualTo(new BrainLmConfiguration(
                        Variant.ORIGINAL,
                        3,
                        200,
                        20,
                        new Stack(256, 4, 4, 1024),
                        new Stack(256, 2, 4, 1024),
                        Loss.MSE,
                        1e-12,
                        0.1,
                        0.2,
                        COORDINATES));
    }

    @Test
    void everyKeyOfTheOriginalSurvivesReadingAndWriting() throws IOException {
        Files.writeString(file, ORIGINAL);
        ConfigurationFile read = ConfigurationFile.read(file, COORDINATES);
        read.write(file);
        ObjectNode written = (ObjectNode) JSON.readTree(file.toFile());
        assertThat(ConfigurationFile.read(file).configuration()).isEqualTo(read.configuration());
        written.remove("commissure");
        assertThat(written).isEqualTo(JSON.readTree(ORIGINAL));
    }

    @Test
    void theRepetitionTimesEmbeddingIsAKeyOnlyWhereThereIsOne() throws IOException {
        var without = (BrainLmConfiguration) Presets.named(Presets.COMMISSURE_SMALL, COORDINATES, 40, 10);
        ConfigurationFile.of(without).write(file);
        assertThat(Files.readString(file)).doesNotContain("repetition");
        ConfigurationFile.of(without.withRepetitionTimeEmbedding()).write(file);
        assertThat(ConfigurationFile.read(file).configuration()).isEqualTo(without.withRepetitionTimeEmbedding());
        String text = Files.readString(file);
        Files.writeString(
                file, text.replace("\"repetitionTimeEmbedding\" : true", "\"repetitionTimeEmbedding\" : \"yes\""));
        assertThatExceptionOfType(MalformedConfigurationException.class)
                .isThrownBy(() -> ConfigurationFile.read(file))
                .withMessageContaining("commissure.repetitionTimeEmbedding is \"yes\", neither true nor false");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (String preset : Presets.names()) {
            boolean image = preset.equals(Presets.BRAINLM_111M) || preset.equals(Presets.BRAINLM_650M);
            var configuration = Presets.named(preset, image ? new float[424][3] : COORDINATES, 200, 20);
            ConfigurationFile.of(configuration).write(file);
            assertThat(ConfigurationFile.read(file).configuration()).isEqualTo(configuration);
        }
        var other = new BrainLmConfiguration(
                Variant.COMMISSURE,
                3,
                12,
                4,
                new Stack(12, 1, 3, 7),
                new Stack(6, 3, 2, 5),
                Loss.MAE,
                1e-5,
                0.25,
                0.9,
                COORDINATES);
        ConfigurationFile.of(other).write(file);
        assertThat(ConfigurationFile.read(file).configuration()).isEqualTo(other);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hidden_act | \"relu\" | hidden_act is \"relu\"; only \"gelu\" is supported",
                "conv_kernel_size | 33 | conv_kernel_size is 33; only 65",
                "num_landmarks | 32 | num_landmarks is 32.0 and segment_means_seq_len is 64.0",
                "segment_means_seq_len | 4241 | Nyström",
                "norm_pix_loss | true | norm_pix_loss is true",
                "use_tanh_decoder | true | use_tanh_decoder is true",
                "qkv_bias | false | qkv_bias is false",
                "hidden_dropout_prob | 0.1 | hidden_dropout_prob is 0.1",
                "patch_size | 14 | patch_size is 14",
                "loss_fn | \"huber\" | loss_fn is 'huber', neither mse nor mae",
                "model_type | \"bert\" | model_type is 'bert'; this version knows brainlm_mae",
                "model_type | 7 | model_type is 7, not a string",
                "hidden_size | null | hidden_size is missing",
                "hidden_size | 1e3 | hidden_size is 1000.0, not an integer",
                "hidden_size | 4294967552 | hidden_size is 4294967552, not an integer of 32 bits",
                "hidden_size | 258 | heads = 4 does not divide hidden = 258",
                "mask_ratio | \"a\" | mask_ratio is \"a\", not a number",
                "mask_ratio | 0 | maskRatio = 0.0 must lie strictly between 0 and 1",
                "mask_ratio | 1 | maskRatio = 1.0 must lie strictly between 0 and 1",
                "num_timepoints_per_voxel | 210 | windowFrames = 210 is not a multiple of patchFrames = 20",
                "num_timepoints_per_voxel | 2147483640 | tokens",
                "num_brain_voxels | 4 | coordinatesMillimetres has 3 rows for 4 parcels",
                "decoder_hidden_size | 128 | one width, not 256 and 128",
                "commissure | 3 | commissure is not an object",
                "commissure | {\"colour\": 1} | commissure has keys that this version does not know: colour",
                "commissure | {\"variant\": \"commissure\"} | commissure.variant is 'commissure', but model_type",
                "commissure | {\"coordinatesMillimetres\": []} | coordinates were passed as well",
            })
    void whatTheEngineDoesNotHaveIsRefusedByName(String key, String value, String problem) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(ORIGINAL);
        root.set(key, JSON.readTree(value));
        JSON.writeValue(file.toFile(), root);
        refused(() -> ConfigurationFile.read(file, COORDINATES), problem);
    }

    @Test
    void coordinatesMustComeFromSomewhere() throws IOException {
        Files.writeString(file, ORIGINAL);
        refused(() -> ConfigurationFile.read(file), "commissure.coordinatesMillimetres is missing");
        Files.writeString(file, ORIGINAL.replaceFirst("\\{", """
                {"commissure": {"coordinatesMillimetres": [[1, 2, 3], [1, 2], [4, 5, 6]]},"""));
        refused(() -> ConfigurationFile.read(file), "coordinatesMillimetres row 1 is not three numbers");
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        for (String damaged : new String[] {"", "[]", "{", "7", ORIGINAL + "{}", "{\"a\": 1, \"a\": 2}"}) {
            Files.writeString(file, damaged);
            refused(() -> ConfigurationFile.read(file, COORDINATES), "config.json: it is not");
        }
        Files.writeString(file, " ".repeat((16 << 20) + 1));
        refused(() -> ConfigurationFile.read(file), "at most 16777216 are read");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String problem) {
        assertThatExceptionOfType(MalformedConfigurationException.class)
                .isThrownBy(read)
                .withMessageContaining(problem)
                .withMessageContaining("config.json");
    }

    @ParameterizedTest
    @EnumSource
    void aBaselineIsReadAsItWasWritten(Family family) throws IOException {
        var c = new BaselineConfiguration(family, 3, 40, 10, List.of(5, 7), 12.5, 0.6, COORDINATES);
        ConfigurationFile.of(c).write(file);
        assertThat(ConfigurationFile.read(file).configuration()).isEqualTo(c);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"widths\" : [ 5, 7 ] | \"widths\" : [ ] | commissure.widths is not a list of at least one width",
                "\"widths\" : [ 5, 7 ] | \"widths\" : [ 5.5 ] | commissure.widths holds 5.5, not an integer",
                "\"widths\" : [ 5, 7 ] | \"widths\" : [ 0 ] | width = 0 must be positive",
                "\"cellMillimetres\" | \"cellMetres\" | commissure has keys that this version does not know: cellMetres",
                "\"num_brain_voxels\" : 3 | \"num_brain_voxels\" : 4 | coordinatesMillimetres has 3 rows for 4 parcels",
                "\"mlp\" | \"mlpp\" | model_type is 'mlpp'; this version knows",
            })
    void aBaselinesFileWithAMistakeIsRefusedByItsKey(String from, String to, String message) throws IOException {
        ConfigurationFile.of(new BaselineConfiguration(Family.MLP, 3, 40, 10, List.of(5, 7), 12.5, 0.6, COORDINATES))
                .write(file);
        Files.writeString(file, Files.readString(file).replace(from, to));
        assertThatExceptionOfType(MalformedConfigurationException.class)
                .isThrownBy(() -> ConfigurationFile.read(file))
                .withMessageContaining(message);
    }
}
