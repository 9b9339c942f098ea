package org.commissure.models.brainlm;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Which tokens of a window the model sees and which it must predict. Token {@code parcel * patches + patch} covers the
 * frames {@code [patch * patchFrames, (patch + 1) * patchFrames)} of one parcel. Masking is per window over all tokens,
 * not per parcel (as in BrainLM). Immutable.
 */
public final class Mask {
    private final int[] visible;
    private final int[] masked;

    private Mask(int[] visible, int[] masked) {
        this.visible = visible;
        this.masked = masked;
    }

    /**
     * Masks uniformly at random. The number of visible tokens is {@code (int) (tokens * (1 - ratio))}, truncated as
     * the original does: 423 of 4240 at ratio 0.9.
     *
     * @throws IllegalArgumentException if that would leave nothing visible or nothing masked
     */
    public static Mask random(int tokens, double ratio, RandomGenerator random) {
        if (!(ratio > 0 && ratio < 1)) {
            throw new IllegalArgumentException("mask ratio is " + ratio + "; it must lie strictly between 0 and 1");
        }
        int visibleCount = (int) (tokens * (1 - ratio));
        if (visibleCount < 1 || visibleCount >= tokens) {
            throw new IllegalArgumentException("mask ratio " + ratio + " of " + tokens + " tokens leaves "
                    + (visibleCount < 1 ? "none visible" : "none masked") + "; choose another ratio");
        }
        int[] order = new int[tokens];
        Arrays.setAll(order, i -> i);
        for (int i = 0; i < visibleCount; i++) {
            int j = random.nextInt(i, tokens);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return ofOwned(Arrays.copyOf(order, visibleCount), Arrays.copyOfRange(order, visibleCount, tokens));
    }

    /**
     * A mask that hides exactly the tokens where {@code hidden} is true.
     *
     * @throws IllegalArgumentException if nothing is visible or nothing is hidden
     */
    public static Mask hiding(boolean[] hidden) {
        int count = 0;
        for (boolean h : hidden) {
            count += h ? 1 : 0;
        }
        if (count == 0 || count == hidden.length) {
            throw new IllegalArgumentException("a mask needs at least one visible and one masked token, got " + count
                    + " masked of " + hidden.length);
        }
        int[] visible = new int[hidden.length - count];
        int[] masked = new int[count];
        int v = 0;
        int m = 0;
        for (int token = 0; token < hidden.length; token++) {
            if (hidden[token]) {
                masked[m++] = token;
            } else {
                visible[v++] = token;
            }
        }
        return new Mask(visible, masked);
    }

    private static Mask ofOwned(int[] visible, int[] masked) {
        Arrays.sort(visible);
        Arrays.sort(masked);
        return new Mask(visible, masked);
    }

    /** Visible plus masked tokens. */
    public int tokens() {
        return visible.length + masked.length;
    }

    public int visibleCount() {
        return visible.length;
    }

    public int maskedCount() {
        return masked.length;
    }

    /** The {@code i}-th visible token; ascending in {@code i}. */
    public int visible(int i) {
        return visible[i];
    }

    /** The {@code i}-th masked token; ascending in {@code i}. */
    public int masked(int i) {
        return masked[i];
    }
}
