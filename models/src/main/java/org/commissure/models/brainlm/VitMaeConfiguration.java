package org.commissure.models.brainlm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.weights.ParameterLayout;

/**
 * Shape of the 111M and 650M models: a ViT-MAE (He et al. 2022) that sees a window as a square image, one row a parcel
 * and one column a frame, in the middle of a border of −1. Tokens are square patches of the image, row by row.
 *
 * @param imageSize rows and columns of the padded image; a multiple of {@code patch}
 * @param patch rows and columns of one token
 * @param encoder its width is a multiple of 4: half of the position encoding is for rows, half for columns
 * @param divisor the window's values are divided by it before the model sees them; 5.6430855 in the original
 * @param order parcel in each row of the image; the original sorts parcels by their Y coordinate
 */
@SuppressWarnings("ArrayRecordComponent") // copied in, and equality by content is defined below
public record VitMaeConfiguration(
        int parcels,
        int windowFrames,
        int imageSize,
        int patch,
        Stack encoder,
        Stack decoder,
        Mode mode,
        double layerNormEpsilon,
        double maskRatio,
        double divisor,
        int[] order)
        implements ModelConfiguration {

    /** The original's divisor. */
    public static final double ORIGINAL_DIVISOR = 5.6430855;

    /** Colours of the image; all three show the same. */
    static final int CHANNELS = 3;

    /** What is masked; the original's {@code train_mode}. */
    public enum Mode {
        /** Tokens at random. */
        AUTO_ENCODE,
        /** The whole tokens that hold the last frames. */
        PREDICT_LAST,
        /** The last frames exactly: a token that holds some of them stays visible with these set to 0. */
        PREDICT_LAST_PIXEL
    }

    /**
     * What {@link Mode#PREDICT_LAST} and {@link Mode#PREDICT_LAST_PIXEL} hide, in columns of the image.
     *
     * @param firstColumn first hidden column of tokens; {@code endColumn} is after the last
     * @param zeroFrom first column of pixels set to 0 in tokens that stay visible; none if {@code zeroTo} equals it
     */
    record HiddenEnd(int firstColumn, int endColumn, int zeroFrom, int zeroTo) {
        static final HiddenEnd NONE = new HiddenEnd(0, 0, 0, 0);
    }

    public VitMaeConfiguration {
        require(parcels > 0 && windowFrames > 0 && patch > 0, "parcels, frames and patch must be positive");
        require(
                imageSize > 0 && imageSize % patch == 0,
                "image of " + imageSize + " is not a multiple of patch " + patch);
        require(imageSize / patch <= 256, "image of " + imageSize + " has more than 256² tokens of " + patch);
        require(
                parcels <= imageSize && (imageSize - parcels) % 2 == 0,
                parcels + " parcels do not fit evenly into an image of " + imageSize);
        require(
                windowFrames <= imageSize && (imageSize - windowFrames) % 2 == 0,
                windowFrames + " frames do not fit evenly into an image of " + imageSize);
        require(encoder.width() % 4 == 0, "hidden = " + encoder.width() + " is not a multiple of 4");
        require(decoder.width() % 4 == 0, "decoder width = " + decoder.width() + " is not a multiple of 4");
        require(
                layerNormEpsilon > 0 && layerNormEpsilon < 1,
                "layerNormEpsilon = " + layerNormEpsilon + " does not lie in (0, 1)");
        require(maskRatio > 0 && maskRatio < 1, "maskRatio = " + maskRatio + " must lie strictly between 0 and 1");
        require(divisor > 0 && divisor < Double.POSITIVE_INFINITY, "divisor = " + divisor + " must be positive");
        order = order.clone();
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        require(
                Arrays.equals(sorted, IntStream.range(0, parcels).toArray()),
                "order must name each of " + parcels + " parcels once");
    }

    /** Parcels sorted by Y, equal ones in their own order. */
    public static int[] orderByY(float[][] coordinatesMillimetres) {
        return IntStream.range(0, coordinatesMillimetres.length)
                .boxed()
                .sorted((a, b) -> Float.compare(coordinatesMillimetres[a][1], coordinatesMillimetres[b][1]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public String preset() {
        return "vit_mae";
    }

    /** Tokens in one row of the image. */
    public int grid() {
        return imageSize / patch;
    }

    @Override
    public int tokens() {
        return grid() * grid();
    }

    @Override
    public ParameterLayout layout() {
        return VitMaeLayout.of(this);
    }

    /** Rows of border above the first parcel. */
    int top() {
        return (imageSize - parcels) / 2;
    }

    /** Columns of border before the first frame. */
    int left() {
        return (imageSize - windowFrames) / 2;
    }

    /** The mask of the two modes that predict the last frames. */
    public Mask lastFramesMask() {
        HiddenEnd end = hiddenEnd();
        return hidingColumns(end.firstColumn(), end.endColumn());
    }

    /**
     * What the model sees of every value of a window, {@code [parcels, windowFrames]}. In {@link
     * Mode#PREDICT_LAST_PIXEL} the last frames are hidden in visible tokens, too.
     */
    public Sight[] sight(Mask mask) {
        Sight[] tokens = new Sight[tokens()];
        Arrays.fill(tokens, Sight.ABSENT);
        for (int i = 0; i < mask.visibleCount(); i++) {
            tokens[mask.visible(i)] = Sight.VISIBLE;
        }
        for (int i = 0; i < mask.maskedCount(); i++) {
            tokens[mask.masked(i)] = Sight.MASKED;
        }
        HiddenEnd end = hiddenEnd();
        Sight[] values = new Sight[windowLength()];
        for (int i = 0; i < values.length; i++) {
            int row = i / windowFrames + top();
            int column = i % windowFrames + left();
            Sight token = tokens[row / patch * grid() + column / patch];
            boolean zero = column >= end.zeroFrom() && column < end.zeroTo();
            values[order[i / windowFrames] * windowFrames + i % windowFrames] =
                    token == Sight.VISIBLE && zero ? Sight.MASKED : token;
        }
        return values;
    }

    /**
     * A mask that hides the last {@code columns} columns of tokens that hold frames.
     *
     * @throws IllegalArgumentException if no frame would stay visible
     */
    public Mask futureMask(int columns) {
        int last = (left() + windowFrames - 1) / patch;
        int present = last - left() / patch + 1;
        require(
                columns >= 1 && columns < present,
                "hiding the last " + columns + " of " + present
                        + " columns of patches leaves no past to predict from, or no future");
        return hidingColumns(last + 1 - columns, last + 1);
    }

    private Mask hidingColumns(int first, int end) {
        boolean[] hidden = new boolean[tokens()];
        for (int token = 0; token < hidden.length; token++) {
            int column = token % grid();
            hidden[token] = column >= first && column < end;
        }
        return Mask.hiding(hidden);
    }

    /** As the original computes it, rounding included. */
    HiddenEnd hiddenEnd() {
        if (mode == Mode.AUTO_ENCODE) {
            return HiddenEnd.NONE;
        }
        int frames = (int) (maskRatio * windowFrames);
        int imageEnd = windowFrames + left();
        int patchEnd = (imageEnd + patch - 1) / patch * patch;
        int start = imageEnd - frames;
        boolean mixed = start % patch != 0;
        int columns = (patchEnd - start) / patch + (mixed && mode == Mode.PREDICT_LAST ? 1 : 0);
        int first = patchEnd / patch - columns;
        int zeroed = mode == Mode.PREDICT_LAST_PIXEL ? Math.max(0, first * patch - start) : 0;
        return new HiddenEnd(first, patchEnd / patch, first * patch - zeroed, first * patch);
    }

    @Override
    public int[] order() {
        return order.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VitMaeConfiguration o && shape().equals(o.shape());
    }

    @Override
    public int hashCode() {
        return shape().hashCode();
    }

    private List<Object> shape() {
        return List.of(
                parcels,
                windowFrames,
                imageSize,
                patch,
                encoder,
                decoder,
                mode,
                layerNormEpsilon,
                maskRatio,
                divisor,
                Arrays.stream(order).boxed().toList());
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("model configuration: " + problem);
        }
    }
}
