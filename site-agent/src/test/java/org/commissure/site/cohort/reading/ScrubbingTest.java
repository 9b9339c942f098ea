package org.commissure.site.cohort.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubbingTest {
    private static final float UNKNOWN = Float.NaN;

    @TempDir
    Path folder;

    @Test
    void framesThatMovedLieOnTheLineBetweenTheirNeighbours() throws IOException {
        ParcelSeries series = new ParcelSeries(new float[] {9, 2, 9, 9, 8, 9, 0, 4, 0, 0, 1, 0}, 2, 6);
        Scrubbing scrubbing = Scrubbing.of(series, moved(0.9f, UNKNOWN, 0.6f, 0.7f, 0.5f, 0.8f), 0.5);
        assertThat(scrubbing.kept()).isEqualTo(2);
        assertThat(scrubbing.series().values())
                .containsExactly(new float[] {2, 2, 4, 6, 8, 8, 4, 4, 3, 2, 1, 1}, within(1e-5f));
        assertThat(series.values()[0]).isEqualTo(9);
    }

    @Test
    void aTableOfAnotherLengthOrWithoutAStillFrameIsRefused() {
        ParcelSeries series = new ParcelSeries(new float[] {1, 2}, 1, 2);
        assertThatExceptionOfType(UnreadableSeriesException.class)
                .isThrownBy(() -> Scrubbing.of(series, moved(0.1f), 0.5))
                .withMessageContaining("1 rows for 2 frames");
        assertThatExceptionOfType(UnreadableSeriesException.class)
                .isThrownBy(() -> Scrubbing.of(series, moved(1, 1), 0.5))
                .withMessageContaining("no frame");
    }

    @Test
    void theTableOfASeriesIsFoundWhateverSpaceAndAtlasItsNameHas() throws IOException {
        Files.writeString(
                folder.resolve("sub-1_task-rest_run-2_desc-confounds_timeseries.tsv"),
                "framewise_displacement\tcsf\nn/a\t1\n0.2\t1\n0.4\t1\n");
        for (String name : new String[] {
            "sub-1_task-rest_run-2_space-MNI152_res-2_desc-preproc_bold.nii.gz",
            "sub-1_task-rest_run-2_atlas-CC200_desc-x_timeseries.npy"
        }) {
            assertThat(Confounds.beside(folder.resolve(name)).orElseThrow().meanDisplacement())
                    .isCloseTo(0.3, within(1e-6));
        }
        assertThat(Confounds.beside(folder.resolve("sub-1_task-rest_run-1_desc-preproc_bold.nii.gz")))
                .isEmpty();
        Files.writeString(folder.resolve("sub-2_desc-confounds_timeseries.tsv"), "csf\n1\n");
        assertThatExceptionOfType(UnreadableSeriesException.class)
                .isThrownBy(() -> Confounds.beside(folder.resolve("sub-2_bold.nii")))
                .withMessageContaining("no column framewise_displacement");
    }

    private static Confounds moved(float... millimetres) {
        return new Confounds(millimetres);
    }
}
