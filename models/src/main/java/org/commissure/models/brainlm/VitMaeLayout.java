package org.commissure.models.brainlm;

import org.commissure.models.weights.ParameterLayout;

/**
 * The documented order of a ViT-MAE's flat parameter vector, under Hugging Face's state-dict names: {@code
 * vit.embeddings}, {@code vit.encoder.layer.<i>}, {@code vit.layernorm}, {@code decoder}. In a layer the weights of
 * query, key and value come before their three biases. The two position encodings are frozen sines and cosines, so they
 * are not parameters here.
 */
final class VitMaeLayout {
    private VitMaeLayout() {}

    static ParameterLayout of(VitMaeConfiguration c) {
        var layout = new ParameterLayout.Builder();
        int h = c.encoder().width();
        int d = c.decoder().width();
        layout.add("vit.embeddings.cls_token", 1, 1, h);
        layout.add(
                "vit.embeddings.patch_embeddings.projection.weight",
                h,
                VitMaeConfiguration.CHANNELS,
                c.patch(),
                c.patch());
        layout.add("vit.embeddings.patch_embeddings.projection.bias", h);
        for (int i = 0; i < c.encoder().layers(); i++) {
            layer(layout, BrainLmLayout.encoderLayer(i), c.encoder());
        }
        pair(layout, "vit.layernorm", h);
        layout.add("decoder.mask_token", 1, 1, d);
        linear(layout, "decoder.decoder_embed", d, h);
        for (int i = 0; i < c.decoder().layers(); i++) {
            layer(layout, BrainLmLayout.decoderLayer(i), c.decoder());
        }
        pair(layout, "decoder.decoder_norm", d);
        linear(layout, "decoder.decoder_pred", c.patch() * c.patch() * VitMaeConfiguration.CHANNELS, d);
        return layout.build();
    }

    private static void layer(ParameterLayout.Builder layout, String prefix, Stack stack) {
        int h = stack.width();
        String self = prefix + ".attention.attention.";
        pair(layout, prefix + ".layernorm_before", h);
        layout.add(self + "query.weight", h, h).add(self + "key.weight", h, h).add(self + "value.weight", h, h);
        layout.add(self + "query.bias", h).add(self + "key.bias", h).add(self + "value.bias", h);
        linear(layout, prefix + ".attention.output.dense", h, h);
        pair(layout, prefix + ".layernorm_after", h);
        linear(layout, prefix + ".intermediate.dense", stack.feedForward(), h);
        linear(layout, prefix + ".output.dense", h, stack.feedForward());
    }

    private static void linear(ParameterLayout.Builder layout, String name, int out, int in) {
        layout.add(name + ".weight", out, in).add(name + ".bias", out);
    }

    private static void pair(ParameterLayout.Builder layout, String name, int width) {
        layout.add(name + ".weight", width).add(name + ".bias", width);
    }
}
