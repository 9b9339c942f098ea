package org.commissure.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PhenotypeStudyTest {
    private static final String TEXT = """
        [study]
        kind = "phenotype"
        name = "diagnosis"
        purpose = "research"
        [rounds]
        maximum_attempts = 3
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
        [privacy]
        mode = "none"
        [phenotype]
        external_fraction = 0.25
        minimum_patients = 10
        [phenotype.target]
        column = "diagnosis"
        type = "classification"
        classes = ["TC", "ASD"]
        [[phenotype.covariates]]
        column = "age"
        [[phenotype.covariates]]
        column = "sex"
        classes = ["M", "F"]
        [phenotype.features]
        kind = "connectivity"
        parcels = 200
        minimum_frames = 100
        dimensions = 8
        seed = 1
        [phenotype.harmonisation]
        scaling = "quantiles"
        method = "combat"
        [phenotype.fit]
        penalties = [0.1, 1]
        folds = 5
        iterations = 4
        tolerance = 1e-6
        [phenotype.overlap]
        buckets = 2048
        """;

    @Test
    void theCourseHasWhatTheStudyAsksFor() {
        Study study = StudyFile.parse(TEXT).study();
        PhenotypePlan plan = study.phenotype().orElseThrow();
        assertThat(plan.course())
                .containsExactly(
                        SumKind.SCALE,
                        SumKind.HARMONISE,
                        SumKind.FIT,
                        SumKind.REFINE,
                        SumKind.REFINE,
                        SumKind.REFINE,
                        SumKind.REFINE);
        assertThat(study.rounds().count()).isEqualTo(7);
        assertThat(study.externalFraction()).isEqualTo(0.25);
        assertThat(plan.columns()).extracting(PhenotypePlan.Column::column).containsExactly("age", "sex", "diagnosis");
        PhenotypePlan plain = StudyFile.parse(TEXT.replace("quantiles", "none")
                        .replace("combat", "none")
                        .replace("classification", "regression")
                        .replace("classes = [\"TC\", \"ASD\"]\n", "")
                        .replace("[phenotype.overlap]\nbuckets = 2048\n", ""))
                .study()
                .phenotype()
                .orElseThrow();
        assertThat(plain.course()).containsExactly(SumKind.FIT);
        assertThat(PhenotypeVectors.of(plain).kinds()).containsExactly(SumKind.FIT, SumKind.EVALUATE);
    }

    @Test
    void blocksFollowEachOtherAndEachNumberIsTwoFloats() {
        PhenotypeVectors vectors =
                PhenotypeVectors.of(StudyFile.parse(TEXT).study().phenotype().orElseThrow());
        assertThat(vectors.width()).isEqualTo(1 + 2 + 8 + 1);
        assertThat(vectors.length(SumKind.SCALE)).isEqualTo(8 * 512 + 1);
        assertThat(vectors.length(SumKind.HARMONISE)).isEqualTo(1 + 2 + 8 + 3 + 2 * 8 + 8 + 1);
        assertThat(vectors.length(SumKind.FIT)).isEqualTo(5 * 12 * 13 / 2 + 1);
        assertThat(vectors.length(SumKind.REFINE)).isEqualTo((9 + 9 + 45 + 1) + (3 + 3 + 6 + 1) + 1 + 1);
        assertThat(vectors.offset(SumKind.HARMONISE)).isEqualTo(2 * (8 * 512 + 1));
        assertThat(vectors.published()).isEqualTo(vectors.offset(SumKind.REFINE) + 2 * vectors.length(SumKind.REFINE));
        assertThatThrownBy(() -> vectors.offset(SumKind.EVALUATE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachOfSeveralClassesHasAColumnAndModelsOfItsOwn() {
        PhenotypeVectors vectors =
                PhenotypeVectors.of(StudyFile.parse(TEXT.replace("[\"TC\", \"ASD\"]", "[\"TC\", \"ASD\", \"ADHD\"]"))
                        .study()
                        .phenotype()
                        .orElseThrow());
        assertThat(vectors.targets()).isEqualTo(3);
        assertThat(vectors.width()).isEqualTo(1 + 2 + 8 + 3);
        assertThat(vectors.target(0)).isEqualTo(11);
        assertThat(vectors.newtonAt(1, 2)).isEqualTo(3 * 64 + 2 * 13);
        assertThat(vectors.length(SumKind.REFINE)).isEqualTo(3 * 64 + 3 * 13 + 1 + 1);
        assertThat(vectors.target(new double[0])).isEqualTo(TargetKind.classes(3));
    }

    @Test
    void doublesSurviveTwoFloats() {
        double[] values = {Math.PI * 1e6, -1.0 / 3, 0, 0x1p-32, 123_456_789.000_000_1};
        double[] floats = PublishedDoubles.split(values);
        for (double each : floats) {
            assertThat((double) (float) each).isEqualTo(each);
        }
        double[] back = PublishedDoubles.join(floats, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(back[i]).isCloseTo(values[i], within(Math.abs(values[i]) * 0x1p-49));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode = \"none\"|mode = \"local\"|privacy.mode",
                "kind = \"connectivity\"|kind = \"embedding\"|phenotype.features.embedding",
                "classes = [\"TC\", \"ASD\"]|classes = [\"TC\"]|phenotype.target.classes",
                "classes = [\"TC\", \"ASD\"]|classes = [\"TC\", \"TC\"]|phenotype.target.classes",
                "classes = [\"TC\", \"ASD\"]|classes = [\"TC\", \"ASD\", \"TC\"]|phenotype.target.classes",
                "classes = [\"M\", \"F\"]|classes = [\"M\", \"F\", \"X\"]|phenotype.covariates.classes",
                "type = \"classification\"|type = \"regression\"|phenotype.target.classes",
                "column = \"age\"|column = \"diagnosis\"|phenotype.covariates",
                "penalties = [0.1, 1]|penalties = []|phenotype.fit.penalties",
                "folds = 5|folds = 1|phenotype.fit.folds",
                "dimensions = 8|dimensions = 4096|phenotype.features.dimensions",
                "buckets = 2048|buckets = 10|phenotype.overlap.buckets",
                "minimum_patients = 10|minimum_patients = 2|phenotype.minimum_patients",
                "tolerance = 1e-6|tolerance = 0|phenotype.fit.tolerance",
            })
    void whatCannotBeDoneIsRefusedByItsKey(String right, String wrong, String key) {
        assertThat(TEXT).contains(right);
        assertThatThrownBy(() -> StudyFile.parse(TEXT.replace(right, wrong)))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining(key);
    }

    /** A study of an encoder that is eight wide and reads windows of 40 frames of as many parcels as the text's. */
    private static String embedding() {
        String coordinates = IntStream.range(
                        0,
                        StudyFile.parse(TEXT)
                                .study()
                                .phenotype()
                                .orElseThrow()
                                .features()
                                .parcels())
                .mapToObj(parcel -> "[" + parcel + ", 0, 0]")
                .collect(Collectors.joining(", "));
        return TEXT.replace("kind = \"connectivity\"", "kind = \"embedding\"").replace("quantiles", "none")
                + """
                [phenotype.features.embedding]
                model_sha256 = "%s"
                pooling = "cls"
                windows_per_scan = 2
                [phenotype.features.embedding.model]
                preset = "commissure-small"
                parcels = %d
                window_frames = 40
                patch_frames = 20
                hidden = 8
                initialisation_seed = 1
                coordinates_millimetres = [%s]
                """.formatted("aB".repeat(32), coordinates.split("], ").length, coordinates);
    }

    @Test
    void anEncodersFeaturesStandBeforeConnectivitysWhichIsAModelOfItsOwn() {
        PhenotypePlan plan = StudyFile.parse(embedding()).study().phenotype().orElseThrow();
        PhenotypeVectors vectors = PhenotypeVectors.of(plan);
        assertThat(plan.features().embedding().orElseThrow().modelSha256()).isEqualTo("ab".repeat(32));
        assertThat(vectors.width()).isEqualTo(1 + 2 + 8 + 8 + 1);
        assertThat(vectors.predictors(0)).containsExactly(3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(vectors.predictors(1)).containsExactly(1, 2);
        assertThat(vectors.predictors(2)).containsExactly(11, 12, 13, 14, 15, 16, 17, 18);
        assertThat(vectors.models())
                .containsExactly("federated", "single-site", "demographics", "mean", "connectivity");
        assertThat(vectors.length(SumKind.REFINE)).isEqualTo(2 * (9 + 9 + 45 + 1) + (3 + 3 + 6 + 1) + 1 + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "windows_per_scan = 2|windows_per_scan = 0|windows_per_scan",
                "pooling = \"cls\"|pooling = \"first\"|pooling",
                "model_sha256 = \"aB|model_sha256 = \"xx|model_sha256",
                "scaling = \"none\"|scaling = \"quantiles\"|phenotype.harmonisation.scaling",
                "window_frames = 40|window_frames = 400|phenotype.features.minimum_frames",
                "preset = \"commissure-small\"|preset = \"mlp\"|model.hidden",
                "kind = \"embedding\"|kind = \"connectivity\"|phenotype.features.embedding",
            })
    void anEncoderThatCannotBeUsedIsRefusedByItsKey(String right, String wrong, String key) {
        assertThat(embedding()).contains(right);
        assertThatThrownBy(() -> StudyFile.parse(embedding().replace(right, wrong)))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aSumThatIsTooLargeIsRefused() {
        String large = TEXT.replace("dimensions = 8", "dimensions = 1024").replace("folds = 5", "folds = 20");
        assertThatThrownBy(() -> StudyFile.parse(large))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("phenotype.fit.folds");
    }

    @Test
    void sectionsOfAnotherKindAreRefused() {
        String both = TEXT + "[training]\nepochs = 1\n";
        assertThatThrownBy(() -> StudyFile.parse(both)).isInstanceOf(StudyException.class);
    }
}
