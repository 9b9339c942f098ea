package org.commissure.models.brainlm;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Which tokens of a window the model sees and which it must predict. Token {@code parcel * patches + patch} covers the
 * frames {@code [patch * patchFrames, (patch + 1) * patchFrames)} of one parcel. Masking is per window over all tokens,
 * not per parcel (as in BrainLM). Tokens in neither list are absent: padding of a short scan, or masked tokens that are
 * not decoded to save time. Immutable.
 *
 * <p>The order of visible tokens matters only to the original's convolution, which runs along it; there, training keeps
 * the shuffled order of the original and inference the natural one.
 */
public final class Mask {
    private final int tokens;
    private final int[] visible;
    private final int[] masked;

    private Mask(int tokens, int[] visible, int[] masked) {
        this.tokens = tokens;
        this.visible = visible;
        this.masked = masked;
    }

    /**
     * Masks uniformly at random, visible tokens ascending. The number of visible tokens is {@link #visibleCount(int,
     * double)}.
     *
     * @throws IllegalArgumentException if that would leave nothing visible or nothing masked
     */
    public static Mask random(int tokens, double ratio, RandomGenerator random) {
        Mask mask = shuffled(tokens, ratio, random);
        Arrays.sort(mask.visible);
        return mask;
    }

    /** As {@link #random}, but visible tokens stay in the order in which they were drawn. */
    public static Mask shuffled(int tokens, double ratio, RandomGenerator random) {
        int visibleCount = visibleCount(tokens, ratio);
        int[] order = natural(tokens);
        for (int i = 0; i < visibleCount; i++) {
            int j = random.nextInt(i, tokens);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return split(order, visibleCount);
    }

    /**
     * The original's rule: tokens in ascending order of their noise; the first {@link #visibleCount(int, double)} are
     * visible, in that order.
     *
     * @param noise one distinct value per token
     */
    public static Mask ofNoise(float[] noise, double ratio) {
        int visibleCount = visibleCount(noise.length, ratio);
        int[] order = Arrays.stream(natural(noise.length))
                .boxed()
                .sorted(Comparator.comparing(token -> noise[token]))
                .mapToInt(Integer::intValue)
                .toArray();
        return split(order, visibleCount);
    }

    /** {@code (int) (tokens * (1 - ratio))}, truncated as the original does: 423 of 4240 at ratio 0.9. */
    public static int visibleCount(int tokens, double ratio) {
        if (!(ratio > 0 && ratio < 1)) {
            throw new IllegalArgumentException("mask ratio is " + ratio + "; it must lie strictly between 0 and 1");
        }
        int visibleCount = (int) (tokens * (1 - ratio));
        if (visibleCount < 1 || visibleCount >= tokens) {
            throw new IllegalArgumentException("mask ratio " + ratio + " of " + tokens + " tokens leaves "
                    + (visibleCount < 1 ? "none visible" : "none masked") + "; choose another ratio");
        }
        return visibleCount;
    }

    /**
     * A mask that hides exactly the tokens where {@code hidden} is true.
     *
     * @throws IllegalArgumentException if nothing is visible or nothing is hidden
     */
    public static Mask hiding(boolean[] hidden) {
        int[] visible =
                IntStream.range(0, hidden.length).filter(t -> !hidden[t]).toArray();
        int[] masked = IntStream.range(0, hidden.length).filter(t -> hidden[t]).toArray();
        if (visible.length == 0 || masked.length == 0) {
            throw new IllegalArgumentException("a mask needs at least one visible and one masked token, got "
                    + masked.length + " masked of " + hidden.length);
        }
        return new Mask(hidden.length, visible, masked);
    }

    /** Hides the last {@code hiddenPatches} patches of every parcel: predict the future from the past. */
    public static Mask future(int parcels, int patches, int hiddenPatches) {
        boolean[] hidden = new boolean[parcels * patches];
        for (int token = 0; token < hidden.length; token++) {
            hidden[token] = token % patches >= patches - hiddenPatches;
        }
        return hiding(hidden);
    }

    /** Nothing masked, tokens in natural order: for embeddings. */
    public static Mask none(int tokens) {
        return new Mask(tokens, natural(tokens), new int[0]);
    }

    /**
     * Any two lists; tokens in neither are absent.
     *
     * @param visible in the order the encoder shall see them
     * @throws IllegalArgumentException if nothing is visible, or a token is out of range or named twice
     */
    public static Mask of(int tokens, int[] visible, int[] masked) {
        boolean[] named = new boolean[tokens];
        IntStream.concat(Arrays.stream(visible), Arrays.stream(masked)).forEach(token -> {
            if (token < 0 || token >= tokens || named[token]) {
                throw new IllegalArgumentException(
                        "mask names token " + token + (token < 0 || token >= tokens ? ", out of range" : " twice"));
            }
            named[token] = true;
        });
        if (visible.length == 0) {
            throw new IllegalArgumentException("a mask needs at least one visible token");
        }
        int[] sorted = masked.clone();
        Arrays.sort(sorted);
        return new Mask(tokens, visible.clone(), sorted);
    }

    private static int[] natural(int tokens) {
        return IntStream.range(0, tokens).toArray();
    }

    private static Mask split(int[] order, int visibleCount) {
        int[] masked = Arrays.copyOfRange(order, visibleCount, order.length);
        Arrays.sort(masked);
        return new Mask(order.length, Arrays.copyOf(order, visibleCount), masked);
    }

    /** Tokens of a whole window. */
    public int tokens() {
        return tokens;
    }

    public int visibleCount() {
        return visible.length;
    }

    public int maskedCount() {
        return masked.length;
    }

    /** The {@code i}-th visible token. */
    public int visible(int i) {
        return visible[i];
    }

    /** The {@code i}-th token to predict; ascending in {@code i}. */
    public int masked(int i) {
        return masked[i];
    }
}
