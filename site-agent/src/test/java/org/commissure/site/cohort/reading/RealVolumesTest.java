package org.commissure.site.cohort.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.models.npy.NpyFile;
import org.commissure.site.cohort.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes of other people's scanners and tools; what is expected was read with nibabel. */
class RealVolumesTest {

    @Test
    void thePaintedVolumesGiveTheSeriesBackThatTheyWerePaintedFrom() throws IOException {
        Path bold = SharedData.require("data/nifti/semisynthetic_bold_from_abide/cc200_3mm/sub-0050952/func"
                + "/sub-0050952_task-rest_space-MNI152_desc-preproc_bold.nii.gz");
        Path atlas = SharedData.require("data/atlases/volumes/CC200_MNI152_3mm_dseg.nii.gz");
        Path source = SharedData.require("data/abide1/site-NYU/sub-0050952/func"
                + "/sub-0050952_task-rest_atlas-CC200_desc-nofiltnoglobal_timeseries.npy");
        ParcelSeries series = new SeriesReading(200, Optional.of(Parcellation.read(atlas)), false).read(bold);
        assertThat(series.parcels()).isEqualTo(200);
        assertThat(series.repetitionTimeSeconds()).hasValue(2.0);
        float largest = 0;
        try (NpyFile npy = NpyFile.open(source)) {
            float[] expected = npy.floats();
            assertThat(series.values()).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(series.values()[i] - expected[i] - 10_000));
            }
        }
        System.out.println("largest difference from the painted series: " + largest);
        // Half a step of scl_slope 0.4, and the rounding of 10,000 to float32; nibabel's largest is 0.20015.
        assertThat(largest).isLessThan(0.2f + 0.0005f);
    }

    @Test
    void anAtlasOfAnotherGridIsCarriedOverOnlyWithAWord() throws IOException {
        Path bold = SharedData.require("data/nifti/semisynthetic_bold_from_abide/a424grid_2mm/sub-0050142/func"
                + "/sub-0050142_task-rest_space-MNI152_desc-preproc_bold.nii.gz");
        Parcellation atlas = Parcellation.read(SharedData.require("data/atlases/volumes/CC200_MNI152_3mm_dseg.nii.gz"));
        ParcelSeries series = new SeriesReading(200, Optional.of(atlas), true).read(bold);
        assertThat(series.word().orElseThrow()).contains("resampled", "91×109×91", "63×75×61");
        assertThat(series.frames()).isEqualTo(40);
        assertThat(series.repetitionTimeSeconds()).hasValue(2.5);
        Path slab = SharedData.require("data/nifti/single/nibabel_functional_bold.nii");
        assertThatExceptionOfType(UnreadableSeriesException.class)
                .isThrownBy(() -> new SeriesReading(200, Optional.of(atlas), true).read(slab))
                .withMessageContaining("of the atlas's 200 parcels have no voxel");
    }

    @ParameterizedTest
    @CsvSource({
        "data/nifti/single/nibabel_anatomical_bigendian.nii, 1, 33×41×25×1, true, -1",
        "data/nifti/single/nibabel_example_nifti2.nii.gz, 2, 32×20×12×2, false, 2000",
        "data/nifti/single/nibabel_example4d_bold.nii.gz, 1, 128×96×24×2, false, 2000",
        "data/nifti/single/nibabel_functional_bold.nii, 1, 17×21×3×20, false, 2",
        "data/nifti/single/nitime_fmri1_bold.nii.gz, 1, 10×10×18×40, false, 1.35",
        "data/nifti/ixi_t1w/sub-IXI012/anat/sub-IXI012_T1w.nii.gz, 1, 120×120×90×1, false, -1",
        "data/nifti/single/pcasl_asl4d.nii.gz, 1, 52×68×20×10, false, 2.54"
    })
    void headersSayWhatNibabelReads(String file, int version, String shape, boolean big, double repetitionTime)
            throws IOException {
        try (NiftiStream in = NiftiStream.open(SharedData.require(file))) {
            NiftiHeader header = in.header();
            int[] d = header.dimensions();
            assertThat(header.version()).isEqualTo(version);
            assertThat(d[0] + "×" + d[1] + "×" + d[2] + "×" + d[3]).isEqualTo(shape);
            assertThat(header.order()).isEqualTo(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            assertThat(header.repetitionTimeSeconds().orElse(-1)).isEqualTo(repetitionTime);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "data/nifti/single/nibabel_anatomical_bigendian.nii, 8401.066725794532, 26.0000, -30.0000, -2.0000",
        "data/nifti/single/nibabel_example_nifti2.nii.gz, 450.963671875, 111.8551, -28.3431, 9.5648",
        "data/nifti/single/nibabel_functional_bold.nii, 3637.408513675239, 20.0000, -20.0000, 56.0000",
        "data/nifti/ixi_t1w/sub-IXI012/anat/sub-IXI012_T1w.nii.gz, 393.24642917303095, -74.1610, 112.2323, -125.2682",
        "data/nifti/single/pcasl_asl4d.nii.gz, 461.57718891402715, -69.6777, -100.4453, -9.3320",
        "data/nifti/single/colin27_T1w.nii.gz, 44.61177355282364, -87.0000, -120.0000, -64.0000"
    })
    void valuesAndPlacesAreThoseOfNibabel(String file, double mean, double x, double y, double z) throws IOException {
        try (NiftiStream in = NiftiStream.open(SharedData.require(file))) {
            double[] sum = {0};
            in.forEach((index, value) -> sum[0] += value);
            assertThat(sum[0] / in.header().count()).isCloseTo(mean, within(1e-6 * Math.abs(mean)));
            double[] place = in.header().affine().apply(3, 5, 7);
            assertThat(place[0]).isCloseTo(x, within(1e-3));
            assertThat(place[1]).isCloseTo(y, within(1e-3));
            assertThat(place[2]).isCloseTo(z, within(1e-3));
        }
    }

    @Test
    void theConfoundsOfFmriprepGiveMotion() throws IOException {
        Path table =
                SharedData.require("data/nifti/fmriprep_sidecars_ds000031/derivatives/fmriprep_1.0.0/fmriprep/sub-01"
                        + "/ses-002/func/sub-01_ses-002_task-rest_run-001_desc-confounds_timeseries.tsv");
        Confounds confounds = Confounds.read(table);
        assertThat(confounds.framewiseDisplacement()).hasSize(40);
        assertThat(confounds.framewiseDisplacement()[0]).isNaN();
        assertThat(confounds.meanDisplacement()).isCloseTo(0.10801581, within(1e-6));
    }
}
