package org.commissure.site.phenotype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Patients of whom an encoder sees what is asked: a number along one direction of its embeddings, and noise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EmbeddingWorkTest {
    private static final String PLAIN = "scaling = \"none\"\nmethod = \"none\"";
    private static final String COMBAT = "scaling = \"none\"\nmethod = \"combat\"";
    private static final String SEEN = "column = \"seen\"\ntype = \"regression\"";
    private static final String LARGE = "column = \"large\"\ntype = \"classification\"\nclasses = [\"no\", \"yes\"]";
    private static final String NOISE = "column = \"noise\"\ntype = \"regression\"";

    private Path folder;

    @BeforeAll
    void generate(@TempDir Path generated) throws Exception {
        folder = generated;
        InOneProcess.generate(folder, 75);
        Map<String, double[]> embeddings = embeddings();
        Random random = new Random(11);
        double[] direction = random.doubles(16, -1, 1).toArray();
        double[] mean = new double[16];
        embeddings.values().forEach(row -> add(mean, row, 1.0 / embeddings.size()));
        double variance = embeddings.values().stream()
                        .mapToDouble(row -> Math.pow(along(direction, row) - along(direction, mean), 2))
                        .sum()
                / embeddings.size();
        Map<String, Double> seen = new HashMap<>();
        embeddings.forEach((patient, row) -> seen.put(
                patient,
                (along(direction, row) - along(direction, mean)) / Math.sqrt(variance) + 0.3 * random.nextGaussian()));
        InOneProcess.addColumn(folder, "seen", row -> Double.toString(of(seen, row)));
        InOneProcess.addColumn(folder, "large", row -> of(seen, row) > 0 ? "yes" : "no");
        InOneProcess.addColumn(folder, "noise", row -> Double.toString(random.nextGaussian()));
    }

    private static double of(Map<String, Double> seen, Map<String, String> row) {
        return Objects.requireNonNull(seen.get(row.get("participant_id")));
    }

    private static void add(double[] to, double[] row, double times) {
        for (int i = 0; i < to.length; i++) {
            to[i] += row[i] * times;
        }
    }

    private static double along(double[] direction, double[] row) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += direction[i] * row[i];
        }
        return sum;
    }

    private Map<String, double[]> embeddings() throws Exception {
        Study study = InOneProcess.embeddingStudy("column = \"age\"\ntype = \"regression\"", PLAIN);
        PhenotypePlan plan = study.phenotype().orElseThrow();
        FrozenEmbedding asked = plan.features().embedding().orElseThrow();
        Map<String, double[]> embeddings = new HashMap<>();
        try (FrozenEncoder encoder = FrozenEncoder.open(asked, InOneProcess.parameters(plan))) {
            for (String site : InOneProcess.SITES) {
                for (Subject patient :
                        InOneProcess.admission(folder, site, study).admitted()) {
                    embeddings.put(patient.participantId(), encoder.of(patient));
                }
            }
        }
        return embeddings;
    }

    @Test
    void aNumberThatTheEncoderSeesIsPredictedAndConnectivityStandsBeside() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, InOneProcess.embeddingStudy(SEEN, PLAIN));
        federation.fit();
        Map<String, PredictionMetrics> scores = federation.scores();
        assertThat(scores.keySet()).containsExactly("federated", "single-site", "demographics", "mean", "connectivity");
        assertThat(PhenotypeWorkTest.r2(scores, "federated").value()).isGreaterThan(0.75);
        assertThat(PhenotypeWorkTest.r2(scores, "mean").value()).isBetween(-0.3, 0.01);
        assertThat(PhenotypeWorkTest.r2(scores, "demographics").value()).isLessThan(0.1);
    }

    @Test
    void coefficientsOfEveryModelEqualThoseOfThePooledPatients() throws Exception {
        for (String target : List.of(SEEN, LARGE)) {
            Study study = InOneProcess.embeddingStudy(target, PLAIN);
            InOneProcess federation = InOneProcess.of(folder, study);
            InOneProcess pooled = InOneProcess.pooled(folder, study);
            federation.fit();
            pooled.fit();
            PhenotypeWorkTest.assertEqualModels(federation, pooled, 3);
        }
    }

    @Test
    void theConnectivityBesideIsThatOfAStudyOfConnectivity() throws Exception {
        for (String harmonisation : List.of(PLAIN, COMBAT)) {
            InOneProcess beside = InOneProcess.of(folder, InOneProcess.embeddingStudy(SEEN, harmonisation));
            InOneProcess alone = InOneProcess.of(folder, InOneProcess.study(SEEN, harmonisation));
            beside.fit();
            alone.fit();
            assertThat(PhenotypeWorkTest.r2(beside.scores(), "connectivity").value())
                    .isCloseTo(
                            PhenotypeWorkTest.r2(alone.scores(), "federated").value(),
                            org.assertj.core.api.Assertions.within(1e-6));
        }
    }

    @Test
    void aClassThatTheEncoderSeesIsToldApart() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, InOneProcess.embeddingStudy(LARGE, COMBAT));
        assertThat(federation.fit()).isBetween(2, 9);
        assertThat(PhenotypeWorkTest.auc(federation.scores(), "federated").value())
                .isGreaterThan(0.85);
    }

    @Test
    void whiteNoiseIsNotPredicted() throws Exception {
        InOneProcess federation = InOneProcess.of(folder, InOneProcess.embeddingStudy(NOISE, PLAIN));
        federation.fit();
        Map<String, PredictionMetrics> scores = federation.scores();
        assertThat(PhenotypeWorkTest.r2(scores, "federated").value()).isBetween(-0.3, 0.05);
        assertThat(Objects.requireNonNull(
                                PhenotypeWorkTest.r2(scores, "federated").interval())
                        .low())
                .isNegative();
    }

    @Test
    void aModelThatCannotBeHadEndsTheSumWithThatReason() {
        Study study = InOneProcess.embeddingStudy(SEEN, PLAIN);
        PhenotypePlan plan = study.phenotype().orElseThrow();
        PhenotypeTask task = new PhenotypeTask(
                "run",
                SumKind.FIT,
                plan,
                InOneProcess.of(folder, study).cohort("A"),
                new double[InOneProcess.published(plan)],
                (sha256, count) -> {
                    throw new LocalWorkException("the coordinator has no such model");
                });
        assertThatThrownBy(() -> new PhenotypeWork(new java.security.SecureRandom()).vector(task, fraction -> {}))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("no such model");
    }
}
