package org.commissure.models.brainlm;

import java.util.Arrays;
import org.commissure.models.tensor.Workspace;

/**
 * Between windows, {@code [parcels, windowFrames]}, and image patches; see {@link VitMaeConfiguration}. Not thread-safe.
 */
public final class ImagePatches {
    private static final float BORDER = -1;

    private final VitMaeConfiguration c;
    private final VitMaeConfiguration.HiddenEnd end;
    private final int[] order;
    private final int pixels;
    private final float scale;
    private final float[] patch;

    /** Receives each pixel of a patch that shows data. */
    private interface Pixel {
        /** @param inPatch {@code row·patch + column}; {@code inWindow} likewise in the window */
        void at(int inPatch, int imageColumn, int inWindow);
    }

    public ImagePatches(VitMaeConfiguration c) {
        this.c = c;
        end = c.hiddenEnd();
        order = c.order();
        pixels = c.patch() * c.patch();
        scale = (float) (1 / c.divisor());
        patch = new float[VitMaeConfiguration.CHANNELS * pixels];
    }

    /**
     * One channel of a token's patch, divided; the border is −1.
     *
     * @param hideEnd set the frames to 0 that {@link VitMaeConfiguration.Mode#PREDICT_LAST_PIXEL} hides in visible tokens
     * @param out its first {@code patch²} values are overwritten, {@code [row, column]}
     */
    public void copyPatch(float[] window, int token, boolean hideEnd, float[] out) {
        int firstColumn = token % c.grid() * c.patch();
        int zeroFrom = end.zeroFrom();
        int zeroTo = hideEnd ? end.zeroTo() : zeroFrom;
        for (int i = 0; i < pixels; i++) {
            int column = firstColumn + i % c.patch();
            out[i] = column >= zeroFrom && column < zeroTo ? 0 : BORDER;
        }
        forEach(token, (inPatch, column, inWindow) -> {
            if (column < zeroFrom || column >= zeroTo) {
                out[inPatch] = window[inWindow] * scale;
            }
        });
    }

    /**
     * Which value of a window each pixel of a token shows.
     *
     * @return {@code [patch²]}; −1 in the border
     */
    public int[] places(int token) {
        int[] places = new int[pixels];
        Arrays.fill(places, -1);
        forEach(token, (inPatch, column, inWindow) -> places[inPatch] = inWindow);
        return places;
    }

    /** What a window's values are multiplied by. */
    public float scale() {
        return scale;
    }

    /** Writes a token's patch, {@code [channel, row, column]}; as {@link #copyPatch}. */
    void write(Workspace w, float[] window, int token, boolean hideEnd, long to) {
        copyPatch(window, token, hideEnd, patch);
        for (int channel = 1; channel < VitMaeConfiguration.CHANNELS; channel++) {
            System.arraycopy(patch, 0, patch, channel * pixels, pixels);
        }
        w.copyIn(patch, 0, to, patch.length);
    }

    /**
     * Adds what the gradient of a token's patch says of the window's values.
     *
     * @param gradient {@code [channel, row, column]}, of a patch that {@link #write} wrote
     */
    void addGradient(Workspace w, long gradient, int token, boolean hideEnd, float[] windowGradient) {
        w.copyOut(gradient, patch, 0, patch.length);
        int zeroFrom = end.zeroFrom();
        int zeroTo = hideEnd ? end.zeroTo() : zeroFrom;
        forEach(token, (inPatch, column, inWindow) -> {
            if (column < zeroFrom || column >= zeroTo) {
                for (int channel = 0; channel < VitMaeConfiguration.CHANNELS; channel++) {
                    windowGradient[inWindow] += scale * patch[channel * pixels + inPatch];
                }
            }
        });
    }

