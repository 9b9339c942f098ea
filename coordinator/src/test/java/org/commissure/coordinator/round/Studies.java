package org.commissure.coordinator.round;

/** A small valid study for tests. */
public final class Studies {
    private Studies() {}

    public static String text(int rounds, int attempts, int seconds) {
        return """
                [study]
                name = "Test study"
                purpose = "tests"
                [rounds]
                count = %d
                maximum_attempts = %d
                server_learning_rate = 1.0
                [quorum]
                minimum_sites = 3
                maximum_colluders = 1
                [deadlines]
                invite_seconds = %3$d
                keys_seconds = %3$d
                upload_seconds = %3$d
                vote_seconds = %3$d
                unmask_seconds = %3$d
                reconnect_grace_seconds = 1
                [secure_aggregation]
                ring_bits = 32
                update_bound = 1.0
                scale_log2 = 20
                maximum_weight = 64
                [privacy]
                mode = "none"
                clip_norm = 1.0
                noise_multiplier = 0.0
                sampling_rate = 0.5
                delta = 1e-5
                [training]
                local_steps = 1
                optimiser = "sgd"
                learning_rate = 0.1
                momentum = 0.0
                mask_ratio = 0.5
                update_clip_norm = 1.0
                seed = 1
                [model]
                preset = "commissure-small"
                parcels = 1
                window_frames = 4
                patch_frames = 2
                hidden = 4
                encoder_layers = 1
                decoder_layers = 1
                heads = 1
                feed_forward = 4
                initialisation_seed = 1
                coordinates_millimetres = [[0.0, 0.0, 0.0]]
                [evaluation]
                external_fraction = 0.3
                mask_ratio = 0.5
                windows_per_patient = 1
                mask_seed = 1
                """.formatted(rounds, attempts, seconds);
    }
}
