package org.commissure.site.cohort.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.UnreadableSeriesException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that numpy, scipy, h5py and nibabel wrote (fixtures.py beside them), and damaged copies of them. */
class SeriesReadingTest {
    private static final int PARCELS = 4;
    private static final int FRAMES = 7;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dpabi.mat",
                "dpabi_plain.mat",
                "one_matrix.mat",
                "conn.mat",
                "conn_v73.mat",
                "dpabi_v73.mat",
                "series.h5",
                "rest.ptseries.nii"
            })
    void parcelsOfEveryToolAreRead(String name) throws IOException {
        assertSeries(SeriesReading.ofParcels(PARCELS).read(file(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "plain_bold.nii.gz, atlas_dseg.nii.gz, 2.5",
        "second_bold.nii.gz, atlas_dseg.nii.gz, 2.5",
        "big_bold.nii, atlas_dseg.nii.gz, 2.5",
        "rest.dtseries.nii, atlas.dlabel.nii, 0.72"
    })
    void voxelsAndGrayordinatesBecomeTheMeansOfTheirParcels(String name, String atlas, double repetitionTime)
            throws IOException {
        ParcelSeries series = with(atlas, false).read(file(name));
        assertSeries(series);
        assertThat(series.repetitionTimeSeconds()).hasValue(repetitionTime);
        assertThat(series.word()).isEmpty();
    }

    @Test
    void anAtlasOnAnotherGridIsRefusedOrCarriedOverWithAWord() throws IOException {
        Path shifted = file("shifted_bold.nii.gz"); // 1.5 mm of a voxel of 2 mm: every label moves one voxel
        assertThat(refusal(with("atlas_dseg.nii.gz", false), shifted).problem()).isEqualTo(Problem.SPACE_MISMATCH);
        assertThat(refusal(with("atlas_dseg.nii.gz", false), shifted)).hasMessageContaining("1.5 mm");
        ParcelSeries carried = with("atlas_dseg.nii.gz", true).read(shifted);
        assertThat(carried.word().orElseThrow()).contains("resampled", "1.5 mm");
        assertThat(carried.values())
                .isNotEqualTo(with("atlas_dseg.nii.gz", false)
                        .read(file("plain_bold.nii.gz"))
                        .values());
    }

    @Test
    void theOtherKindOfAtlasIsRefused() {
        assertThat(refusal(with("atlas.dlabel.nii", false), file("plain_bold.nii.gz"))
                        .problem())
                .isEqualTo(Problem.SPACE_MISMATCH);
        assertThat(refusal(with("atlas_dseg.nii.gz", false), file("rest.dtseries.nii"))
                        .problem())
                .isEqualTo(Problem.SPACE_MISMATCH);
        assertThat(refusal(with("other.dlabel.nii", false), file("rest.dtseries.nii")))
                .hasMessageContaining("not those of the atlas");
        assertThat(refusal(SeriesReading.ofParcels(PARCELS), file("big_bold.nii"))
                        .problem())
                .isEqualTo(Problem.NEEDS_ATLAS);
        assertThatThrownBy(() -> Parcellation.read(file("plain_bold.nii.gz")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not one volume");
    }

    @Test
    void timeThatCannotBeToldFromParcelsIsRefused() {
        assertThat(refusal(SeriesReading.ofParcels(PARCELS), file("square.mat")))
                .hasMessageContaining("nothing says");
        assertThat(refusal(SeriesReading.ofParcels(PARCELS), file("two_matrices.mat")))
                .hasMessageContaining("the matrices a, b");
        for (String conn : new String[] {"conn.mat", "conn_v73.mat"}) {
            assertThat(refusal(SeriesReading.ofParcels(5), file(conn)))
                    .hasMessageContaining("atlas (4), networks (2)")
                    .hasMessageContaining("5");
        }
    }

    @Test
    void cellsOfMatlab73ThatDoNotFitEachOtherAreRefused() {
        SeriesReading reading = SeriesReading.ofParcels(PARCELS);
        assertThat(refusal(reading, file("conn_v73_uneven.mat"))).hasMessageContaining("different length");
        assertThat(refusal(reading, file("conn_v73_missing.mat")))
                .hasMessageContaining("atlas.region 1")
                .hasMessageContaining("refers to no object");
        assertThat(refusal(reading, file("conn_v73_nameless.mat")).problem()).isEqualTo(Problem.UNSUPPORTED);
        assertThat(refusal(reading, file("conn_v73_nameless.mat"))).hasMessageContaining("none of its 3 cells");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain_bold.nii.gz",
                "big_bold.nii",
                "dpabi.mat",
                "conn.mat",
                "conn_v73.mat",
                "dpabi_v73.mat",
                "series.h5",
                "rest.ptseries.nii"
            })
    void aFileThatEndsEarlyIsDamagedWhereverItEnds(String name) throws IOException {
        byte[] whole = Files.readAllBytes(file(name));
        Path cut = folder.resolve(name);
        for (int percent : new int[] {0, 5, 20, 45, 70, 90}) {
            Files.write(cut, Arrays.copyOf(whole, whole.length * percent / 100));
            assertThat(refusal(with("atlas_dseg.nii.gz", false), cut).problem())
                    .as(name + " cut at " + percent + " %")
                    .isIn(Problem.DAMAGED, Problem.UNSUPPORTED);
        }
    }

    @Test
    void aHeaderThatClaimsMoreThanItsFileHoldsAllocatesNothing() throws IOException {
        byte[] cifti = Files.readAllBytes(file("rest.ptseries.nii"));
        ByteBuffer.wrap(cifti).order(ByteOrder.LITTLE_ENDIAN).putLong(16 + 8 * 5, 80_000); // dim[5], frames
        assertThat(refusal(SeriesReading.ofParcels(PARCELS), Files.write(folder.resolve("x.ptseries.nii"), cifti)))
                .hasMessageContaining("truncated");
        ByteBuffer.wrap(cifti).order(ByteOrder.LITTLE_ENDIAN).putLong(16 + 8 * 5, 9_000_000_000L);
        assertThat(refusal(SeriesReading.ofParcels(PARCELS), Files.write(folder.resolve("x.ptseries.nii"), cifti)))
                .hasMessageContaining("in dimension 5");
        byte[] bold = Files.readAllBytes(file("big_bold.nii"));
        ByteBuffer.wrap(bold).putShort(40 + 2 * 4, (short) 32_000);
        assertThat(refusal(with("atlas_dseg.nii.gz", false), Files.write(folder.resolve("x_bold.nii"), bold)))
                .hasMessageContaining("truncated");
    }

    @Test
    void aGzipWithoutItsChecksumIsTruncated() throws IOException {
        byte[] whole = Files.readAllBytes(file("plain_bold.nii.gz"));
        Path cut = Files.write(folder.resolve("x_bold.nii.gz"), Arrays.copyOf(whole, whole.length - 4));
        assertThat(refusal(with("atlas_dseg.nii.gz", false), cut)).hasMessageContaining("truncated");
        whole[whole.length / 2] ^= 0x55;
        Files.write(cut, whole);
        assertThat(refusal(with("atlas_dseg.nii.gz", false), cut).problem()).isEqualTo(Problem.DAMAGED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "x.1D ~ #2001\t#2002\\n1\t4\\n2\t5\\n3\t6\\n",
                "x.tsv ~ \uFEFFregion a\tregion b\\r\\n1\t4\\r\\n2\t5\\r\\n3\t6\\r\\n",
                "x.csv ~ 1,4\\n2,5\\n3,6",
                "x.1D ~ # AFNI says so\\n 1 4\\n 2 5\\n 3 6\\n"
            })
    void textIsReadAsOneLineForEachFrame(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text.translateEscapes());
        ParcelSeries series = SeriesReading.ofParcels(2).read(file);
        assertThat(series.parcels()).isEqualTo(2);
        assertThat(series.values()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void textThatIsNoTableOfNumbersIsRefusedByLine() throws IOException {
        assertThat(text("1\t2\n3\tabout 4\n")).hasMessageContaining("line 2, column 2 holds text");
        assertThat(text("a\tb\tc\n1\t2\t3\n4\n")).hasMessageContaining("line 3 has 1 columns");
        assertThat(text("a\tb\n")).hasMessageContaining("no line of numbers");
        assertThat(SeriesReading.ofParcels(2)
                        .read(Files.writeString(folder.resolve("x.tsv"), "1\tn/a\n3\t4\n"))
                        .values()[2])
                .isNaN();
    }

    private UnreadableSeriesException text(String text) throws IOException {
        return refusal(SeriesReading.ofParcels(2), Files.writeString(folder.resolve("x.tsv"), text));
    }

    private static UnreadableSeriesException refusal(SeriesReading reading, Path file) {
        return Objects.requireNonNull(
                catchThrowableOfType(UnreadableSeriesException.class, () -> reading.read(file)), file + " was read");
    }

    private static SeriesReading with(String atlas, boolean resample) {
        return new SeriesReading(PARCELS, Optional.of(Parcellation.read(file(atlas))), resample);
    }

    /** Parcel p of frame t holds 100·(p + 1) + t + ¼. */
    private static void assertSeries(ParcelSeries series) {
        assertThat(series.parcels()).isEqualTo(PARCELS);
        assertThat(series.frames()).isEqualTo(FRAMES);
        for (int parcel = 0; parcel < PARCELS; parcel++) {
            for (int frame = 0; frame < FRAMES; frame++) {
                assertThat(series.values()[parcel * FRAMES + frame])
                        .isCloseTo(100 * (parcel + 1) + frame + 0.25f, within(1e-3f));
            }
        }
    }

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(SeriesReadingTest.class.getResource(name), name)
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
