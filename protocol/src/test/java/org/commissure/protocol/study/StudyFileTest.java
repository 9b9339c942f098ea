package org.commissure.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
                "ring_bits = 32 | ring_bits = 20 | secure_aggregation.ring_bits",
                "count = 5 | count = \"5\" | rounds.count",
                "mode = \"local\" | mode = \"loca\" | privacy.mode",
            })
    void aValueThatCannotWorkIsRefusedByItsKey(String from, String to, String key) {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(VALID.replace(from, to)))
                .withMessageContaining(key);
    }

    private static final String SIZES =
            VALID.substring(VALID.indexOf("hidden = "), VALID.indexOf("initialisation_seed"));

    @Test
    void aShortModelSectionTakesThePresetsSizes() {
        Network.Stack small = new Network.Stack(64, 2, 4, 128);
        assertThat(networkOf(VALID.replace(SIZES, "")))
                .isEqualTo(new Network.Transformer(small, new Network.Stack(64, 1, 4, 128)));
        assertThat(networkOf(withPreset("commissure-base")))
                .isEqualTo(
                        new Network.Transformer(new Network.Stack(256, 4, 4, 1024), new Network.Stack(128, 2, 4, 512)));
        assertThat(networkOf(withPreset("lstm"))).isEqualTo(new Network.Layers(List.of(128)));
        assertThat(networkOf(withPreset("mlp"))).isEqualTo(new Network.Layers(List.of(256)));
        assertThat(networkOf(withPreset("conv3d")))
                .isEqualTo(new Network.Convolution(new Network.Layers(List.of(64, 64)), 15));
    }

    @Test
    void sizesOfTheDecoderAreTheEncodersUnlessStated() {
        Network.Stack encoder = new Network.Stack(16, 1, 2, 32);
        assertThat(networkOf(VALID)).isEqualTo(new Network.Transformer(encoder, encoder));
        assertThat(networkOf(VALID.replace("heads = 2", "heads = 2\ndecoder_hidden = 8\ndecoder_heads = 4")))
                .isEqualTo(new Network.Transformer(encoder, new Network.Stack(8, 1, 4, 32)));
    }

    @Test
    void aBaselineTakesItsOwnWidthsAndGrid() {
        assertThat(networkOf(withPreset("conv3d").replace("[evaluation]", """
                        widths = [4, 8]
                        cell_millimetres = 20
                        [evaluation]""")))
                .isEqualTo(new Network.Convolution(new Network.Layers(List.of(4, 8)), 20));
    }

    @Test
    void theServersOptimiserIsReadAndOfMomentumNothingElseIsAsked() {
        assertThat(StudyFile.parse(VALID).study().rounds().serverOptimiser()).isEmpty();
        String yogi = VALID.replace("[quorum]", """
                [rounds.server_optimiser]
                rule = "yogi"
                adaptivity = 0.01
                [quorum]""");
        Study.Rounds rounds = StudyFile.parse(yogi).study().rounds();
        assertThat(rounds.serverOptimiser())
                .get()
                .isEqualTo(new ServerOptimiser(
                        ServerOptimiser.Rule.YOGI,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.of(0.01)));
        assertThat(rounds.updateFactor()).isEqualTo(1);
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(yogi.replace("yogi", "momentum")))
                .withMessageContaining("rounds.server_optimiser");
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(yogi.replace("adaptivity = 0.01", "adaptivity = 0")))
                .withMessageContaining("rounds.server_optimiser.adaptivity");
    }

    private static final String DISTRIBUTED = VALID.replace(
                    "mode = \"local\"", "mode = \"distributed\"\npatients_per_site = 8")
            .replace("local_steps = 8", "local_steps = 1")
            .replace("momentum = 0.9", "momentum = 0.0");

    /** Each with the reason and what to do instead. */
    @Test
    void whatASumOfOneGradientCannotCarryIsRefused() {
        assertThat(StudyFile.parse(DISTRIBUTED + "[training.partial]\nfrozen = [\"head\"]\n")
                        .study()
                        .training()
                        .partial())
                .isPresent();
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(DISTRIBUTED + "[training.local]\ntensors = [\"head\"]\n"))
                .withMessageContaining("training.local is for")
                .withMessageContaining("use [training.partial]");
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(
                        () -> StudyFile.parse(DISTRIBUTED.replace("seed = 7", "correction = \"scaffold\"\nseed = 7")))
                .withMessageContaining("sites do not drift apart");
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(
                        DISTRIBUTED.replace("maximum_colluders = 1", "maximum_colluders = 1\nminimum_weight = 9")))
                .withMessageContaining("set quorum.minimum_sites");
    }

    @Test
    void aWeightThatTheSumIsTooCoarseForCannotBeAQuorum() {
        String weighted = VALID.replace("maximum_colluders = 1", "maximum_colluders = 1\nminimum_weight = 100");
        assertThat(StudyFile.parse(weighted).study().quorum().minimumWeight()).hasValue(100);
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(weighted.replace("scale_log2 = 24", "scale_log2 = 7")))
                .withMessageContaining("raise secure_aggregation.scale_log2");
    }

    @Test
    void waitingForASiteNeedsAnEnd() {
        String waiting = VALID.replace(
                "maximum_colluders = 1",
                "maximum_colluders = 1\nrequired = { sites = [\"NYU\"], when_missing = \"wait\" }");
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(waiting))
                .withMessageContaining("quorum.required.wait_seconds");
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(waiting.replace("\"wait\"", "\"end\", wait_seconds = 5")))
                .withMessageContaining("quorum.required.wait_seconds is for");
    }

    @Test
    void whatTrainingLeavesOutStaysAbsentAndAnEpochIsOneOverTheSamplingRate() {
        Study study = StudyFile.parse(VALID).study();
        assertThat(study.localSteps()).isEqualTo(8);
        assertThat(study.steps()).isEqualTo(40);
        assertThat(study.training().proximalMu()).isEmpty();
        assertThat(study.training().schedule()).isEmpty();
        Study other = StudyFile.parse(VALID.replace("local_steps = 8", """
                        epochs = 3
                        schedule = "cosine"
                        warm_up_fraction = 0.1
                        proximal_mu = 1""")).study();
        assertThat(other.localSteps()).isEqualTo(12);
        assertThat(other.training().schedule()).contains(Training.Schedule.COSINE);
        assertThat(other.training().proximalMu()).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "preset = \"commissure-small\" | preset = \"commissure-smal\" | model.preset is 'commissure-smal', but",
                "preset = \"commissure-small\" | preset = \"lstm\" | model.hidden is no size of the preset lstm",
                "heads = 2 | widths = [3] | model.widths is no size of the preset commissure-small",
                "heads = 2 | cell_millimetres = 3 | model.cell_millimetres is no size",
                "hidden = 16 | hidden = \"16\" | hidden",
                "hidden = 16 | hidden = 16.5 | hidden",
                "hidden = 16 | hiddn = 16 | model.hiddn is not a known key; did you mean 'hidden'?",
                "heads = 2 | decoder_heads = 3 | model.decoder_heads is 3, which does not divide",
                "local_steps = 8 | | training.local_steps is missing",
                "local_steps = 8 | local_steps = 8.5 | local_steps",
                "seed = 7 | seed = 7, epochs = 2 | training.epochs says again",
                "seed = 7 | seed = 7, schedule = \"linear\" | training.schedule",
                "seed = 7 | seed = 7, warm_up_fraction = 0.1 | training.warm_up_fraction is for",
                "seed = 7 | seed = 7, proximal_mu = -1 | training.proximal_mu",
                "seed = 7 | seed = 7, proximal_mu = \"1\" | proximal_mu",
                "seed = 7 | seed = 7, gradient_clip_norm = 1 | training.gradient_clip_norm is for privacy.mode",
                "momentum = 0.9 | momentum = 0.9, correction = \"scaffold\" | training.correction is \"scaffold\", whose",
                "seed = 7 | seed = 7, correction = \"scafold\" | correction",
                "seed = 7 | seed = 7, [training.local], tensors = [] | training.local.tensors",
                "maximum_colluders = 1 | maximum_colluders = 1, minimum_weight = 0 | quorum.minimum_weight",
                "maximum_colluders = 1 | maximum_colluders = 1, required.sites = [\"A\"] | quorum.required.when_missing",
                "maximum_weight = 256 | maximum_weight = 256, compression = \"top-k\" | masks cancel in dense vectors",
                "maximum_weight = 256 | maximum_weight = 256, maximum_error = 0 | secure_aggregation.maximum_error",
                "seed = 7 | seed = 7, proximal_nu = 1 | did you mean 'proximal_mu'?",
            })
    void anOptionalKeyThatCannotWorkIsRefusedByItsName(String from, @Nullable String to, String message) {
        String text = VALID.replaceFirst("(?m)^" + Pattern.quote(from) + "$", to == null ? "" : to.replace(", ", "\n"));
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> StudyFile.parse(text))
                .withMessageContaining(message);
    }

    @Test
    void aBaselineWithoutLayersIsRefused() {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> networkOf(withPreset("mlp").replace("[evaluation]", "widths = []\n[evaluation]")))
                .withMessageContaining("model.widths is empty");
    }

    private static String withPreset(String preset) {
        return VALID.replace(SIZES, "").replace("commissure-small", preset);
    }

    private static Network networkOf(String text) {
        return StudyFile.parse(text).study().model().network();
    }
}
