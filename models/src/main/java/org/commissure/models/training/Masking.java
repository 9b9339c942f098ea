package org.commissure.models.training;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.evaluation.TokenGrid;

/** Which tokens a window hides. Tokens that hold padding are absent: neither seen nor predicted. */
public sealed interface Masking {

    /**
     * Draws a mask.
     *
     * @param presentFrames frames of the window that were scanned; the rest is padding
     * @throws IllegalArgumentException if nothing would be visible or nothing hidden
     */
    Mask draw(ModelConfiguration configuration, int presentFrames, RandomGenerator random);

    /**
     * A share of all tokens, uniformly at random, as BrainLM is pretrained.
     *
     * @param ratio strictly between 0 and 1
     */
    record Random(double ratio) implements Masking {
        public Random {
            if (!(ratio > 0 && ratio < 1)) {
                throw new IllegalArgumentException("mask ratio is " + ratio + "; it must lie strictly between 0 and 1");
            }
        }

        @Override
        public Mask draw(ModelConfiguration configuration, int presentFrames, RandomGenerator random) {
            int tokens = configuration.tokens();
            if (configuration instanceof VitMaeConfiguration image) {
                Images.requireFree(image, "random tokens");
                Images.requireWhole(image, presentFrames);
                return Mask.random(tokens, ratio, random);
            }
            // The original's convolution runs along the visible tokens in the order of their drawing.
            boolean shuffled = configuration instanceof BrainLmConfiguration c
                    && c.variant() == BrainLmConfiguration.Variant.ORIGINAL;
            if (presentFrames == configuration.windowFrames()) {
                return shuffled ? Mask.shuffled(tokens, ratio, random) : Mask.random(tokens, ratio, random);
            }
            TokenGrid grid = TokenGrid.of(configuration);
            int[] present = IntStream.range(0, tokens)
                    .filter(token -> token % grid.patches() < presentFrames / grid.patchFrames())
                    .toArray();
            Mask among = shuffled
                    ? Mask.shuffled(present.length, ratio, random)
                    : Mask.random(present.length, ratio, random);
            int[] visible = IntStream.range(0, among.visibleCount())
                    .map(i -> present[among.visible(i)])
                    .toArray();
            int[] masked = IntStream.range(0, among.maskedCount())
                    .map(i -> present[among.masked(i)])
                    .toArray();
            return Mask.of(tokens, visible, masked);
        }
    }

    /**
     * The last scanned patches of every parcel, or of an image the last columns of patches: predict the future from the
     * past.
     *
     * @param patches at least 1
     */
    record Future(int patches) implements Masking {
        public Future {
            if (patches < 1) {
                throw new IllegalArgumentException("cannot hide the last " + patches + " patches; hide at least one");
            }
        }

        @Override
        public Mask draw(ModelConfiguration configuration, int presentFrames, RandomGenerator random) {
            if (configuration instanceof VitMaeConfiguration image) {
                Images.requireFree(image, "the last patches");
                Images.requireWhole(image, presentFrames);
                return image.futureMask(patches);
            }
            TokenGrid grid = TokenGrid.of(configuration);
            int present = presentFrames / grid.patchFrames();
            if (patches >= present) {
                throw new IllegalArgumentException("hiding the last " + patches + " of " + present
                        + " patches leaves no past to predict from; use a longer window or hide fewer");
            }
            int tokens = configuration.tokens();
            int[] patch = new int[tokens];
            Arrays.setAll(patch, token -> token % grid.patches());
            return Mask.of(
                    tokens,
                    IntStream.range(0, tokens)
                            .filter(token -> patch[token] < present - patches)
                            .toArray(),
                    IntStream.range(0, tokens)
                            .filter(token -> patch[token] >= present - patches && patch[token] < present)
                            .toArray());
        }
    }

    /**
     * The last frames, as a ViT-MAE's {@code train_mode} and mask ratio say; every window under the same mask. Such a
     * model takes no other masking: it sets frames to 0 that its mode hides.
     */
    record LastFrames() implements Masking {
        @Override
        public Mask draw(ModelConfiguration configuration, int presentFrames, RandomGenerator random) {
            if (!Images.hideLastFrames(configuration) || !(configuration instanceof VitMaeConfiguration image)) {
                throw new IllegalArgumentException("a " + configuration.preset()
                        + " model whose configuration hides no last frames needs another masking");
            }
            Images.requireWhole(image, presentFrames);
            return image.lastFramesMask();
        }
    }

    /** The masking that a model is made for. @param ratio of tokens, for models that mask at random */
    static Masking of(ModelConfiguration configuration, double ratio) {
        return Images.hideLastFrames(configuration) ? new LastFrames() : new Random(ratio);
    }
}
