package org.commissure.models.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.ImagePatches;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Sight;
import org.commissure.models.brainlm.VitMaeConfiguration;

/**
 * Images on the device, cut into tokens by their masks; all have {@code visible} and {@code masked} tokens. The decoder's
 * order is that of visible, then of masked tokens.
 *
 * @param patches what the encoder sees, {@code [examples · visible, patch²]}: one of three equal channels
 * @param target all pixels, divided, in the decoder's order, {@code [examples · tokens, patch²]}; 0 in the border
 * @param hidden 1 where a pixel is to be predicted, else 0; as {@code target}
 * @param visibleTokens the token of each visible row
 * @param tokens the token of each row in the decoder's order
 */
record ImageBatch(
        int examples,
        int visible,
        int masked,
        Tensor patches,
        Tensor target,
        Tensor hidden,
        Tensor visibleTokens,
        Tensor tokens) {

    static ImageBatch of(List<Example> examples, VitMaeConfiguration c, ImagePatches images, TorchDevice device) {
        int n = examples.size();
        int visible = examples.getFirst().mask().visibleCount();
        int masked = examples.getFirst().mask().maskedCount();
        int all = visible + masked;
        int pixels = c.patch() * c.patch();
        float[] patches = new float[n * visible * pixels];
        float[] target = new float[n * all * pixels];
        float[] hidden = new float[target.length];
        long[] visibleTokens = new long[n * visible];
        long[] tokens = new long[n * all];
        float[] patch = new float[pixels];
        for (int e = 0; e < n; e++) {
            float[] window = examples.get(e).window();
            Mask mask = examples.get(e).mask();
            Sight[] sight = c.sight(mask);
            for (int i = 0; i < all; i++) {
                int token = i < visible ? mask.visible(i) : mask.masked(i - visible);
                tokens[e * all + i] = token;
                if (i < visible) {
                    visibleTokens[e * visible + i] = token;
                    images.copyPatch(window, token, masked > 0, patch);
                    System.arraycopy(patch, 0, patches, (e * visible + i) * pixels, pixels);
                }
                int[] places = images.places(token);
                for (int pixel = 0; pixel < pixels; pixel++) {
                    if (places[pixel] >= 0) {
                        int at = (e * all + i) * pixels + pixel;
                        target[at] = window[places[pixel]] * images.scale();
                        hidden[at] = sight[places[pixel]] == Sight.MASKED ? 1 : 0;
                    }
                }
            }
        }
        return new ImageBatch(
                n,
                visible,
                masked,
                device.floats(patches, (long) n * visible, pixels),
                device.floats(target, (long) n * all, pixels),
                device.floats(hidden, (long) n * all, pixels),
                device.indices(visibleTokens),
                device.indices(tokens));
    }
}
