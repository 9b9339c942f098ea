package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * An atlas of voxels.
 *
 * @param grid voxels along each axis
 */
record VolumeParcellation(int[] grid, Affine affine, Labels labels) implements Parcellation {
    /** Rounding of float32 headers; half of the smallest voxel in use is 0.35 mm. */
    private static final double SAME_GRID_MILLIMETRES = 0.1;

    /** Four heads at 1 mm, or one at 0.6 mm. */
    private static final long MAXIMUM_VOXELS = 32_000_000;

    /** The atlas on an image's grid, and what was done to bring it there. */
    record Placed(Labels labels, Optional<String> word) {}

    static VolumeParcellation read(Path file) throws IOException {
        try (NiftiStream in = NiftiStream.open(file)) {
            NiftiHeader header = in.header();
            if (header.count() > MAXIMUM_VOXELS || header.count() != voxels(header.grid())) {
                throw UnreadableSeriesException.unsupported("it is not one volume of labels");
            }
            double[] values = new double[(int) header.count()];
            in.forEach((index, value) -> values[(int) index] = value);
            return new VolumeParcellation(header.grid(), header.affine(), Labels.of(values));
        }
    }

    private static long voxels(int[] grid) {
        return (long) grid[0] * grid[1] * grid[2];
    }

    @Override
    public int parcels() {
        return labels.parcels();
    }

    /**
     * The atlas on the grid of an image.
     *
     * @param resample whether labels may be carried to another grid, each voxel taking the label nearest to its centre
     * @throws UnreadableSeriesException if the grids differ and {@code resample} is false, or parcels fall outside
     */
    Placed on(NiftiHeader image, boolean resample) throws UnreadableSeriesException {
        boolean sameShape = Arrays.equals(grid, image.grid());
        double apart = sameShape ? affine.largestDistance(image.affine(), grid) : Double.NaN;
        if (sameShape && apart <= SAME_GRID_MILLIMETRES) {
            return new Placed(labels, Optional.empty());
        }
        String difference = sameShape
                ? String.format(Locale.ROOT, "its affine places voxels up to %.1f mm from the atlas's", apart)
                : "its grid is " + text(image.grid()) + ", the atlas's " + text(grid);
        if (!resample) {
            throw UnreadableSeriesException.mismatch(difference);
        }
        return new Placed(resampled(image), Optional.of("atlas resampled by nearest neighbour: " + difference));
    }

    private Labels resampled(NiftiHeader image) throws UnreadableSeriesException {
        if (voxels(image.grid()) > MAXIMUM_VOXELS || image.affine().determinant() == 0 || affine.determinant() == 0) {
            throw UnreadableSeriesException.mismatch("its affine cannot be compared with the atlas's");
        }
        Affine toAtlas = affine.inverse();
        int[] to = image.grid();
        int[] parcelAt = new int[(int) voxels(to)];
        int index = 0;
        for (int k = 0; k < to[2]; k++) {
            for (int j = 0; j < to[1]; j++) {
                for (int i = 0; i < to[0]; i++) {
                    double[] millimetres = image.affine().apply(i, j, k);
                    parcelAt[index++] = at(toAtlas.apply(millimetres[0], millimetres[1], millimetres[2]));
                }
            }
        }
        Labels placed = new Labels(parcelAt, labels.parcels());
        long empty = Arrays.stream(placed.counts()).filter(count -> count == 0).count();
        if (empty > 0) {
            throw UnreadableSeriesException.mismatch(
                    empty + " of the atlas's " + labels.parcels() + " parcels have no voxel in the image");
        }
        return placed;
    }

    private int at(double[] voxel) {
        int index = 0;
        for (int axis = 2; axis >= 0; axis--) {
            long nearest = Math.round(voxel[axis]);
            if (nearest < 0 || nearest >= grid[axis]) {
                return -1;
            }
            index = index * grid[axis] + (int) nearest;
        }
        return labels.parcelAt()[index];
    }

    private static String text(int[] grid) {
        return grid[0] + "×" + grid[1] + "×" + grid[2];
    }
}
