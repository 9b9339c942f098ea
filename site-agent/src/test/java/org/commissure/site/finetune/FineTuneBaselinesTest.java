package org.commissure.site.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.phenotype.InOneProcess;
import org.commissure.site.plan.LeavingFields;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a fine-tuning is compared with: the sums of a study of kind phenotype over its own patients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FineTuneBaselinesTest {
    private static final String NO_NOISE =
            "mode = \"none\"\nclip_norm = 1.0\nnoise_multiplier = 0.0\nsampling_rate = 1.0";
    private static final String TRAINING = "local_steps = 1\noptimiser = \"sgd\"\nlearning_rate = 0.1";
    private static final String SEX = "[[finetune.baselines.covariates]]\ncolumn = \"sex\"\nclasses = [\"M\", \"F\"]\n";

    private Path folder;

    @BeforeAll
    void generate(@TempDir Path generated) throws Exception {
        folder = generated;
        InOneProcess.generate(folder, 60);
        Random random = new Random(7);
        InOneProcess.addColumn(folder, "years", row -> Double.toString(20 + 30 * random.nextDouble()));
        InOneProcess.addColumn(
                folder,
                "score",
                row -> Double.toString(Double.parseDouble(row.getOrDefault("years", "")) / 10 + random.nextGaussian()));
        // Known of half the patients of two sites and of nobody at the third.
        InOneProcess.addColumn(
                folder,
                "partly",
                row -> row.getOrDefault("site", "").equals("E") || random.nextBoolean()
                        ? "unknown"
                        : row.getOrDefault("years", ""));
    }

    private static Study study(String column, String covariates) {
        return FineTuneFederation.study(
                "column = \"%s\"\ntype = \"regression\"\ncentre = 3.0\nscale = 1.0".formatted(column) + """

                [finetune.baselines]
                dimensions = 40
                seed = 1
                penalties = [0.03, 0.3, 3.0]
                folds = 4
                iterations = 10
                tolerance = 1e-8
                """
                        + covariates,
                "trainable = \"head\"",
                1,
                TRAINING,
                NO_NOISE);
    }

    private static String number(String column) {
        return "[[finetune.baselines.covariates]]\ncolumn = \"" + column + "\"\n";
    }

    @Test
    void theyAreThoseOfAStudyOfKindPhenotypeOverTheSamePatients() throws Exception {
        InOneProcess beside = InOneProcess.of(folder, study("score", SEX));
        InOneProcess alone = InOneProcess.of(
                folder,
                InOneProcess.study(
                        "column = \"score\"\ntype = \"regression\"",
                        "scaling = \"none\"\nmethod = \"none\"",
                        "penalties = [0.03, 0.3, 3.0]\nfolds = 4"));
        beside.fit();
        alone.fit();
        // Rows are 1, sex, whether it is known, connectivity, score; and without the third.
        double[] connectivity = beside.published().model(0, 0).coefficients();
        double[] same = alone.published().model(0, 0).coefficients();
        assertThat(connectivity[0]).isCloseTo(same[0], within(1e-9));
        for (int i = 0; i < 40; i++) {
            assertThat(connectivity[3 + i]).isCloseTo(same[2 + i], within(1e-9));
        }
        double[] demographics =
                beside.published().model(PhenotypeVectors.DEMOGRAPHICS, 0).coefficients();
        double[] alike =
                alone.published().model(PhenotypeVectors.DEMOGRAPHICS, 0).coefficients();
        assertThat(demographics[1]).isCloseTo(alike[1], within(1e-9)).isNotZero();
        assertThat(demographics[2]).isZero();
    }

    @Test
    void whoLacksADemographicTakesPartAndIsCounted() throws Exception {
        Study study = study("score", number("years") + number("partly"));
        InOneProcess federation = InOneProcess.of(folder, study);
        federation.fit();
        PhenotypeVectors vectors = PhenotypeVectors.of(study.baselines().orElseThrow());
        double[] released = new double[federation.released().length];
        for (int i = 0; i < released.length; i++) {
            released[i] = federation.released()[i];
        }
        assertThat(vectors.patients(released)).isEqualTo(120);
        assertThat(vectors.known(released)).hasSize(2).first().isEqualTo(120L);
        assertThat(vectors.known(released).getLast()).isBetween(20L, 60L);
        assertThat(r2(federation.scores(), "demographics")).isGreaterThan(0.2);
        assertThat(r2(federation.scores(), "mean")).isLessThan(0.01);
    }

    @Test
    void aColumnThatNoSiteHasIsNoReasonToRefuseAndTellsNothing() throws Exception {
        Study study = study("score", number("handedness"));
        assertThat(CohortFolder.missingColumn(folder.resolve("site-A"), CohortRules.of(study)))
                .isEqualTo(Optional.empty());
        InOneProcess federation = InOneProcess.of(folder, study);
        federation.fit();
        Map<String, PredictionMetrics> scores = federation.scores();
        assertThat(r2(scores, "demographics")).isCloseTo(r2(scores, "mean"), within(1e-9));
    }

    @Test
    void aStewardReadsThatTheSumsCarryNoNoiseAndWhichColumnsTheyHold() {
        assertThat(LeavingFields.masked(study("score", SEX), SumKind.FIT))
                .contains("sums and products of features and sex, score by fold, WITHOUT noise");
        assertThat(LeavingFields.masked(study("score", SEX), SumKind.REFINE))
                .containsExactly("gradient and Hessian of the likelihood");
    }

    private static double r2(Map<String, PredictionMetrics> scores, String model) {
        RegressionMetrics metrics = (RegressionMetrics) Objects.requireNonNull(scores.get(model));
        return Objects.requireNonNull(metrics.r2()).value();
    }
}
