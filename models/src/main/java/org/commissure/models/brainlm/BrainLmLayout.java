package org.commissure.models.brainlm;

import org.commissure.models.weights.ParameterLayout;

/**
 * The documented order of a flat parameter vector, under the original's state-dict names:
 *
 * <ol>
 *   <li>{@code vit.embeddings}: {@code cls_token}, {@code signal_embedding_projection}, {@code
 *       xyz_embedding_projection};
 *   <li>{@code vit.encoder.layer.<i>}, each as below; {@code vit.layernorm};
 *   <li>{@code decoder}: {@code mask_token}, {@code decoder_embed}, {@code decoder_xyz_projection}, {@code
 *       decoder_layers.<i>}, {@code decoder_norm}, {@code decoder_pred1}, {@code decoder_pred2}; the original's {@code
 *       decoder_pred}, which nothing uses, comes last.
 * </ol>
 *
 * Where the configuration says so, {@code vit.embeddings.repetition_time_projection} and {@code
 * decoder.decoder_repetition_time_projection}, weights without a bias, follow the two projections of coordinates.
 *
 * <p>A layer is its first norm (pre-norm only: {@code layernorm_before}), the weights of query, key and value, then their
 * three biases (so that the three projections are one matrix of {@code [3·width, width]} in place), the original's
 * {@code attention.self.conv}, {@code attention.output.dense}, a norm ({@code layernorm_after}, or {@code
 * attention.output.LayerNorm} in the original's post-norm blocks), {@code intermediate.dense}, {@code output.dense},
 * and the original's {@code output.LayerNorm}. The original has no {@code layernorm_before|after}; those two names are
 * ViT-MAE's, whose pre-norm blocks {@code commissure}'s are.
 */
public final class BrainLmLayout {
    /** Taps of the original's convolution of V; {@code conv_kernel_size}. */
    static final int TAPS = 65;

    /** Outputs of the original's unused {@code decoder_pred}: a 16 × 16 patch of three channels. */
    private static final int UNUSED_OUTPUTS = 768;

    /** Vector that the encoder's tokens add in proportion to {@link RepetitionTime#feature}; the decoder's likewise. */
    static final String ENCODER_REPETITION_TIME = "vit.embeddings.repetition_time_projection.weight";

    static final String DECODER_REPETITION_TIME = "decoder.decoder_repetition_time_projection.weight";

    private BrainLmLayout() {}

    public static ParameterLayout of(BrainLmConfiguration c) {
        var layout = new ParameterLayout.Builder();
        int h = c.encoder().width();
        int d = c.decoder().width();
        layout.add("vit.embeddings.cls_token", 1, 1, h);
        linear(layout, "vit.embeddings.signal_embedding_projection", h, c.patchFrames());
        linear(layout, "vit.embeddings.xyz_embedding_projection", h, 3);
        if (c.repetitionTimeEmbedding()) {
            layout.add(ENCODER_REPETITION_TIME, h, 1);
        }
        for (int i = 0; i < c.encoder().layers(); i++) {
            layer(layout, encoderLayer(i), c.encoder(), c.variant());
        }
        norm(layout, "vit.layernorm", h);
        layout.add("decoder.mask_token", 1, 1, d);
        linear(layout, "decoder.decoder_embed", d, h);
        linear(layout, "decoder.decoder_xyz_projection", d, 3);
        if (c.repetitionTimeEmbedding()) {
            layout.add(DECODER_REPETITION_TIME, d, 1);
        }
        for (int i = 0; i < c.decoder().layers(); i++) {
            layer(layout, decoderLayer(i), c.decoder(), c.variant());
        }
        norm(layout, "decoder.decoder_norm", d);
        linear(layout, "decoder.decoder_pred1", d / 2, d);
        linear(layout, "decoder.decoder_pred2", c.patchFrames(), d / 2);
        if (c.variant() == BrainLmConfiguration.Variant.ORIGINAL) {
            linear(layout, "decoder.decoder_pred", UNUSED_OUTPUTS, d);
        }
        return layout.build();
    }

    static String encoderLayer(int i) {
        return "vit.encoder.layer." + i;
    }

    static String decoderLayer(int i) {
        return "decoder.decoder_layers." + i;
    }

    private static void layer(
            ParameterLayout.Builder layout, String prefix, Stack stack, BrainLmConfiguration.Variant variant) {
        int h = stack.width();
        boolean original = variant == BrainLmConfiguration.Variant.ORIGINAL;
        if (!original) {
            norm(layout, prefix + ".layernorm_before", h);
        }
        layout.add(prefix + ".attention.self.query.weight", h, h);
        layout.add(prefix + ".attention.self.key.weight", h, h);
        layout.add(prefix + ".attention.self.value.weight", h, h);
        layout.add(prefix + ".attention.self.query.bias", h);
        layout.add(prefix + ".attention.self.key.bias", h);
        layout.add(prefix + ".attention.self.value.bias", h);
        if (original) {
            layout.add(prefix + ".attention.self.conv.weight", stack.heads(), 1, TAPS, 1);
        }
        linear(layout, prefix + ".attention.output.dense", h, h);
        norm(layout, prefix + (original ? ".attention.output.LayerNorm" : ".layernorm_after"), h);
        linear(layout, prefix + ".intermediate.dense", stack.feedForward(), h);
        linear(layout, prefix + ".output.dense", h, stack.feedForward());
        if (original) {
            norm(layout, prefix + ".output.LayerNorm", h);
        }
    }

    private static void linear(ParameterLayout.Builder layout, String name, int out, int in) {
        layout.add(name + ".weight", out, in).add(name + ".bias", out);
    }

    private static void norm(ParameterLayout.Builder layout, String name, int width) {
        layout.add(name + ".weight", width).add(name + ".bias", width);
    }
}
