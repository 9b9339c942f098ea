package org.commissure.models.brainlm;

import java.util.Optional;

/**
 * State-dict names of one Transformer layer's parts, without {@code .weight} and {@code .bias}.
 *
 * @param self prefix of {@code query}, {@code key} and {@code value}
 * @param firstNorm before attention (pre-norm) or after it (post-norm); {@code secondNorm} likewise for the dense maps
 * @param convolution weights of the convolution of values, if there is one
 */
record LayerNames(
        String self,
        String attentionOutput,
        String firstNorm,
        String intermediate,
        String output,
        String secondNorm,
        Optional<String> convolution) {

    static LayerNames commissure(String prefix) {
        return preNorm(prefix, prefix + ".attention.self");
    }

    /** ViT-MAE nests attention once more. */
    static LayerNames vitMae(String prefix) {
        return preNorm(prefix, prefix + ".attention.attention");
    }

    private static LayerNames preNorm(String prefix, String self) {
        return new LayerNames(
                self,
                prefix + ".attention.output.dense",
                prefix + ".layernorm_before",
                prefix + ".intermediate.dense",
                prefix + ".output.dense",
                prefix + ".layernorm_after",
                Optional.empty());
    }

    static LayerNames original(String prefix) {
        return new LayerNames(
                prefix + ".attention.self",
                prefix + ".attention.output.dense",
                prefix + ".attention.output.LayerNorm",
                prefix + ".intermediate.dense",
                prefix + ".output.dense",
                prefix + ".output.LayerNorm",
                Optional.of(prefix + ".attention.self.conv.weight"));
    }
}
