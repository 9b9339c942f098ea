package org.commissure.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.pickle.RefusedPickleException;
import org.commissure.models.reference.ReferenceNumbers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightImportTest {
    private static final ParameterLayout MODEL =
            new ParameterLayout.Builder().add("b.weight", 2, 2).add("a.bias", 2).build();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("weights.safetensors");
    }

    @Test
    void tensorsAreFoundByNameWhateverTheirOrderPrefixAndBuffers() throws IOException {
        var written = new ParameterLayout.Builder()
                .add("module.model.a.bias", 2)
                .add("module.model.vit.embeddings.pos_embedding.pe", 1)
                .add("module.model.b.weight", 2, 2)
                .build();
        Safetensors.write(file, written, new float[] {5, 6, 9, 1, 2, 3, 4}, Map.of());
        WeightImport.Imported imported = WeightImport.read(file, MODEL);
        assertThat(imported.parameters()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(imported.ignoredBuffers()).containsExactly("vit.embeddings.pos_embedding.pe");
        assertThat(imported.removedPrefix()).isEqualTo("module.model.");
    }

    @Test
    void aFolderOfArraysIsRead() throws IOException {
        NpyWriter.write(folder.resolve("a.bias.npy"), new float[] {5, 6}, 2);
        NpyWriter.write(folder.resolve("b.weight.npy"), new float[] {1, 2, 3, 4}, 2, 2);
        assertThat(WeightImport.read(folder, MODEL).parameters()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void everyDifferenceIsListedAtOnce() throws IOException {
        var written = new ParameterLayout.Builder()
                .add("b.weight", 4)
                .add("c.weight", 1)
                .add("c.bias\u001b[2J", 1)
                .build();
        Safetensors.write(file, written, new float[6], Map.of());
        assertThatExceptionOfType(TensorMismatchException.class)
                .isThrownBy(() -> WeightImport.read(file, MODEL))
                .withMessage("holds other tensors than the model: 1 missing (a.bias); 2 extra (c.weight, c.bias?[2J);"
                        + " 1 of another shape (b.weight [4] instead of [2, 2])")
                .satisfies(e -> assertThat(e.missing()).containsExactly("a.bias"));
    }

    @Test
    void halfBrainAndDoublePrecisionAreConverted() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort(Float.floatToFloat16(0.5f))
                .putShort((short) 0x3fc0)
                .putDouble(0.1)
                .putDouble(-3);
        write("""
                {"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},\
                "b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]},\
                "d":{"dtype":"F64","shape":[2],"data_offsets":[4,20]}}""", data.array());
        var layout = new ParameterLayout.Builder()
                .add("d", 2)
                .add("b", 1)
                .add("h", 1)
                .build();
        assertThat(WeightImport.read(file, layout).parameters()).containsExactly(0.1f, -3, 1.5f, 0.5f);
    }

    @Test
    void integersAndValuesThatAreNotFiniteAreNamed() throws IOException {
        var layout = new ParameterLayout.Builder().add("d", 1).build();
        write("{\"d\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]);
        assertThatIOException()
                .isThrownBy(() -> WeightImport.read(file, layout))
                .withMessageContaining("tensor d has dtype 'I64', which is not floating point");
        ByteBuffer large = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(1e300);
        write("{\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", large.array());
        assertThatIOException()
                .isThrownBy(() -> WeightImport.read(file, layout))
                .withMessageContaining("tensor d holds a value that is not a finite number of 32 bits");
    }

    @Test
    void aBinFileIsJudgedAsAPickleWhateverItHolds() throws IOException {
        Path bin = Files.writeString(folder.resolve("x.bin"), "cposix\nsystem\n(S'id'\ntR.");
        assertThatExceptionOfType(RefusedPickleException.class)
                .isThrownBy(() -> WeightImport.read(bin, MODEL))
                .withMessageContaining("opcode GLOBAL with posix.system");
        assertThatExceptionOfType(MalformedSafetensorsException.class)
                .isThrownBy(() -> WeightImport.read(Files.writeString(file, "cposix\nsystem\n"), MODEL));
    }

    @Test
    void theOriginalsThreeFormatsHoldTheSameWeights() throws IOException {
        Path tiny = ReferenceNumbers.folder("reference/brainlm/tiny");
        var model = ConfigurationFile.read(tiny.resolve("config.json"), new float[24][3])
                .configuration();
        WeightImport.Imported pickled = WeightImport.read(tiny.resolve("pytorch_model.bin"), model.layout());
        assertThat(pickled.parameters()).hasSize(63_604);
        assertThat(pickled.ignoredBuffers())
                .containsExactlyInAnyOrder("vit.embeddings.pos_embedding.pe", "decoder.pos_embedding.pe");
        assertThat(WeightImport.read(tiny.resolve("weights.safetensors"), model.layout())
                        .parameters())
                .containsExactly(pickled.parameters());
        assertThat(WeightImport.read(tiny.resolve("weights"), model.layout()).parameters())
                .containsExactly(pickled.parameters());
    }

    private void write(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .put(data)
                        .array());
    }
}
