package org.commissure.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyFileTest {
    private static final String VALID = """
            [study]
            name = "masked pretraining"
            purpose = "research"
            [rounds]
            count = 5
            maximum_attempts = 3
            server_learning_rate = 1.0
            [quorum]
            minimum_sites = 3
            maximum_colluders = 1
            [deadlines]
            invite_seconds = 10
            keys_seconds = 10
            upload_seconds = 60
            vote_seconds = 10
            unmask_seconds = 10
            reconnect_grace_seconds = 5
            [secure_aggregation]
            ring_bits = 32
            update_bound = 4.0
            scale_log2 = 24
            maximum_weight = 256
            [privacy]
            mode = "local"
            clip_norm = 1.0
            noise_multiplier = 0.8
            sampling_rate = 0.25
            delta = 1e-5
            [training]
            local_steps = 8
            optimiser = "sgd"
            learning_rate = 0.1
            momentum = 0.9
            mask_ratio = 0.5
            update_clip_norm = 4.0
            seed = 7
            [model]
            preset = "commissure-small"
            parcels = 2
            window_frames = 80
            patch_frames = 20
            hidden = 16
            encoder_layers = 1
            decoder_layers = 1
            heads = 2
            feed_forward = 32
            initialisation_seed = 1
            coordinates_millimetres = [[-39.59, -85.43, 1.35], [1, 2, 3]]
            [evaluation]
            external_fraction = 0.25
            mask_ratio = 0.5
            windows_per_patient = 1
            mask_seed = 11
            """;

    @Test
    void aCompleteStudyIsReadWithItsExactText() {
        StudyFile file = StudyFile.parse(VALID);

        assertThat(file.text()).isEqualTo(VALID);
        assertThat(file.study().rounds().count()).isEqualTo(5);
        assertThat(file.study().privacy().mode()).isEqualTo(Study.PrivacyMode.LOCAL);
        assertThat(file.study().model().coordinatesMillimetres()[1]).containsExactly(1, 2, 3);
        assertThat(file.sha256()).hasSize(32);
    }

    @Test
    void anUnknownKeyIsRefusedAndTheNearestKnownKeyIsNamed() {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(VALID.replace("clip_norm = 1.0", "clip_nrom = 1.0")))
                .withMessageContaining("privacy.clip_nrom")
                .withMessageContaining("did you mean 'clip_norm'?");
    }

    @Test
    void aMissingKeyIsRefusedByName() {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(VALID.replace("vote_seconds = 10\n", "")))
                .withMessageContaining("vote_seconds");
    }

    @Test
    void textThatIsNotTomlIsRefusedWithItsLine() {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse("[study]\nname = \n"))
                .withMessageContaining("line 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minimum_sites = 3 | minimum_sites = 2 | quorum.minimum_sites",
                "window_frames = 80 | window_frames = 90 | model.window_frames",
                "heads = 2 | heads = 3 | model.heads",
                "parcels = 2 | parcels = 3 | model.coordinates_millimetres",
                "delta = 1e-5 | delta = 0.5 | privacy.delta",
                "sampling_rate = 0.25 | sampling_rate = nan | privacy.sampling_rate",
                "external_fraction = 0.25 | external_fraction = 1.0 | evaluation.external_fraction",
                "ring_bits = 32 | ring_bits = 24 | secure_aggregation.ring_bits",
                "count = 5 | count = \"5\" | rounds.count",
                "mode = \"local\" | mode = \"loca\" | privacy.mode",
            })
    void aValueThatCannotWorkIsRefusedByItsKey(String from, String to, String key) {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(VALID.replace(from, to)))
                .withMessageContaining(key);
    }
}
