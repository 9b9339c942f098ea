package org.commissure.models.brainlm;

import org.commissure.models.weights.ParameterLayout;

/**
 * The documented order of {@code commissure-small}'s flat parameter vector, under the original's state-dict names:
 *
 * <ol>
 *   <li>{@code vit.embeddings}: {@code cls_token}, {@code signal_embedding_projection}, {@code
 *       xyz_embedding_projection};
 *   <li>{@code vit.encoder.layer.<i>}, each as below; {@code vit.layernorm};
 *   <li>{@code decoder}: {@code mask_token}, {@code decoder_embed}, {@code decoder_xyz_projection}, {@code
 *       decoder_layers.<i>}, {@code decoder_norm}, {@code decoder_pred1}, {@code decoder_pred2}.
 * </ol>
 *
 * A layer is {@code layernorm_before}, the weights of query, key and value, then their three biases (so that the three
 * projections are one matrix of {@code [3·hidden, hidden]} in place), {@code attention.output.dense}, {@code
 * layernorm_after}, {@code intermediate.dense}, {@code output.dense}. The original's blocks are post-norm and have no
 * {@code layernorm_before|after}; those two names are ViT-MAE's, whose pre-norm blocks these are.
 */
public final class BrainLmLayout {
    private BrainLmLayout() {}

    public static ParameterLayout of(BrainLmConfiguration c) {
        var layout = new ParameterLayout.Builder();
        int h = c.hidden();
        layout.add("vit.embeddings.cls_token", 1, 1, h);
        linear(layout, "vit.embeddings.signal_embedding_projection", h, c.patchFrames());
        linear(layout, "vit.embeddings.xyz_embedding_projection", h, 3);
        for (int i = 0; i < c.encoderLayers(); i++) {
            layer(layout, encoderLayer(i), c);
        }
        norm(layout, "vit.layernorm", h);
        layout.add("decoder.mask_token", 1, 1, h);
        linear(layout, "decoder.decoder_embed", h, h);
        linear(layout, "decoder.decoder_xyz_projection", h, 3);
        for (int i = 0; i < c.decoderLayers(); i++) {
            layer(layout, decoderLayer(i), c);
        }
        norm(layout, "decoder.decoder_norm", h);
        linear(layout, "decoder.decoder_pred1", h / 2, h);
        linear(layout, "decoder.decoder_pred2", c.patchFrames(), h / 2);
        return layout.build();
    }

    static String encoderLayer(int i) {
        return "vit.encoder.layer." + i;
    }

    static String decoderLayer(int i) {
        return "decoder.decoder_layers." + i;
    }

    private static void layer(ParameterLayout.Builder layout, String prefix, BrainLmConfiguration c) {
        int h = c.hidden();
        norm(layout, prefix + ".layernorm_before", h);
        layout.add(prefix + ".attention.self.query.weight", h, h);
        layout.add(prefix + ".attention.self.key.weight", h, h);
        layout.add(prefix + ".attention.self.value.weight", h, h);
        layout.add(prefix + ".attention.self.query.bias", h);
        layout.add(prefix + ".attention.self.key.bias", h);
        layout.add(prefix + ".attention.self.value.bias", h);
        linear(layout, prefix + ".attention.output.dense", h, h);
        norm(layout, prefix + ".layernorm_after", h);
        linear(layout, prefix + ".intermediate.dense", c.feedForward(), h);
        linear(layout, prefix + ".output.dense", h, c.feedForward());
    }

    private static void linear(ParameterLayout.Builder layout, String name, int out, int in) {
        layout.add(name + ".weight", out, in).add(name + ".bias", out);
    }

    private static void norm(ParameterLayout.Builder layout, String name, int width) {
        layout.add(name + ".weight", width).add(name + ".bias", width);
    }
}
