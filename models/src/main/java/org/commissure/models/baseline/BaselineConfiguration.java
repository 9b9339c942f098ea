package org.commissure.models.baseline;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.commissure.models.brainlm.AtlasCoordinates;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.weights.ParameterLayout;

/**
 * Shape of a baseline. Tokens are BrainLM's: token {@code parcel * patches() + patch} is {@code patchFrames}
 * consecutive frames of one parcel.
 *
 * @param windowFrames frames the model reads at once; a multiple of {@code patchFrames}
 * @param widths of the hidden layers, first to last: units of a dense layer, units per direction of a recurrent one,
 *     channels of a convolution
 * @param cellMillimetres edge of a cell of the grid on which {@link Family#CONV3D} places parcels; the others ignore it
 * @param maskRatio share of tokens that are masked in training unless the caller draws masks itself
 * @param coordinatesMillimetres {@code [parcels][3]} atlas coordinates; used by {@link Family#CONV3D}
 */
@SuppressWarnings("ArrayRecordComponent") // copied in, and equality by content is defined below
public record BaselineConfiguration(
        Family family,
        int parcels,
        int windowFrames,
        int patchFrames,
        List<Integer> widths,
        double cellMillimetres,
        double maskRatio,
        float[][] coordinatesMillimetres)
        implements ModelConfiguration {

    /** Edge of a grid cell: 200 to 424 parcels of a whole brain find cells close to their places. */
    public static final double DEFAULT_CELL_MILLIMETRES = 15;

    /** Which network. */
    public enum Family {
        /** Bidirectional LSTM over frames; a frame's features are all parcels. */
        LSTM,
        /** Dense layers over the whole window. */
        MLP,
        /** 3 × 3 × 3 convolutions over a coarse grid in space; a cell's channels are the frames. */
        CONV3D
    }

    public BaselineConfiguration {
        positive("parcels", parcels);
        positive("windowFrames", windowFrames);
        positive("patchFrames", patchFrames);
        require(
                windowFrames % patchFrames == 0,
                "windowFrames = " + windowFrames + " is not a multiple of patchFrames = " + patchFrames);
        widths = List.copyOf(widths);
        require(!widths.isEmpty(), "widths is empty; a baseline has at least one hidden layer");
        widths.forEach(width -> positive("width", width));
        require(
                cellMillimetres > 0 && cellMillimetres < Double.POSITIVE_INFINITY,
                "cellMillimetres = " + cellMillimetres + " must be positive");
        require(
                maskRatio > 0 && maskRatio < 1,
                "maskRatio = " + maskRatio + " must lie strictly between 0 and 1: something must be seen and"
                        + " something predicted");
        require(
                (long) parcels * (windowFrames / patchFrames) >= 2,
                "a window of one token cannot be masked; use a shorter patch");
        require(
                2L * parcels * windowFrames <= Integer.MAX_VALUE,
                "parcels × windowFrames = " + (long) parcels * windowFrames + " values are too many");
        coordinatesMillimetres = AtlasCoordinates.checkedCopy(coordinatesMillimetres, parcels);
    }

    /** A baseline with usual widths, grid and masking. */
    public static BaselineConfiguration of(
            Family family, int parcels, int windowFrames, int patchFrames, float[][] coordinatesMillimetres) {
        List<Integer> widths = switch (family) {
            case LSTM -> List.of(128);
            case MLP -> List.of(256);
            case CONV3D -> List.of(64, 64);
        };
        return new BaselineConfiguration(
                family,
                parcels,
                windowFrames,
                patchFrames,
                widths,
                DEFAULT_CELL_MILLIMETRES,
                0.75,
                coordinatesMillimetres);
    }

    /** {@code lstm}, {@code mlp} or {@code conv3d}. */
    @Override
    public String preset() {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /** Patches in one parcel's window. */
    public int patches() {
        return windowFrames / patchFrames;
    }

    @Override
    public int tokens() {
        return parcels * patches();
    }

    /**
     * The documented order: {@link LstmNetwork}, {@link MlpNetwork}, {@link Conv3dNetwork}.
     *
     * @throws IllegalArgumentException if there are more parameters than a flat vector can hold, or the grid is too
     *     coarse or too fine for the parcels
     */
    @Override
    public ParameterLayout layout() {
        try {
            return network().layout();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "model configuration: widths " + widths + " make more parameters than a flat vector can hold", e);
        }
    }

    Network network() {
        return switch (family) {
            case LSTM -> new LstmNetwork(this);
            case MLP -> new MlpNetwork(this);
            case CONV3D -> new Conv3dNetwork(this);
        };
    }

    @Override
    public float[][] coordinatesMillimetres() {
        return Arrays.stream(coordinatesMillimetres).map(float[]::clone).toArray(float[][]::new);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BaselineConfiguration o
                && shape().equals(o.shape())
                && Arrays.deepEquals(coordinatesMillimetres, o.coordinatesMillimetres);
    }

    @Override
    public int hashCode() {
        return 31 * shape().hashCode() + Arrays.deepHashCode(coordinatesMillimetres);
    }

    private List<Object> shape() {
        return List.of(family, parcels, windowFrames, patchFrames, widths, cellMillimetres, maskRatio);
    }

    private static void positive(String name, int value) {
        require(value > 0, name + " = " + value + " must be positive");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("model configuration: " + problem);
        }
    }
}
