package org.commissure.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FineTuneStudyTest {
    private static final String TEXT = """
        [study]
        kind = "finetune"
        name = "age"
        purpose = "research"
        [rounds]
        count = 3
        maximum_attempts = 2
        server_learning_rate = 1.0
        [quorum]
        minimum_sites = 3
        maximum_colluders = 1
        [deadlines]
        invite_seconds = 60
        keys_seconds = 60
        upload_seconds = 60
        vote_seconds = 60
        unmask_seconds = 60
        reconnect_grace_seconds = 5
        [secure_aggregation]
        ring_bits = 32
        update_bound = 8.0
        scale_log2 = 16
        maximum_weight = 1024
        [privacy]
        mode = "local"
        clip_norm = 1.0
        noise_multiplier = 1.0
        sampling_rate = 0.5
        delta = 1e-5
        [training]
        local_steps = 2
        optimiser = "adam"
        learning_rate = 0.01
        momentum = 0.0
        update_clip_norm = 10.0
        seed = 3
        [model]
        preset = "commissure-small"
        parcels = 2
        window_frames = 40
        patch_frames = 20
        hidden = 16
        encoder_layers = 1
        heads = 2
        feed_forward = 32
        initialisation_seed = 1
        coordinates_millimetres = [[0, 0, 0], [1, 0, 0]]
        [finetune]
        external_fraction = 0.3
        model_sha256 = "AB%s"
        pooling = "mean"
        windows_per_scan = 2
        trainable = "all"
        [finetune.target]
        column = "age"
        type = "regression"
        centre = 15.0
        scale = 6.0
        """.formatted("ab".repeat(31));

    private static final String CLASSES = TEXT.replace("\"regression\"", "\"classification\"")
            .replace("centre = 15.0\nscale = 6.0", "classes = [\"TC\", \"ASD\"]");

    @Test
    void aRegressionTrainsEncoderHeadAndMean() {
        Study study = StudyFile.parse(TEXT).study();
        FineTunePlan plan = study.finetune().orElseThrow();
        assertThat(study.externalFraction()).isEqualTo(0.3);
        assertThat(study.reconstructs()).isFalse();
        assertThat(study.published()).isEmpty();
        assertThat(plan.modelSha256()).isEqualTo("ab".repeat(32));
        assertThat(plan.rateOfEncoder()).isEqualTo(0.1);
        assertThat(plan.target().kind()).isEqualTo(TargetKind.regression(15, 6));
        assertThat(StudySums.evaluationLength(study, 1))
                .isEqualTo(2 * PredictionSums.length(TargetKind.regression(15, 6)));
        assertThat(FineTuneVector.of(study).head()).isEqualTo(17);
        assertThat(FineTuneVector.of(study).mean()).isEqualTo(1);
        assertThat(FineTuneVector.of(study).encoder()).isPositive();
    }

    @Test
    void aHeadAloneOrAWiderOneHasAnotherVector() {
        Study head = StudyFile.parse(TEXT.replace("\"all\"", "\"head\"")).study();
        assertThat(FineTuneVector.of(head)).isEqualTo(new FineTuneVector(0, 17, 1, 0));
        assertThat(head.finetune().orElseThrow().rateOfEncoder()).isZero();
        Study classes = StudyFile.parse(CLASSES.replace("\"all\"", "\"head\"\nhead_widths = [8, 4]"))
                .study();
        assertThat(FineTuneVector.of(classes))
                .isEqualTo(new FineTuneVector(0, 16 * 8 + 8 + 8 * 4 + 4 + 4 * 2 + 2, 2, 0));
        assertThat(classes.finetune().orElseThrow().target().kind()).isEqualTo(TargetKind.classification());
    }

    private static final String BESIDE = CLASSES.replace("\"local\"", "\"none\"")
                    .replace("parcels = 2", "parcels = 3")
                    .replace("[1, 0, 0]]", "[1, 0, 0], [2, 0, 0]]")
            + """
            [finetune.baselines]
            dimensions = 8
            seed = 1
            penalties = [0.1, 1.0]
            folds = 3
            iterations = 5
            tolerance = 1e-6
            [[finetune.baselines.covariates]]
            column = "motion"
            """;

    @Test
    void baselinesHaveTheirOwnRoundsBehindThoseOfTrainingAndTheirOwnPartOfTheVector() {
        Study study = StudyFile.parse(BESIDE).study();
        PhenotypeVectors vectors = PhenotypeVectors.of(study.baselines().orElseThrow());
        assertThat(vectors.covariates()).isEqualTo(2);
        assertThat(StudySums.kinds(study))
                .containsExactly(SumKind.TRAIN, SumKind.EVALUATE, SumKind.FIT, SumKind.REFINE);
        assertThat(StudySums.lastRound(study)).isEqualTo(3 + 1 + 5);
        assertThat(StudySums.exactLength(study, SumKind.TRAIN, 1)).isEmpty();
        assertThat(StudySums.exactLength(study, SumKind.FIT, 4)).hasValue(vectors.length(SumKind.FIT));
        int every = StudySums.evaluationLength(study, 3);
        assertThat(StudySums.evaluationLength(study, 4)).isEqualTo(every + vectors.length(SumKind.EVALUATE));
        FineTuneVector vector = FineTuneVector.of(study);
        assertThat(vector.baselines()).isEqualTo(vectors.published());
        assertThat(vector.shared().length()).isEqualTo(vector.trained());
        assertThat(vector.shared().names(SharedPart.Fate.FROZEN)).containsExactly("baselines");
        assertThat(StudySums.lastRound(StudyFile.parse(CLASSES).study())).isEqualTo(3);
        assertThatThrownBy(() -> StudySums.exactLength(study, SumKind.SCALE, 4))
                .hasMessageContaining("no sum of kind SCALE");
    }

    @Test
    void baselinesThatWouldUndoNoiseOrAreOutOfRangeAreRefusedByTheirKey() {
        assertThatThrownBy(() -> StudyFile.parse(BESIDE.replace("\"none\"", "\"local\"")))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("finetune.baselines")
                .hasMessageContaining("undo the noise");
        assertThatThrownBy(() -> StudyFile.parse(BESIDE.replace("dimensions = 8", "dimensions = 1")))
                .isInstanceOf(StudyException.class)
                .hasMessageStartingWith("finetune.baselines.dimensions");
        assertThatThrownBy(() -> StudyFile.parse(BESIDE.replace("\"motion\"", "\"age\"")))
                .hasMessageStartingWith("finetune.baselines.covariates");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seed = 3 | seed = 3~mask_ratio = 0.5 | training.mask_ratio",
                "trainable = \"all\" | trainable = \"head\"~encoder_rate = 0.5 | finetune.encoder_rate",
                "trainable = \"all\" | trainable = \"all\"~encoder_rate = 2.0 | finetune.encoder_rate",
                "windows_per_scan = 2 | windows_per_scan = 0 | finetune.windows_per_scan",
                "scale = 6.0 | scale = 0.0 | finetune.target.scale",
                "centre = 15.0 | classes = [\"a\", \"b\"] | finetune.target.c",
                "\"commissure-small\" | \"mlp\" | model.",
                "model_sha256 = \"AB | model_sha256 = \"XY | finetune.model_sha256",
                "external_fraction = 0.3 | external_fraction = 1.0 | finetune.external_fraction",
                "trainable = \"all\" | trainable = \"all\"~head_widths = [0] | finetune.head_widths"
            })
    void badValuesAreNamed(String before, String after, String key) {
        String text = TEXT.replace(before, after.replace("~", "\n"));
        assertThat(text).isNotEqualTo(TEXT);
        assertThatThrownBy(() -> StudyFile.parse(text))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aPresetWithoutAnEncoderIsRefusedWithARemedy() {
        String text = TEXT.replace("\"commissure-small\"", "\"mlp\"")
                .replaceAll("(hidden|encoder_layers|heads|feed_forward) = \\d+\n", "");
        assertThatThrownBy(() -> StudyFile.parse(text))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("no encoder to fine-tune")
                .hasMessageContaining("commissure-base");
    }

    @Test
    void classesMustBeToldAndOthersMayNot() {
        assertThat(StudyFile.parse(CLASSES)
                        .study()
                        .finetune()
                        .orElseThrow()
                        .target()
                        .outputs())
                .isEqualTo(2);
        assertThatThrownBy(() -> StudyFile.parse(CLASSES.replace("\"TC\", \"ASD\"", "\"TC\"")))
                .hasMessageContaining("finetune.target.classes");
        assertThatThrownBy(() -> StudyFile.parse(TEXT.replace("scale = 6.0\n", "")))
                .hasMessageContaining("finetune.target.scale")
                .hasMessageContaining("missing");
    }

    @Test
    void theSectionBelongsToThisKindAlone() {
        assertThatThrownBy(() -> StudyFile.parse(TEXT.replace("kind = \"finetune\"", "kind = \"brainlm\"")))
                .isInstanceOf(StudyException.class);
        String pretraining = TEXT.replace("kind = \"finetune\"\n", "")
                .replace("seed = 3", "seed = 3\nmask_ratio = 0.5")
                .replace(
                        "[finetune]",
                        "[evaluation]\nexternal_fraction = 0.3\nmask_ratio = 0.5\nwindows_per_patient = 1\nmask_seed = 1\n"
                                + "[finetune]");
        assertThatThrownBy(() -> StudyFile.parse(pretraining))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("study.kind = \"finetune\"");
    }
}
