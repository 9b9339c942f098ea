package org.commissure.models.brainlm;

/**
 * Order of a masked image's tokens in the encoder and decoder: visible ones first, and within each kind those whose
 * output nobody reads before the others, so that the last decoder layer can leave rows out. Attention does not see the
 * order. Reused from pass to pass.
 */
final class ImageRows {
    private final VitMaeConfiguration c;
    private final VitMaeConfiguration.HiddenEnd end;
    private final int[] tokens;
    private int visible;
    private int count;
    private int firstRead;

    ImageRows(VitMaeConfiguration c) {
        this.c = c;
        end = c.hiddenEnd();
        tokens = new int[c.tokens()];
    }

    /** @param everything all tokens are read, not only those with something to predict */
    void arrange(Mask mask, boolean everything) {
        int mixed = 0;
        count = 0;
        for (int wanted = 0; wanted < 2; wanted++) {
            for (int i = 0; i < mask.visibleCount(); i++) {
                boolean read = !everything && isMixed(mask.visible(i));
                if (read == (wanted == 1)) {
                    tokens[count++] = mask.visible(i);
                    mixed += wanted;
                }
            }
        }
        visible = count;
        int border = 0;
        for (int wanted = 0; wanted < 2; wanted++) {
            for (int i = 0; i < mask.maskedCount(); i++) {
                if ((everything || showsData(mask.masked(i))) == (wanted == 1)) {
                    tokens[count++] = mask.masked(i);
                    border += 1 - wanted;
                }
            }
        }
        if (everything) {
            firstRead = 0;
        } else {
            firstRead = mixed > 0 ? visible - mixed : visible + border;
        }
    }

    /** Visible, but some of its pixels were set to 0 and are to be predicted. */
    private boolean isMixed(int token) {
        int from = token % c.grid() * c.patch();
        return end.zeroFrom() < end.zeroTo()
                && from < end.zeroTo()
                && from + c.patch() > end.zeroFrom()
                && showsData(token);
    }

    private boolean showsData(int token) {
        int row = token / c.grid() * c.patch();
        int column = token % c.grid() * c.patch();
        return row + c.patch() > c.top()
                && row < c.top() + c.parcels()
                && column + c.patch() > c.left()
                && column < c.left() + c.windowFrames();
    }

    /** The i-th token; visible ones come first. */
    int token(int i) {
        return tokens[i];
    }

    int visible() {
        return visible;
    }

    int count() {
        return count;
    }

    /** The first token that is read, counted as {@link #token} counts. */
    int firstRead() {
        return firstRead;
    }

    /** Is the pixel of the token, visible or not, one that the model has to predict? */
    boolean isHidden(int index, int imageColumn) {
        return index >= visible || imageColumn >= end.zeroFrom() && imageColumn < end.zeroTo();
    }
}
