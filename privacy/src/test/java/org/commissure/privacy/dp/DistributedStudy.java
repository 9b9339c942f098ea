package org.commissure.privacy.dp;

import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;

/** Studies of mode distributed: three rounds, σ = 1.5, q = 0.5. */
final class DistributedStudy {
    private static final String TEXT = """
            [study]
            name = "distributed"
            purpose = "test"
            [rounds]
            count = 3
            maximum_attempts = 1
            server_learning_rate = 1.0
            [quorum]
            minimum_sites = 4
            maximum_colluders = 1
            [deadlines]
            invite_seconds = 1
            keys_seconds = 1
            upload_seconds = 1
            vote_seconds = 1
            unmask_seconds = 1
            reconnect_grace_seconds = 1
            [secure_aggregation]
            ring_bits = 32
            update_bound = 1.0
            scale_log2 = 24
            maximum_weight = 16
            [privacy]
            mode = "distributed"
            clip_norm = 1.0
            noise_multiplier = 1.5
            sampling_rate = 0.5
            delta = 1e-5
            patients_per_site = 12
            [training]
            local_steps = 1
            optimiser = "sgd"
            learning_rate = 0.1
            momentum = 0.0
            mask_ratio = 0.5
            update_clip_norm = 1.0
            seed = 1
            [evaluation]
            external_fraction = 0.25
            mask_ratio = 0.5
            windows_per_patient = 1
            mask_seed = 2
            [model]
            preset = "commissure-small"
            parcels = 1
            window_frames = 4
            patch_frames = 2
            initialisation_seed = 3
            coordinates_millimetres = [[0.0, 0.0, 0.0]]
            """;

    private DistributedStudy() {}

    static Study fixed() {
        return StudyFile.parse(TEXT).study();
    }

    static Study with(String line, String other) {
        return StudyFile.parse(TEXT.replace(line, other)).study();
    }

    static Study adaptive() {
        return adaptive("8.0");
    }

    /** @param count noise multiplier of the count */
    static Study adaptive(String count) {
        return with(
                "patients_per_site = 12",
                "patients_per_site = 12\nclip_quantile = 0.5\nclip_learning_rate = 0.2\ncount_noise_multiplier = "
                        + count);
    }
}
