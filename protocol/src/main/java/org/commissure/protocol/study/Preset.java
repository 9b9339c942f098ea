package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.commissure.protocol.study.Network.Convolution;
import org.commissure.protocol.study.Network.Layers;
import org.commissure.protocol.study.Network.Stack;
import org.commissure.protocol.study.Network.Transformer;

/** The models that a federation can train, and their sizes where a study does not state its own. */
public enum Preset {
    COMMISSURE_SMALL("commissure-small", new Transformer(new Stack(64, 2, 4, 128), new Stack(64, 1, 4, 128))),
    COMMISSURE_BASE("commissure-base", new Transformer(new Stack(256, 4, 4, 1024), new Stack(128, 2, 4, 512))),
    LSTM("lstm", new Layers(List.of(128))),
    MLP("mlp", new Layers(List.of(256))),
    CONV3D("conv3d", new Convolution(new Layers(List.of(64, 64)), 15));

    private final String key;
    private final Network network;

    Preset(String key, Network network) {
        this.key = key;
        this.network = network;
    }

    /** As a study names it. */
    @JsonValue
    public String key() {
        return key;
    }

    /** The sizes of this preset. */
    public Network network() {
        return network;
    }

    /** @throws StudyException if there is no such preset */
    static Preset named(String key) {
        Checks.text("model.preset", key);
        return Arrays.stream(values())
                .filter(preset -> preset.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new StudyException(
                        "model.preset",
                        "is '" + key + "', but there are "
                                + Arrays.stream(values()).map(Preset::key).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return key;
    }
}
