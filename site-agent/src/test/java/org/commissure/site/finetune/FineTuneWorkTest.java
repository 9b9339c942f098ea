package org.commissure.site.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.evaluation.ClassesMetrics;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.Interval;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.Attempt;
import org.commissure.site.compute.DistributedGradient;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.phenotype.InOneProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Patients of whom an encoder sees what is asked: a number along one direction of its embeddings, and noise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FineTuneWorkTest {
    private static final String NO_NOISE =
            "mode = \"none\"\nclip_norm = 1.0\nnoise_multiplier = 0.0\nsampling_rate = 1.0";
    private static final String LOCAL =
            "mode = \"local\"\nclip_norm = 0.5\nnoise_multiplier = 0.5\nsampling_rate = 0.5";
    private static final String DISTRIBUTED =
            "mode = \"distributed\"\nclip_norm = 0.5\nnoise_multiplier = 0.5\nsampling_rate = 0.5\npatients_per_site = 40";
    private static final String ADAM = "local_steps = 15\noptimiser = \"adam\"\nlearning_rate = 0.05";
    private static final String ONE_STEP = "local_steps = 1\noptimiser = \"sgd\"\nlearning_rate = 0.1";
    private static final String HEAD = "trainable = \"head\"";
    private static final String ALL = "trainable = \"all\"\nencoder_rate = 0.2";
    private static final String SEEN = regression("seen", 10, 2);
    private static final String NOISE = regression("noise", 0, 1);
    private static final String LARGE = classification("large", "no", "yes");

    private Path folder;

    private static String regression(String column, double centre, double scale) {
        return "column = \"%s\"\ntype = \"regression\"\ncentre = %s\nscale = %s".formatted(column, centre, scale);
    }

    private static String classification(String column, String... classes) {
        return "column = \"%s\"\ntype = \"classification\"\nclasses = [\"%s\"]"
                .formatted(column, String.join("\", \"", classes));
    }

    @BeforeAll
    void generate(@TempDir Path generated) throws Exception {
        folder = generated;
        InOneProcess.generate(folder, 52);
        Random random = new Random(11);
        double[] direction = random.doubles(16, -1, 1).toArray();
        Map<String, Double> seen = new HashMap<>();
        FineTuneFederation blank = FineTuneFederation.of(folder, study(regression("age", 40, 10), HEAD, 1, ADAM));
        try (LabelledGradient encoder = blank.open(0)) {
            for (String site : InOneProcess.SITES) {
                for (Subject patient :
                        InOneProcess.admission(folder, site, blank.study).admitted()) {
                    float[] row = encoder.features(new LabelledScan(patient, patient.scan(), 0));
                    double sum = 0;
                    for (int i = 0; i < row.length; i++) {
                        sum += direction[i] * row[i];
                    }
                    seen.put(patient.participantId(), sum);
                }
            }
        }
        double mean =
                seen.values().stream().mapToDouble(value -> value).average().orElseThrow();
        double deviation = Math.sqrt(seen.values().stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
        seen.replaceAll((patient, value) -> 10 + 2 * ((value - mean) / deviation + 0.3 * random.nextGaussian()));
        InOneProcess.addColumn(folder, "seen", row -> Double.toString(of(seen, row)));
        InOneProcess.addColumn(folder, "large", row -> of(seen, row) > 10 ? "yes" : "no");
        InOneProcess.addColumn(folder, "third", row -> of(seen, row) < 9 ? "a" : of(seen, row) < 11 ? "b" : "c");
        InOneProcess.addColumn(folder, "noise", row -> Double.toString(random.nextGaussian()));
        InOneProcess.addColumn(folder, "coin", row -> random.nextBoolean() ? "yes" : "no");
    }

    private static double of(Map<String, Double> seen, Map<String, String> row) {
        return Objects.requireNonNull(seen.get(row.get("participant_id")));
    }

    private static Study study(String target, String trained, int rounds, String training) {
        return FineTuneFederation.study(target, trained, rounds, training, NO_NOISE);
    }

    private static Estimate r2(PredictionMetrics metrics) {
        return Objects.requireNonNull(((RegressionMetrics) metrics).r2());
    }

    private static Estimate auc(PredictionMetrics metrics) {
        return Objects.requireNonNull(((ClassificationMetrics) metrics).auc());
    }

    private static Interval interval(Estimate estimate) {
        return Objects.requireNonNull(estimate.interval());
    }

    @Test
    void aNumberThatTheEncoderSeesIsLearntByAHead() throws Exception {
        Map<String, PredictionMetrics> scores = FineTuneFederation.of(folder, study(SEEN, HEAD, 4, ADAM))
                .rounds()
                .scores();
        assertThat(scores.keySet()).containsExactly("fine-tuned", "mean");
        assertThat(r2(Objects.requireNonNull(scores.get("fine-tuned"))).value()).isGreaterThan(0.6);
        assertThat(r2(Objects.requireNonNull(scores.get("mean"))).value()).isBetween(-0.3, 0.01);
    }

    @Test
    void theEncoderMovesWithTheHeadAndTheNumberIsLearnt() throws Exception {
        Study all = study(SEEN, ALL, 2, ADAM);
        FineTuneFederation federation = FineTuneFederation.of(folder, all);
        double before = r2(Objects.requireNonNull(federation.scores().get("fine-tuned")))
                .value();
        Map<String, PredictionMetrics> scores = federation.rounds().scores();
        Estimate after = r2(Objects.requireNonNull(scores.get("fine-tuned")));
        assertThat(after.value()).isGreaterThan(0.5).isGreaterThan(before);
        assertThat(interval(after).low()).isPositive();
        int encoder = FineTuneVector.of(all).encoder();
        double moved = 0;
        for (int i = 0; i < encoder; i++) {
            moved += Math.abs(federation.vector[i]);
        }
        assertThat(moved).isPositive();
    }

    @Test
    void classesThatTheEncoderSeesAreToldApart() throws Exception {
        Map<String, PredictionMetrics> two = FineTuneFederation.of(folder, study(LARGE, HEAD, 4, ADAM))
                .rounds()
                .scores();
        assertThat(auc(Objects.requireNonNull(two.get("fine-tuned"))).value()).isGreaterThan(0.8);
        assertThat(auc(Objects.requireNonNull(two.get("mean"))).value()).isCloseTo(0.5, within(0.2));
        Map<String, PredictionMetrics> three = FineTuneFederation.of(
                        folder, study(classification("third", "a", "b", "c"), HEAD, 4, ADAM))
                .rounds()
                .scores();
        assertThat(Objects.requireNonNull(((ClassesMetrics) Objects.requireNonNull(three.get("fine-tuned"))).macroAuc())
                        .value())
                .isGreaterThan(0.7);
    }

    @Test
    void whiteNoiseIsNotPredicted() throws Exception {
        Estimate number = r2(Objects.requireNonNull(FineTuneFederation.of(folder, study(NOISE, HEAD, 4, ADAM))
                .rounds()
                .scores()
                .get("fine-tuned")));
        assertThat(number.value()).isLessThan(0.1);
        assertThat(interval(number).low()).isNegative();
        Interval coin = interval(auc(Objects.requireNonNull(
                FineTuneFederation.of(folder, study(classification("coin", "no", "yes"), ALL, 2, ADAM))
                        .rounds()
                        .scores()
                        .get("fine-tuned"))));
        assertThat(coin.low()).isLessThan(0.5);
        assertThat(coin.high()).isGreaterThan(0.5);
    }

    @Test
    void aStepOfTheFederationIsThatOfItsPooledPatients() throws Exception {
        for (String trained : new String[] {HEAD, ALL + "\nhead_widths = [8]"}) {
            FineTuneFederation federation = FineTuneFederation.of(folder, study(SEEN, trained, 2, ONE_STEP));
            FineTuneFederation pooled = federation.pooled();
            federation.train(1);
            pooled.train(1);
            assertThat(federation.vector).isNotEqualTo(new float[federation.vector.length]);
            // Three roundings to 2^-20, each over the share 96/256 of the weights.
            assertThat(federation.vector).containsExactly(pooled.vector, within(1e-5f));
        }
    }

    @Test
    void theTrainedVectorIsAsLongAsTheStudySays() throws Exception {
        for (String trained : new String[] {HEAD, ALL, ALL + "\nhead_widths = [8, 4]", HEAD + "\nhead_widths = [5]"}) {
            Study study = study(classification("third", "a", "b", "c"), trained, 1, ADAM);
            try (LabelledGradient gradient =
                    FineTuneFederation.of(folder, study).open(0)) {
                assertThat(gradient.parameterCount())
                        .as(trained)
                        .isEqualTo(FineTuneVector.of(study).length())
                        .isEqualTo(gradient.layout().parameterCount());
            }
        }
    }

    @Test
    void aPatientsGradientDependsOnNoOther() throws Exception {
        Study study = study(SEEN, ALL, 1, ADAM);
        FineTuneFederation federation = FineTuneFederation.of(folder, study);
        LabelledScan patient = federation.patients(0).getFirst();
        float[] first = gradient(federation, patient, 0);
        assertThat(gradient(federation, patient, 1)).containsExactly(first);
        assertThat(gradient(federation, federation.patients(1).getFirst(), 0)).isNotEqualTo(first);
    }

    private static float[] gradient(FineTuneFederation federation, LabelledScan patient, int site) throws Exception {
        try (LabelledGradient gradient = federation.open(site)) {
            float[] out = new float[gradient.parameterCount()];
            gradient.load(new float[out.length]);
            gradient.of(patient, RandomGenerator.getDefault(), out);
            return out;
        }
    }

    @Test
    void noiseOfDifferentialPrivacyIsInWhatIsTrainedAlone() throws Exception {
        Study study = FineTuneFederation.study(SEEN, HEAD, 1, ONE_STEP, LOCAL);
        FineTuneFederation federation = FineTuneFederation.of(folder, study);
        federation.train(1);
        assertThat(federation.vector).hasSize(18);
        float[] once = federation.vector.clone();
        Arrays.fill(federation.vector, 0);
        federation.train(1);
        assertThat(federation.vector).isNotEqualTo(once);
    }

    @Test
    void aDistributedGradientIsOfTheHeadAlone() throws Exception {
        Study study = FineTuneFederation.study(SEEN, HEAD, 1, ONE_STEP, DISTRIBUTED);
        FineTuneFederation federation = FineTuneFederation.of(folder, study);
        DistributedNoise noise =
                DistributedNoise.of(study, FineTuneVector.of(study).length(), 3, 3, 1);
        try (LabelledGradient gradient = federation.open(0)) {
            int[] vector = new DistributedGradient(
                            gradient,
                            study,
                            SharedPart.whole(gradient.parameterCount()),
                            noise,
                            0.5,
                            new PatientSampler(new SecureRandom()))
                    .vector(
                            federation.vector,
                            federation.patients(0),
                            new Attempt("test", 1, 1),
                            RandomGenerator.getDefault(),
                            new SecureRandom(),
                            fraction -> {});
            assertThat(vector).hasSize(18).isNotEqualTo(new int[18]);
        }
    }

    @Test
    void aModelThatCannotBeHadEndsTheSumWithThatReason() {
        Study study = study(SEEN, HEAD, 1, ADAM);
        assertThatThrownBy(() -> new FineTuneWork(new SecureRandom()).open("run", study, (sha256, count) -> {
                    throw new LocalWorkException("the coordinator has no such model");
                }))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("no such model");
        assertThatThrownBy(
                        () -> new FineTuneWork(new SecureRandom()).open("run", study, (sha256, count) -> new float[3]))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("released model cannot be used");
    }
}
