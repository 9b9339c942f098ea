package org.commissure.site.phenotype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.commissure.protocol.evaluation.ClassesMetrics;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.LocalWorkException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Patients whose last network grows with age, at three sites that differ. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PhenotypeWorkTest {
    private static final String AGE = "column = \"age\"\ntype = \"regression\"";
    private static final String OLD = """
            column = "old"
            type = "classification"
            classes = ["no", "yes"]""";
    private static final String PLAIN = "scaling = \"none\"\nmethod = \"none\"";
    private static final String HARMONISED = "scaling = \"quantiles\"\nmethod = \"combat\"";

    private Path folder;

    @BeforeAll
    void generate(@TempDir Path generated) throws Exception {
        folder = generated;
        InOneProcess.generate(folder, 75);
        Random random = new Random(3);
        InOneProcess.addColumn(
                folder, "old", row -> Double.parseDouble(Objects.requireNonNull(row.get("age"))) > 25 ? "yes" : "no");
        InOneProcess.addColumn(folder, "stage", row -> stage(Double.parseDouble(row.getOrDefault("age", ""))));
        InOneProcess.addColumn(
                folder, "young", row -> row.getOrDefault("stage", "").equals("young") ? "yes" : "no");
        InOneProcess.addColumn(folder, "noise", row -> Double.toString(random.nextGaussian()));
        InOneProcess.addColumn(folder, "coin", row -> random.nextBoolean() ? "heads" : "tails");
        Map<String, Integer> seen = new HashMap<>();
        InOneProcess.addColumn(
                folder, "rare", row -> seen.merge(row.getOrDefault("site", ""), 1, Integer::sum) == 1 ? "x" : "y");
    }

    private static String stage(double age) {
        return age < 20 ? "young" : age < 30 ? "middle" : "late";
    }

    private static Study stages(String more) {
        return InOneProcess.study(
                "column = \"stage\"\ntype = \"classification\"\nclasses = [\"young\", \"middle\", \"late\"" + more
                        + "]",
                PLAIN);
    }

    @Test
    void threePlantedClassesAreToldApart() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, stages(""));
        assertThat(federation.fit()).isBetween(2, 9);
        Map<String, PredictionMetrics> scores = federation.scores();
        ClassesMetrics own = (ClassesMetrics) Objects.requireNonNull(scores.get("federated"));
        ClassesMetrics constant = (ClassesMetrics) Objects.requireNonNull(scores.get("mean"));
        assertThat(Objects.requireNonNull(own.macroAuc()).value()).isGreaterThan(0.65);
        assertThat(Objects.requireNonNull(own.balancedAccuracy()).value()).isGreaterThan(0.4);
        assertThat(Objects.requireNonNull(constant.macroAuc()).value()).isEqualTo(0.5);
        assertThat(Objects.requireNonNull(constant.balancedAccuracy()).value()).isEqualTo(1.0 / 3);
        assertThat(scores.get("single-site")).isInstanceOf(ClassesMetrics.class);
    }

    @Test
    void eachOfSeveralClassesIsFittedAsItWouldBeAgainstTheRestAlone() throws Exception {
        InOneProcess several = InOneProcess.of(folder, stages(""));
        InOneProcess pooled = InOneProcess.pooled(folder, stages(""));
        InOneProcess alone = InOneProcess.of(
                folder,
                InOneProcess.study(
                        "column = \"young\"\ntype = \"classification\"\nclasses = [\"no\", \"yes\"]", PLAIN));
        several.fit();
        pooled.fit();
        alone.fit();
        for (int model = 0; model < 2; model++) {
            double[] young = several.published().model(model, 0).coefficients();
            double[] same = alone.published().model(model, 0).coefficients();
            for (int i = 0; i < same.length - 1; i++) {
                assertThat(young[i]).isCloseTo(same[i], within(1e-6 * (1 + Math.abs(same[i]))));
            }
            for (int target = 0; target < 3; target++) {
                double[] one = several.published().model(model, target).coefficients();
                double[] other = pooled.published().model(model, target).coefficients();
                for (int i = 0; i < one.length; i++) {
                    assertThat(one[i]).isCloseTo(other[i], within(1e-6 * (1 + Math.abs(other[i]))));
                }
            }
        }
    }

    @Test
    void coefficientsHaveTheirColumnsNamesAndAreThoseThatPredict() throws Exception {
        Study study = InOneProcess.study(AGE, PLAIN);
        InOneProcess federation = InOneProcess.of(folder, study);
        federation.fit();
        PhenotypeCoefficients all = PhenotypeCoefficients.of(study.phenotype().orElseThrow(), federation.released());
        assertThat(all.trainingPatients()).isEqualTo(150);
        assertThat(all.models())
                .extracting(PhenotypeCoefficients.Fitted::model)
                .containsExactly("federated", "demographics");
        PhenotypeCoefficients.Fitted demographics = all.models().get(1);
        assertThat(demographics.coefficients())
                .extracting(PhenotypeCoefficients.Coefficient::column)
                .containsExactly("sex F");
        double[] used = federation.published().model(0, 0).coefficients();
        PhenotypeCoefficients.Fitted task = all.models().getFirst();
        assertThat(task.intercept()).isEqualTo(used[0]);
        assertThat(task.coefficients()).hasSize(40);
        assertThat(task.coefficients().get(7).column()).isEqualTo("connectivity 7");
        assertThat(task.coefficients().get(7).value()).isEqualTo(used[2 + 7]);
        assertThatThrownBy(() -> PhenotypeCoefficients.of(study.phenotype().orElseThrow(), new float[3]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PhenotypeCoefficients.of(
                        study.phenotype().orElseThrow(),
                        new float[InOneProcess.published(study.phenotype().orElseThrow())]))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("ended before");
    }

    @Test
    void aClassThatNobodyHasEndsTheFitWithItsName() {
        InOneProcess federation = InOneProcess.of(folder, stages(", \"ancient\""));
        assertThatThrownBy(federation::fit)
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("'ancient' against the rest: a class has fewer than two members");
    }

    @Test
    void aPlantedAgeIsPredictedAndBaselinesStandBeside() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, InOneProcess.study(AGE, PLAIN));
        assertThat(federation.fit()).isZero();
        Map<String, PredictionMetrics> scores = federation.scores();
        assertThat(r2(scores, "federated").value()).isGreaterThan(0.2);
        assertThat(Objects.requireNonNull(r2(scores, "federated").interval()).low())
                .isPositive();
        assertThat(r2(scores, "federated").value())
                .isGreaterThan(r2(scores, "demographics").value() + 0.15);
        assertThat(r2(scores, "mean").value()).isBetween(-0.3, 0.01);
        assertThat(scores.get("single-site")).isNotNull();
    }

    static Estimate r2(Map<String, PredictionMetrics> scores, String model) {
        return Objects.requireNonNull(((RegressionMetrics) Objects.requireNonNull(scores.get(model))).r2());
    }

    @Test
    void coefficientsEqualThoseOfThePooledPatients() throws Exception {
        for (String target : List.of(AGE, OLD)) {
            Study study = InOneProcess.study(target, PLAIN);
            InOneProcess federation = InOneProcess.of(folder, study);
            InOneProcess pooled = InOneProcess.pooled(folder, study);
            federation.fit();
            pooled.fit();
            assertEqualModels(federation, pooled, 2);
        }
    }

    static void assertEqualModels(InOneProcess federation, InOneProcess pooled, int models) {
        for (int model = 0; model < models; model++) {
            assertThat(federation.published().penalty(model, 0))
                    .isEqualTo(pooled.published().penalty(model, 0));
            double[] one = federation.published().model(model, 0).coefficients();
            double[] other = pooled.published().model(model, 0).coefficients();
            for (int i = 0; i < one.length; i++) {
                // The fixed point rounds each site's sums to 2^-32; columns vary by about .1.
                assertThat(one[i]).isCloseTo(other[i], within(1e-6 * (1 + Math.abs(other[i]))));
            }
        }
    }

    @Test
    void newtonStepsEndOnceNothingMovesAndThePlantedClassIsFound() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, InOneProcess.study(OLD, PLAIN));
        assertThat(federation.fit()).isBetween(2, 9);
        Map<String, PredictionMetrics> scores = federation.scores();
        assertThat(auc(scores, "federated").value()).isGreaterThan(0.75);
        assertThat(auc(scores, "mean").value()).isEqualTo(0.5);
    }

    static Estimate auc(Map<String, PredictionMetrics> scores, String model) {
        return Objects.requireNonNull(((ClassificationMetrics) Objects.requireNonNull(scores.get(model))).auc());
    }

    @Test
    void whiteNoiseIsNotPredicted() throws Exception {
        InOneProcess number =
                InOneProcess.of(folder, InOneProcess.study("column = \"noise\"\ntype = \"regression\"", PLAIN));
        number.fit();
        assertThat(r2(number.scores(), "federated").value()).isBetween(-0.5, 0.1);
        assertThat(Objects.requireNonNull(r2(number.scores(), "federated").interval())
                        .low())
                .isNegative();
        InOneProcess coin = InOneProcess.of(
                folder,
                InOneProcess.study(
                        "column = \"coin\"\ntype = \"classification\"\nclasses = [\"heads\", \"tails\"]", PLAIN));
        coin.fit();
        Estimate auc = auc(coin.scores(), "federated");
        assertThat(Objects.requireNonNull(auc.interval()).low()).isLessThan(0.5);
        assertThat(Objects.requireNonNull(auc.interval()).high()).isGreaterThan(0.5);
    }

    @Test
    void harmonisedSitesShareTheirMeanAndTheAgeIsStillFound() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, InOneProcess.study(AGE, HARMONISED));
        federation.fit();
        double[] first = means(federation, "A");
        double[] second = means(federation, "B");
        Rows rows = federation.rows("A");
        List<double[]> scaled = rows.scaled(rows.patients(federation.cohort("A").training()));
        Rows other = federation.rows("B");
        List<double[]> scaledOther =
                other.scaled(other.patients(federation.cohort("B").training()));
        double before = 0;
        double after = 0;
        for (int f = 0; f < first.length; f++) {
            before += Math.abs(mean(scaled, f) - mean(scaledOther, f)) / first.length;
            after += Math.abs(first[f] - second[f]) / first.length;
        }
        assertThat(after).isLessThan(before / 2);
        // Sites' mean ages differ, and what goes with the site goes: less is left to be found.
        assertThat(r2(federation.scores(), "federated").value()).isGreaterThan(0.03);
    }

    private static double[] means(InOneProcess federation, String site) throws Exception {
        Rows rows = federation.rows(site);
        List<double[]> harmonised =
                rows.of(rows.patients(federation.cohort(site).training()));
        double[] means = new double[40];
        for (int f = 0; f < means.length; f++) {
            means[f] = mean(harmonised, 2 + f);
        }
        return means;
    }

    private static double mean(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).average().orElseThrow();
    }

    @Test
    void eachSitesOwnScaleRunsToo() throws Exception {
        InOneProcess federation =
                InOneProcess.of(folder, InOneProcess.study(AGE, "scaling = \"none\"\nmethod = \"site-z\""));
        federation.fit();
        assertThat(r2(federation.scores(), "federated").value()).isPositive();
    }

    @Test
    void patientsAtTwoSitesShareBucketAndFingerprint() throws Exception {
        Study study = InOneProcess.study(AGE, PLAIN);
        PhenotypeCohort one = InOneProcess.of(folder, study).cohort("A");
        PhenotypeCohort other = InOneProcess.of(folder, study).cohort("B");
        PhenotypeCohort visiting = new PhenotypeCohort(
                other.training(), one.external().subList(0, 2)); // two patients of A are at B as well
        double[] opened = new InOneProcess(study, Map.of("A", one, "B", visiting)).opened(SumKind.OVERLAP);
        int buckets = 4096;
        int shared = 0;
        for (int bucket = 0; bucket < buckets; bucket++) {
            double count = opened[bucket];
            double sum = opened[buckets + bucket];
            if (count >= 2 && count * opened[2 * buckets + bucket] == sum * sum) {
                shared++;
            }
        }
        assertThat(shared).isEqualTo(2);
    }

    @Test
    void aClassWithOneMemberEndsTheFitWithThatReason() throws Exception {
        Study study = InOneProcess.study(
                "column = \"rare\"\ntype = \"classification\"\nclasses = [\"x\", \"y\"]",
                PLAIN,
                "penalties = [0.3]\nfolds = 1");
        PhenotypeCohort a = InOneProcess.of(folder, study).cohort("A");
        PhenotypeCohort b = InOneProcess.of(folder, study).cohort("B");
        PhenotypeCohort onlyY =
                new PhenotypeCohort(b.training().subList(1, b.training().size()), b.external());
        InOneProcess federation = new InOneProcess(study, Map.of("A", a, "B", onlyY));
        assertThatThrownBy(federation::fit)
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("a class has fewer than two members");
    }
}
