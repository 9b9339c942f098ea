package org.commissure.site;

import java.util.LinkedHashMap;
import java.util.Map;
import org.commissure.protocol.study.StudyFile;

/** A study small enough to train within a test; single keys can be changed. */
public final class ExampleStudy {
    public static final int PARCELS = 4;
    public static final int WINDOW_FRAMES = 12;

    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();

    public ExampleStudy() {
        section("study", "name", "\"example\"", "purpose", "\"research\"");
        section("rounds", "count", "2", "maximum_attempts", "2", "server_learning_rate", "1.0");
        section("quorum", "minimum_sites", "3", "maximum_colluders", "1");
        section(
                "deadlines",
                "invite_seconds",
                "20",
                "keys_seconds",
                "20",
                "upload_seconds",
                "60",
                "vote_seconds",
                "20",
                "unmask_seconds",
                "20",
                "reconnect_grace_seconds",
                "20");
        section(
                "secure_aggregation",
                "ring_bits",
                "32",
                "update_bound",
                "4.0",
                "scale_log2",
                "20",
                "maximum_weight",
                "64");
        section(
                "privacy",
                "mode",
                "\"local\"",
                "clip_norm",
                "1.0",
                "noise_multiplier",
                "1.0",
                "sampling_rate",
                "0.5",
                "delta",
                "1e-5");
        section(
                "training",
                "local_steps",
                "2",
                "optimiser",
                "\"sgd\"",
                "learning_rate",
                "0.1",
                "momentum",
                "0.0",
                "mask_ratio",
                "0.5",
                "update_clip_norm",
                "4.0",
                "seed",
                "7");
        section(
                "model",
                "preset",
                "\"commissure-small\"",
                "parcels",
                Integer.toString(PARCELS),
                "window_frames",
                Integer.toString(WINDOW_FRAMES),
                "patch_frames",
                "4",
                "hidden",
                "8",
                "encoder_layers",
                "1",
                "decoder_layers",
                "1",
                "heads",
                "2",
                "feed_forward",
                "8",
                "initialisation_seed",
                "3",
                "coordinates_millimetres",
                "[[0.0, 0.0, 0.0], [10.0, 0.0, 0.0], [0.0, 10.0, 0.0], [0.0, 0.0, 10.0]]");
        section(
                "evaluation",
                "external_fraction",
                "0.3",
                "mask_ratio",
                "0.5",
                "windows_per_patient",
                "2",
                "mask_seed",
                "5");
    }

    /** One gradient a round, everybody in it, noise spread over the sites. */
    public static ExampleStudy distributed() {
        return new ExampleStudy()
                .with("training", "local_steps", "1")
                .with("privacy", "mode", "\"distributed\"")
                .with("privacy", "sampling_rate", "1.0")
                .with("privacy", "patients_per_site", "10");
    }

    /** The same with a clip norm that adapts. */
    public static ExampleStudy adaptive() {
        return distributed()
                .with("privacy", "clip_quantile", "0.5")
                .with("privacy", "clip_learning_rate", "0.2")
                .with("privacy", "count_noise_multiplier", "8.0");
    }

    private void section(String name, String... keysAndValues) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        sections.put(name, keys);
    }

    /** @param value as TOML */
    public ExampleStudy with(String section, String key, String value) {
        sections.computeIfAbsent(section, name -> new LinkedHashMap<>()).put(key, value);
        return this;
    }

    public ExampleStudy without(String section, String key) {
        sections.getOrDefault(section, new LinkedHashMap<>()).remove(key);
        return this;
    }

    public StudyFile file() {
        StringBuilder toml = new StringBuilder();
        sections.forEach((section, keys) -> {
            toml.append('[').append(section).append("]\n");
            keys.forEach(
                    (key, value) -> toml.append(key).append(" = ").append(value).append('\n'));
        });
        return StudyFile.parse(toml.toString());
    }
}
