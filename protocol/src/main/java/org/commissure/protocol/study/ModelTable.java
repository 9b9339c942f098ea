package org.commissure.protocol.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.commissure.protocol.study.Network.Convolution;
import org.commissure.protocol.study.Network.Layers;
import org.commissure.protocol.study.Network.Stack;
import org.commissure.protocol.study.Network.Transformer;

/**
 * The keys of [model]. A size that is absent is the preset's; a size of the decoder that is absent is
 * the encoder's where that is stated.
 */
@SuppressWarnings("ArrayRecordComponent") // parsed once and read; never compared
record ModelTable(
        String preset,
        int parcels,
        int windowFrames,
        int patchFrames,
        OptionalInt hidden,
        OptionalInt encoderLayers,
        OptionalInt decoderLayers,
        OptionalInt heads,
        OptionalInt feedForward,
        OptionalInt decoderHidden,
        OptionalInt decoderHeads,
        OptionalInt decoderFeedForward,
        Optional<List<Integer>> widths,
        OptionalDouble cellMillimetres,
        long initialisationSeed,
        double[][] coordinatesMillimetres) {

    /** @throws StudyException if a size is out of range, or belongs to another preset */
    Network network(Preset preset) {
        return switch (preset.network()) {
            case Transformer sizes -> {
                refuse(preset, ofLayers());
                refuse(preset, ofConvolution());
                yield transformer(sizes);
            }
            case Layers sizes -> {
                refuse(preset, ofTransformer());
                refuse(preset, ofConvolution());
                yield widths.map(Layers::new).orElse(sizes);
            }
            case Convolution sizes -> {
                refuse(preset, ofTransformer());
                yield new Convolution(
                        widths.map(Layers::new).orElse(sizes.channels()),
                        cellMillimetres.orElse(sizes.cellMillimetres()));
            }
        };
    }

    private Transformer transformer(Transformer sizes) {
        Stack encoder = sizes.encoder();
        Stack decoder = sizes.decoder();
        return new Transformer(
                new Stack(
                                hidden.orElse(encoder.hidden()),
                                encoderLayers.orElse(encoder.layers()),
                                heads.orElse(encoder.heads()),
                                feedForward.orElse(encoder.feedForward()))
                        .checked("", "encoder_layers"),
                new Stack(
                                first(decoderHidden, hidden, decoder.hidden()),
                                decoderLayers.orElse(decoder.layers()),
                                first(decoderHeads, heads, decoder.heads()),
                                first(decoderFeedForward, feedForward, decoder.feedForward()))
                        .checked("decoder_", "decoder_layers"));
    }

    private static int first(OptionalInt stated, OptionalInt encoders, int presets) {
        return stated.orElse(encoders.orElse(presets));
    }

    private static void refuse(Preset preset, Map<String, Boolean> stated) {
        stated.forEach((key, isStated) -> {
            if (isStated) {
                throw new StudyException("model." + key, "is no size of the preset " + preset.key() + "; leave it out");
            }
        });
    }

    private Map<String, Boolean> ofTransformer() {
        Map<String, Boolean> stated = new LinkedHashMap<>();
        stated.put("hidden", hidden.isPresent());
        stated.put("encoder_layers", encoderLayers.isPresent());
        stated.put("decoder_layers", decoderLayers.isPresent());
        stated.put("heads", heads.isPresent());
        stated.put("feed_forward", feedForward.isPresent());
        stated.put("decoder_hidden", decoderHidden.isPresent());
        stated.put("decoder_heads", decoderHeads.isPresent());
        stated.put("decoder_feed_forward", decoderFeedForward.isPresent());
        return stated;
    }

    private Map<String, Boolean> ofLayers() {
        return Map.of("widths", widths.isPresent());
    }

    private Map<String, Boolean> ofConvolution() {
        return Map.of("cell_millimetres", cellMillimetres.isPresent());
    }
}
