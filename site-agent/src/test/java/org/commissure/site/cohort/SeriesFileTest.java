package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.models.npy.NpyWriter;
import org.commissure.site.cohort.reading.SeriesReading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesFileTest {
    @TempDir
    Path folder;

    @Test
    void aSeriesIsReadByParcel() throws Exception {
        Path file = folder.resolve("x.npy");
        NpyWriter.write(file, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        try (SeriesFile series = SeriesFile.open(file, SeriesReading.ofParcels(2))) {
            assertThat(series.parcels()).isEqualTo(2);
            assertThat(series.frames()).isEqualTo(3);
            float[] sums = new float[2];
            series.forEachParcel((parcel, row) -> sums[parcel] = row[0] + row[1] + row[2]);
            assertThat(sums).containsExactly(6, 15);
            assertThat(series.load()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void aSeriesInFortranOrderIsTurned() throws Exception {
        ByteBuffer columns = ByteBuffer.allocate(24).order(ByteOrder.BIG_ENDIAN);
        for (float value : new float[] {1, 4, 2, 5, 3, 6}) {
            columns.putFloat(value);
        }
        Path file = Files.write(
                folder.resolve("columns.npy"),
                npy("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3)}", columns.array()));
        try (SeriesFile series = SeriesFile.open(file, SeriesReading.ofParcels(2))) {
            assertThat(series.parcels()).isEqualTo(2);
            assertThat(series.load()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "'<f2', 'fortran_order': False, 'shape': (2, 6) ~ UNSUPPORTED_SERIES ~ of type '<f2'",
                "'<i4', 'fortran_order': False, 'shape': (2, 3) ~ UNSUPPORTED_SERIES ~ integers",
                "'<f4', 'fortran_order': False, 'shape': (6,) ~ UNSUPPORTED_SERIES ~ the shape is [6]",
                "'<f4', 'fortran_order': False, 'shape': (1, 2, 3) ~ UNSUPPORTED_SERIES ~ the shape is [1, 2, 3]",
                "'<f4', 'fortran_order': False, 'shape': (2, 4) ~ CORRUPT_FILE ~ truncated",
                "'<f4', 'fortran_order': False ~ CORRUPT_FILE ~ does not state",
            })
    void anotherArrayThanFloatsByParcelAndTimeIsRefused(String header, RejectionReason reason, String message)
            throws IOException {
        Path file = Files.write(folder.resolve("series.npy"), npy("{'descr': " + header + "}", new byte[24]));
        SeriesException refusal =
                catchThrowableOfType(SeriesException.class, () -> SeriesFile.open(file, SeriesReading.ofParcels(2)));
        assertThat(refusal).isNotNull().hasMessageContaining(message);
        assertThat(refusal.reason()).isEqualTo(reason);
    }

    /** Format version 1. */
    static byte[] npy(String dictionary, byte[] data) {
        byte[] text = (dictionary + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .put(data)
                .array();
    }
}
