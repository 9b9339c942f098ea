package org.commissure.models.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    private static final String SHAPE_2_3 = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyFormatVersionIsRead(int version) throws Exception {
        Path file = write(npy(version, SHAPE_2_3, floats(6)));
        try (NpyFile npy = NpyFile.open(file)) {
            assertThat(npy.shape()).containsExactly(2, 3);
            assertThat(npy.floats()).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void float64IsRoundedToFloat32() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(-7);
        Path file = write(npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}", data.array()));
        try (NpyFile npy = NpyFile.open(file)) {
            assertThat(npy.floats()).containsExactly(0.1f, -7);
        }
    }

    @Test
    void whatTheWriterWritesIsReadBackAndAligned() throws Exception {
        Path file = folder.resolve("x.npy");
        NpyWriter.write(file, new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertThat((Files.size(file) - 24) % 64).isZero();
        try (NpyFile npy = NpyFile.open(file)) {
            assertThat(npy.shape()).containsExactly(3, 2);
            assertThat(npy.floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "'=f4', 'fortran_order': False, 'shape': (2, 3) ~ of type '=f4'",
                "'|O', 'fortran_order': False, 'shape': (2, 3) ~ of type '|O'",
                "'<f4', 'fortran_order': False, 'shape': (6) ~ the shape is (6), which is not read",
                "'<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 6) ~ which is not read",
                "'<f4', 'fortran_order': False, 'shape': (9999999999,) ~ which is not read",
            })
    void anArrayOfAnotherKindIsRefused(String header, String message) throws IOException {
        assertRefused(npy(1, "{'descr': " + header + "}", floats(6)), NpyException.Problem.UNSUPPORTED, message);
    }

    @Test
    void aFileWithoutItsLastByteIsTruncated() throws IOException {
        byte[] whole = npy(1, SHAPE_2_3, floats(6));
        assertRefused(Arrays.copyOf(whole, whole.length - 1), NpyException.Problem.DAMAGED, "truncated");
    }

    @Test
    void trailingBytesAreRefused() throws IOException {
        byte[] whole = npy(1, SHAPE_2_3, floats(6));
        assertRefused(Arrays.copyOf(whole, whole.length + 1), NpyException.Problem.DAMAGED, "needs 24");
    }

    @Test
    void aHeaderThatClaimsGigabytesAllocatesNothing() throws IOException {
        byte[] bytes = npy(2, SHAPE_2_3, floats(6));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        assertRefused(bytes, NpyException.Problem.DAMAGED, "claims 4294967295 bytes");
    }

    /** The bytes are NumPy 2's: {@code np.save(f, np.asfortranarray(np.arange(24).reshape(2, 3, 4)))} and its like. */
    @Test
    void anArrayInFortranOrderIsReadAsNumpyShowsIt() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(24 * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < 4; k++) {
            for (int j = 0; j < 3; j++) {
                for (int i = 0; i < 2; i++) {
                    data.putFloat(12 * i + 4 * j + k);
                }
            }
        }
        Path file = write(npy(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }", data.array()));
        float[] inRows = new float[24];
        for (int i = 0; i < inRows.length; i++) {
            inRows[i] = i;
        }
        try (NpyFile npy = NpyFile.open(file)) {
            assertThat(npy.shape()).containsExactly(2, 3, 4);
            assertThat(npy.floats()).containsExactly(inRows);
            assertThat(npy.doubles()[23]).isEqualTo(23);
            npy.forEachRow((row, values) -> assertThat(values[1]).isEqualTo(4 * row + 1));
        }
    }

    @Test
    void aBigEndianArrayIsReadInEitherOrder() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(6 * 8).order(ByteOrder.BIG_ENDIAN);
        for (double value : new double[] {1, 4, 2, 5, 3, 6}) {
            data.putDouble(value);
        }
        Path columns = write(npy(1, "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }", data.array()));
        try (NpyFile npy = NpyFile.open(columns)) {
            assertThat(npy.floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
        Path rows = write(npy(1, "{'descr': '>f8', 'fortran_order': False, 'shape': (2, 3), }", data.array()));
        try (NpyFile npy = NpyFile.open(rows)) {
            assertThat(npy.floats()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(npy.doubles()).containsExactly(1, 4, 2, 5, 3, 6);
        }
        ByteBuffer whole =
                ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putInt(7).putInt(-2);
        try (NpyFile npy = NpyFile.open(
                write(npy(1, "{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", whole.array())))) {
            assertThat(npy.ints()).containsExactly(7, -2);
        }
    }

    @Test
    void everyRankIsRead() throws Exception {
        for (String shape : new String[] {"()", "(1,)", "(1, 1)", "(1, 1, 1, 1)"}) {
            Path file = write(npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", floats(1)));
            try (NpyFile npy = NpyFile.open(file)) {
                assertThat(npy.shape()).hasSize(shape.replaceAll("[^1]", "").length());
                assertThat(npy.floats()).containsExactly(0);
            }
        }
        Path file = write(npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0)}", floats(0)));
        try (NpyFile npy = NpyFile.open(file)) {
            assertThat(npy.floats()).isEmpty();
        }
    }

    @Test
    void integersAreReadAndNeverTakenForFloats() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-5).putLong(1L << 40);
        Path longs = write(npy(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (2,)}", data.array()));
        try (NpyFile npy = NpyFile.open(longs)) {
            assertThat(npy.type()).isEqualTo(NpyType.INT64);
            assertThatThrownBy(npy::ints)
                    .isInstanceOf(NpyException.class)
                    .hasMessageContaining("value 1 exceeds 32 bits");
            assertThatThrownBy(npy::floats).isInstanceOf(NpyException.class).hasMessageContaining("integers");
        }
        Path ints = write(npy(1, "{'descr': '<i4', 'fortran_order': False, 'shape': (4,)}", data.array()));
        try (NpyFile npy = NpyFile.open(ints)) {
            assertThat(npy.ints()).containsExactly(-5, -1, 0, 256);
        }
        try (NpyFile npy = NpyFile.open(write(npy(1, SHAPE_2_3, floats(6))))) {
            assertThatThrownBy(npy::ints).isInstanceOf(NpyException.class).hasMessageContaining("floating point");
        }
    }

    @Test
    void aShapeBeyondEveryIntegerAllocatesNothing() throws IOException {
        String huge = "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999, 999999999)}";
        assertRefused(npy(1, huge, floats(6)), NpyException.Problem.DAMAGED, "truncated");
    }

    @Test
    void whatDoesNotFitItsShapeIsNotWritten() {
        assertThatThrownBy(() -> NpyWriter.write(folder.resolve("x.npy"), new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 values");
    }

    @Test
    void aShapeThatTheFileDoesNotHoldAllocatesNothing() throws IOException {
        String huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999)}";
        assertRefused(npy(1, huge, floats(6)), NpyException.Problem.DAMAGED, "truncated");
    }

    @Test
    void everyShorterFileIsRefusedAndNoneIsHalfRead() throws IOException {
        byte[] whole = npy(1, SHAPE_2_3, floats(6));
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), NpyException.Problem.DAMAGED, "");
        }
    }

    @Test
    void randomDamageToTheHeaderNeverEscapesAsAnotherException() throws IOException {
        long seed = 20261121;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int trial = 0; trial < 2000; trial++) {
            byte[] bytes = npy(1, SHAPE_2_3, floats(6));
            for (int change = 0; change <= random.nextInt(4); change++) {
                bytes[random.nextInt(bytes.length - 24)] = (byte) random.nextInt(256);
            }
            try (NpyFile npy = NpyFile.open(write(bytes))) {
                assertThat(npy.floats()).hasSize(npy.length());
            } catch (NpyException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void aFolderIsNotAFile() {
        assertThatThrownBy(() -> NpyFile.open(folder)).isInstanceOf(NpyException.class);
    }

    private void assertRefused(byte[] bytes, NpyException.Problem problem, String message) throws IOException {
        Path file = write(bytes);
        NpyException refusal = catchThrowableOfType(NpyException.class, () -> NpyFile.open(file));
        assertThat(refusal).isNotNull().hasMessageContaining(message);
        assertThat(refusal.problem()).isEqualTo(problem);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("series.npy"), bytes);
    }

    static byte[] npy(int version, String dictionary, byte[] data) {
        byte[] text = (dictionary + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            bytes.putShort((short) text.length);
        } else {
            bytes.putInt(text.length);
        }
        bytes.put(text).put(data);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static byte[] floats(int count) {
        ByteBuffer data = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putFloat(i);
        }
        return data.array();
    }
}