    /** Pixels of the tokens from {@link ImageRows#firstRead} on that are to be predicted. */
    int hiddenPixels(ImageRows rows) {
        int[] count = new int[1];
        for (int i = rows.firstRead(); i < rows.count(); i++) {
            int index = i;
            forEach(rows.token(i), (inPatch, column, inWindow) -> count[0] += rows.isHidden(index, column) ? 1 : 0);
        }
        return count[0];
    }

    /**
     * Copies predictions into a window: the mean over channels, in the window's units.
     *
     * @param predicted {@code [read tokens, row, column, channel]}
     * @param everything also where the model saw the value
     */
    void read(Workspace w, ImageRows rows, long predicted, boolean everything, float[] window) {
        for (int i = rows.firstRead(); i < rows.count(); i++) {
            int index = i;
            w.copyOut(predicted + (long) (i - rows.firstRead()) * patch.length, patch, 0, patch.length);
            forEach(rows.token(i), (inPatch, column, inWindow) -> {
                if (everything || rows.isHidden(index, column)) {
                    window[inWindow] = mean(inPatch) / scale;
                }
            });
        }
    }

    /** Replaces predictions by {@code weight} times the gradient of the mean squared error; returns that error. */
    double replaceByGradient(Workspace w, ImageRows rows, float[] window, long predicted, float weight) {
        int hidden = hiddenPixels(rows);
        double[] squares = new double[1];
        float[] gradient = new float[patch.length];
        for (int i = rows.firstRead(); i < rows.count(); i++) {
            int index = i;
            long at = predicted + (long) (i - rows.firstRead()) * patch.length;
            w.copyOut(at, patch, 0, patch.length);
            Arrays.fill(gradient, 0);
            forEach(rows.token(i), (inPatch, column, inWindow) -> {
                if (rows.isHidden(index, column)) {
                    float difference = mean(inPatch) - window[inWindow] * scale;
                    squares[0] += (double) difference * difference;
                    float slope = weight * 2 * difference / hidden / VitMaeConfiguration.CHANNELS;
                    for (int channel = 0; channel < VitMaeConfiguration.CHANNELS; channel++) {
                        gradient[inPatch * VitMaeConfiguration.CHANNELS + channel] = slope;
                    }
                }
            });
            w.copyIn(gradient, 0, at, gradient.length);
        }
        return squares[0] / hidden;
    }

    /**
     * From attention between rows of tokens, {@code [grid, grid]}, to attention between parcels, {@code [parcels,
     * parcels]} in the window's order.
     */
    public float[] spreadOverParcels(float[] byRow) {
        int[] parcelsInRow = new int[c.grid()];
        for (int row = 0; row < c.parcels(); row++) {
            parcelsInRow[(row + c.top()) / c.patch()]++;
        }
        float[] parcels = new float[c.parcels() * c.parcels()];
        for (int from = 0; from < c.parcels(); from++) {
            int fromRow = (from + c.top()) / c.patch();
            for (int to = 0; to < c.parcels(); to++) {
                int toRow = (to + c.top()) / c.patch();
                parcels[order[from] * c.parcels() + order[to]] =
                        byRow[fromRow * c.grid() + toRow] / parcelsInRow[toRow];
            }
        }
        return parcels;
    }

    private float mean(int inPatch) {
        int at = inPatch * VitMaeConfiguration.CHANNELS;
        return (patch[at] + patch[at + 1] + patch[at + 2]) / VitMaeConfiguration.CHANNELS;
    }

    private void forEach(int token, Pixel pixel) {
        int firstRow = token / c.grid() * c.patch();
        int firstColumn = token % c.grid() * c.patch();
        for (int i = 0; i < pixels; i++) {
            int parcelRow = firstRow + i / c.patch() - c.top();
            int column = firstColumn + i % c.patch();
            int frame = column - c.left();
            if (parcelRow >= 0 && parcelRow < c.parcels() && frame >= 0 && frame < c.windowFrames()) {
                pixel.at(i, column, order[parcelRow] * c.windowFrames() + frame);
            }
        }
    }
}
