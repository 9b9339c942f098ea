package org.commissure.models.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchArchiveTest {
    private static final float[] SIX = {0, 1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("pytorch_model.bin");
    }

    @Test
    void contiguousTransposedShiftedExpandedAndSharedViewsAreRead() throws IOException {
        new TorchFile()
                .tensor("plain", "FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1})
                .tensor("transposed", "FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .tensor("shifted", "FloatStorage", "0", 6, 4, new long[] {2}, new long[] {1})
                .tensor("every other", "FloatStorage", "0", 6, 1, new long[] {3}, new long[] {2})
                .tensor("expanded", "FloatStorage", "1", 1, 0, new long[] {2, 2}, new long[] {0, 0})
                .tensor("scalar", "FloatStorage", "0", 6, 5, new long[] {}, new long[] {})
                .tensor("empty", "FloatStorage", "0", 6, 6, new long[] {0, 4}, new long[] {4, 1})
                .storage("0", SIX)
                .storage("1", 7)
                .write(file);
        try (TorchArchive archive = TorchArchive.open(file)) {
            assertThat(archive.shapes())
                    .containsEntry("plain", List.of(2, 3))
                    .containsEntry("scalar", List.of())
                    .containsEntry("empty", List.of(0, 4));
            assertThat(read(archive, "plain", 6)).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(read(archive, "transposed", 6)).containsExactly(0, 3, 1, 4, 2, 5);
            assertThat(read(archive, "shifted", 2)).containsExactly(4, 5);
            assertThat(read(archive, "every other", 3)).containsExactly(1, 3, 5);
            assertThat(read(archive, "expanded", 4)).containsExactly(7, 7, 7, 7);
            assertThat(read(archive, "scalar", 1)).containsExactly(5);
            assertThat(read(archive, "empty", 0)).isEmpty();
        }
    }

    @Test
    void everyFloatingPointTypeIsRead() throws IOException {
        ByteBuffer half = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        half.putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-2));
        ByteBuffer brain = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        brain.putShort((short) (Float.floatToIntBits(1.5f) >> 16)).putShort((short) (Float.floatToIntBits(-2) >> 16));
        ByteBuffer twice = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        twice.putDouble(1.5).putDouble(-2);
        TorchFile torch = new TorchFile();
        for (String type : new String[] {"Half", "BFloat16", "Double"}) {
            torch.tensor(type, type + "Storage", type, 2, 0, new long[] {2}, new long[] {1});
        }
        torch.entry("model/data/Half", half.array())
                .entry("model/data/BFloat16", brain.array())
                .entry("model/data/Double", twice.array())
                .entry("model/byteorder", "little".getBytes(StandardCharsets.US_ASCII))
                .write(file);
        try (TorchArchive archive = TorchArchive.open(file)) {
            for (String name : archive.shapes().keySet()) {
                assertThat(read(archive, name, 2)).as(name).containsExactly(1.5f, -2);
            }
        }
    }

    @Test
    void integersAreNamedAndNotRead() throws IOException {
        new TorchFile()
                .tensor("ids", "LongStorage", "0", 1, 0, new long[] {1}, new long[] {1})
                .entry("model/data/0", new byte[8])
                .write(file);
        try (TorchArchive archive = TorchArchive.open(file)) {
            assertThat(archive.shapes()).containsKey("ids");
            malformed(() -> archive.read("ids", new float[1], 0), "tensor ids is of INT64, not floating point");
        }
    }

    @Test
    void weightsBesideOptimiserAndEpochAreFound() throws IOException {
        new TorchFile()
                .text("epoch")
                .integer(7)
                .text("state_dict")
                .global("collections", "OrderedDict")
                .op(')', 'R')
                .text("w")
                .tensor("", "FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .op('s')
                .storage("0", SIX)
                .write(file);
        try (TorchArchive archive = TorchArchive.open(file)) {
            assertThat(archive.shapes()).containsOnlyKeys("w");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6 | 0 | 7 | 1 | reaches beyond its storage of 6 elements",
                "6 | 1 | 6 | 1 | reaches beyond",
                "6 | 0 | 2 | 6 | reaches beyond",
                "6 | -1 | 1 | 1 | reaches beyond",
                "6 | 7 | 0 | 1 | reaches beyond",
                "6 | 0 | -1 | 1 | neither may be negative",
                "6 | 0 | 2 | -1 | neither may be negative",
                "6 | 0 | 4294967297 | 0 | larger than is read",
                "6 | 9223372036854775807 | 2 | 1 | overflows",
                "6 | 0 | 3 | 9223372036854775807 | overflows",
                "-1 | 0 | 0 | 1 | a storage of -1 elements",
                "9223372036854775807 | 0 | 1 | 1 | a storage of 9223372036854775807 elements",
            })
    void aViewOutsideItsStorageIsRefused(long elements, long offset, long size, long stride, String problem)
            throws IOException {
        new TorchFile()
                .tensor("a", "FloatStorage", "0", elements, offset, new long[] {size}, new long[] {stride})
                .storage("0", SIX)
                .write(file);
        assertThatExceptionOfType(RefusedPickleException.class)
                .isThrownBy(() -> TorchArchive.open(file))
                .withMessageContaining(problem);
    }

    @Test
    void sizesThatOverflowTogetherAndUnequalRanksAreRefused() throws IOException {
        long half = 1L << 31;
        new TorchFile()
                .tensor("a", "FloatStorage", "0", 6, 0, new long[] {65536, 65536, 65536, 65536}, new long[4])
                .storage("0", SIX)
                .write(file);
        assertThatExceptionOfType(RefusedPickleException.class)
                .isThrownBy(() -> TorchArchive.open(file))
                .withMessageContaining("larger than is read");
        new TorchFile()
                .tensor("a", "FloatStorage", "0", 6, 0, new long[] {0, half, half, half}, new long[] {1, 1, 1, 1})
                .storage("0", SIX)
                .write(file);
        assertThatExceptionOfType(RefusedPickleException.class).isThrownBy(() -> TorchArchive.open(file));
        new TorchFile()
                .tensor("a", "FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {1})
                .storage("0", SIX)
                .write(file);
        assertThatExceptionOfType(RefusedPickleException.class)
                .isThrownBy(() -> TorchArchive.open(file))
                .withMessageContaining("2 sizes and 1 strides");
    }

    @Test
    void hooksAndWrongArgumentsAreRefused() throws IOException {
        TorchFile hooked = new TorchFile();
        hooked.text("a")
                .global("torch._utils", "_rebuild_tensor_v2")
                .op('(', '(')
                .text("storage");
        hooked.global("torch", "FloatStorage")
                .text("0")
                .text("cpu")
                .integer(6)
                .op('t', 'Q')
                .integer(0);
        hooked.tuple(6)
                .tuple(1)
                .op(0x89)
                .global("collections", "OrderedDict")
                .op(')', 'R')
                .text("hook")
                .op('N', 's');
        hooked.op('t', 'R').storage("0", SIX).write(file);
        refused("opcode REDUCE with torch._utils._rebuild_tensor_v2(a storage, a Long, a tuple of 1");
        new TorchFile()
                .text("a")
                .global("torch._utils", "_rebuild_parameter")
                .op(')', 'R')
                .write(file);
        refused("opcode REDUCE with torch._utils._rebuild_parameter() is not allowed");
    }

    @Test
    void aStorageThatIsNotWhatThePickleSaysIsRefused() throws IOException {
        TorchFile torch = new TorchFile().tensor("a", "FloatStorage", "0", 7, 0, new long[] {6}, new long[] {1});
        torch.storage("0", SIX).write(file);
        malformed(() -> TorchArchive.open(file), "storage 0 has 24 bytes, but its tensor says 7 elements of FLOAT32");
        torch.entries.clear();
        TorchFile.write(file, torch.pickle(), torch.entries);
        malformed(() -> TorchArchive.open(file), "has no entry model/data/0");
    }

    @Test
    void aDamagedStorageIsNoticedByItsChecksum() throws IOException {
        sixValues().write(file);
        byte[] bytes = Files.readAllBytes(file);
        byte[] five = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(5)
                .array();
        for (int i = 0; i < bytes.length - 4; i++) {
            if (Arrays.equals(bytes, i, i + 4, five, 0, 4)) {
                bytes[i] ^= 1;
            }
        }
        Files.write(file, bytes);
        try (TorchArchive archive = TorchArchive.open(file)) {
            malformed(() -> archive.read("a", new float[6], 0), "its checksum is wrong");
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        sixValues().write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 4; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            malformed(() -> TorchArchive.open(file), "zip");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model/../../etc/passwd", "/etc/passwd", "model\\data", "model/data/\u0001", "C:/x", "./x"})
    void anEntryThatClimbsOutIsRefused(String name) throws IOException {
        sixValues().entry(name, new byte[1]).write(file);
        malformed(() -> TorchArchive.open(file), "which is no plain name");
    }

    @Test
    void twoEntriesOfOneNameAreRefused() throws IOException {
        sixValues().entry("model/data/9", new byte[24]).write(file);
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("model/data/9", "model/data/0");
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        malformed(() -> TorchArchive.open(file), "two entries called model/data/0");
    }

    @Test
    void aCompressedEntryIsRefusedBeforeItIsInflated() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("model/data.pkl"));
            zip.write(new byte[10_000_000]);
        }
        malformed(() -> TorchArchive.open(file), "has a compressed entry, model/data.pkl");
    }

    @Test
    void anArchiveWithoutOnePickleOrOfAnotherByteOrderIsRefused() throws IOException {
        sixValues().entry("other/data.pkl", new byte[1]).write(file);
        malformed(() -> TorchArchive.open(file), "several pickles");
        sixValues()
                .entry("model/byteorder", "big".getBytes(StandardCharsets.US_ASCII))
                .write(file);
        malformed(() -> TorchArchive.open(file), "byte order 'big'");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.DEFLATED);
        }
        assertThatExceptionOfType(MalformedTorchFileException.class).isThrownBy(() -> TorchArchive.open(file));
    }

    @Test
    void somethingElseThanTensorsIsRefused() throws IOException {
        new TorchFile().text("a").integer(1).write(file);
        malformed(() -> TorchArchive.open(file), "entry a is a Long, not a tensor");
        TorchFile.write(file, new byte[] {(byte) 0x80, 2, 'N', '.'}, Map.of());
        malformed(() -> TorchArchive.open(file), "holds None, not a state dict");
    }

    @Test
    void theFormatBeforeZipIsNamed() throws IOException {
        byte[] legacy = {
            (byte) 0x80,
            2,
            (byte) 0x8a,
            10,
            0x6c,
            (byte) 0xfc,
            (byte) 0x9c,
            0x46,
            (byte) 0xf9,
            0x20,
            0x6a,
            (byte) 0xa8,
            0x50,
            0x19,
            '.'
        };
        Files.write(file, legacy);
        assertThat(TorchArchive.claims(Files.write(folder.resolve("noname"), legacy)))
                .isTrue();
        malformed(() -> TorchArchive.open(file), "a pickle without zip, as PyTorch wrote before 1.6");
    }

    private static TorchFile sixValues() {
        return new TorchFile()
                .tensor("a", "FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .storage("0", SIX);
    }

    private static float[] read(TorchArchive archive, String name, int length) throws IOException {
        float[] out = new float[length + 2];
        archive.read(name, out, 1);
        assertThat(out[0] + out[length + 1]).isZero();
        return Arrays.copyOfRange(out, 1, length + 1);
    }

    private void refused(String problem) {
        assertThatExceptionOfType(RefusedPickleException.class)
                .isThrownBy(() -> TorchArchive.open(file))
                .withMessageContaining(problem);
    }

    private static void malformed(ThrowingCallable call, String problem) {
        assertThatExceptionOfType(MalformedTorchFileException.class)
                .isThrownBy(call)
                .withMessageContaining(problem);
    }
}
