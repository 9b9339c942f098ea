package org.commissure.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final ParameterLayout LAYOUT =
            new ParameterLayout.Builder().add("z.weight", 2, 3).add("a.bias", 2).build();
    private static final float[] VALUES = {1, -2.5f, Float.MIN_VALUE, 4, 5, 6, -7, 1e30f};

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Safetensors.write(file, LAYOUT, VALUES, Map.of("format", "commissure", "a", "ä"));
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.layout()).isEqualTo(LAYOUT);
        assertThat(contents.values()).containsExactly(VALUES);
        assertThat(contents.metadata()).containsExactly(Map.entry("a", "ä"), Map.entry("format", "commissure"));
        assertThat(Safetensors.read(file, LAYOUT)).containsExactly(VALUES);
    }

    @Test
    void theDataSectionIsTheFlatVector() throws IOException {
        Safetensors.write(file, LAYOUT, VALUES, Map.of());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        assertThat(header % 8).isZero();
        float[] data = new float[VALUES.length];
        bytes.position(8 + header).asFloatBuffer().get(data);
        assertThat(data).containsExactly(VALUES);
        assertThat(bytes.limit()).isEqualTo(8 + header + 4 * VALUES.length);
    }

    @Test
    void aFileLargerThanOneChunkSurvives() throws IOException {
        var layout = new ParameterLayout.Builder().add("big", 700_001).build();
        float[] values = new float[700_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Safetensors.write(file, layout, values, Map.of());
        assertThat(Arrays.equals(Safetensors.read(file, layout), values)).isTrue();
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingElse() throws IOException {
        Files.writeString(file, "old");
        Safetensors.write(file, LAYOUT, VALUES, Map.of());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Safetensors.write(file, LAYOUT, new float[3], Map.of()));
        assertThat(Safetensors.read(file, LAYOUT)).containsExactly(VALUES);
    }

    @Test
    void anotherLayoutIsRefusedByTheFirstDifference() throws IOException {
        Safetensors.write(file, LAYOUT, VALUES, Map.of());
        var other = new ParameterLayout.Builder()
                .add("z.weight", 3, 2)
                .add("a.bias", 2)
                .build();
        refused(() -> Safetensors.read(file, other), "z.weight [2, 3] where the model has z.weight [3, 2]");
        var longer = new ParameterLayout.Builder()
                .add("z.weight", 2, 3)
                .add("a.bias", 2)
                .add("b", 1)
                .build();
        refused(() -> Safetensors.read(file, longer), "2 tensors, 8 parameters");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        Safetensors.write(file, LAYOUT, VALUES, Map.of());
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(MalformedSafetensorsException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> Safetensors.read(file));
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 4));
        refused(() -> Safetensors.read(file), "oversized");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F16','shape':[4],'data_offsets':[0,8]}} | dtype 'F16'; only F32",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}"
                        + " | overlapping",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | gap",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | spans bytes 0 to 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | spans bytes 8 to 0",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | spans bytes -8 to 0",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,16]}} | two data offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,1e9]}} | two data offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | two data offsets",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | lacks a shape",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | dimension 2.0",
                "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}} | not a size",
                "{'a':{'dtype':'F32','shape':[0],'data_offsets':[0,0]},'b':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}"
                        + " | nothing in it",
                "{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}} | dtype 'I64'; only F32",
                "{'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}} | which is unknown",
                "{'__metadata__':{'a':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | not a string",
                "{'__metadata__':['a'],'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | __metadata__",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}"
                        + " | truncated",
                "{} | has 8 bytes of data, but its header describes 0",
                "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,8]}} | dimension -1, which is not a size",
                "{'a':{'dtype':'F32','shape':[2147483647,2147483647],'data_offsets':[0,8]}} | larger",
                "{'a':{'dtype':'F32','shape':[4294967298],'data_offsets':[0,8]}} | larger",
                "{'a':{'dtype':'F32','shape':[9223372036854775807,3],'data_offsets':[0,8]}} | larger",
                "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}} | larger",
                "{'a':{'dtype':'F32','shape':[18446744073709551617],'data_offsets':[0,4]}} | not a size",
                "{'a':{'dtype':'F32','shape':[2]}} | data offsets",
                "{'a':7} | dtype",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}"
                        + " | twice",
                "[1] | not a JSON object",
                "{ | not JSON",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | not JSON",
            })
    void aMalformedHeaderIsRefused(String header, String problem) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).array());
        refused(() -> Safetensors.read(file), problem);
    }

    @Test
    void aSingleValueHasNoDimensions() throws IOException {
        var scalar = new ParameterLayout.Builder().add("temperature").build();
        Safetensors.write(file, scalar, new float[] {7}, Map.of());
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.layout().tensor("temperature").shape()).isEmpty();
        assertThat(contents.values()).containsExactly(7);
    }

    @Test
    void aHeaderLengthBeyondTheFileIsRefusedWithoutAllocatingIt() throws IOException {
        for (long length : new long[] {-1, Long.MAX_VALUE, 99_000_000}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            refused(() -> Safetensors.read(file), "header has " + Long.toUnsignedString(length));
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String problem) {
        assertThatExceptionOfType(MalformedSafetensorsException.class)
                .isThrownBy(read)
                .withMessageContaining(problem);
    }
}
