package org.commissure.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.evaluation.Prediction;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of kind finetune of two rounds, each scored, and the model that it started from. */
class FineTuneVerificationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = 2;

    @TempDir
    Path folder;

    private final StudyFile study = StudyFile.parse(resource());
    private final FineTunePlan plan = study.study().finetune().orElseThrow();
    private ReportFixture fixture;
    private Path run;

    @BeforeEach
    void reportARun() throws IOException {
        fixture = new ReportFixture(folder);
        run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("study.toml"), study.text());
        log(
                0,
                Actions.RUN_STARTED,
                "model_sha256",
                "aa".repeat(32),
                "sites",
                String.join(" ", ReportFixture.SITES),
                "study_sha256",
                HexFormat.of().formatHex(study.sha256()));
        fixture.usualSeals();
        List<RoundSummary> history = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            String released = (round + "" + round).repeat(32);
            if (round > 0) {
                release(round, "TRAIN", "ee".repeat(32));
                log(round, Actions.MODEL_RELEASED, "model_sha256", released);
            }
            history.add(new RoundSummary(
                    round,
                    round == 0 ? RoundOutcome.INITIAL : RoundOutcome.RELEASED,
                    1,
                    ReportFixture.SITES,
                    2.5,
                    null,
                    round == 0 ? "aa".repeat(32) : released,
                    null,
                    new PhenotypeResult(null, false, evaluate(round), 4)));
        }
        log(ROUNDS, Actions.RUN_FINISHED, "outcome", "FINISHED");
        fixture.writeLog();
        RunSummary summary = new RunSummary(
                ReportFixture.RUN,
                RunOutcome.FINISHED,
                "",
                study.study().study().name(),
                ROUNDS,
                study.study().rounds().count(),
                "EVALUATE",
                "released",
                1,
                List.of(),
                null,
                null,
                ReportFixture.SITES.stream()
                        .map(site -> new SiteSummary(site, true, "idle", 1, 9_000))
                        .toList(),
                history);
        new RunReporter().write(summary, study, run, fixture.log());
    }

    @Test
    void anUntouchedReportVerifiesAndAChangedScoreIsNamed() throws IOException {
        assertThat(verify().differences()).isEmpty();
        Path report = run.resolve("report.json");
        JsonNode stated = JSON.readTree(Files.readAllBytes(report));
        String auc = stated.at("/phenotype/scores/0/metrics/auc/value").toString();
        Files.writeString(report, Files.readString(report).replaceFirst(auc, "0.99"));
        assertThat(verify().differences())
                .singleElement()
                .satisfies(difference ->
                        assertThat(difference.where()).isEqualTo("/phenotype/scores/0/metrics/auc/value"));
    }

    @Test
    void theReportAndTheCardSayWhatWasTrainedAndHowItWentByRound() throws IOException {
        JsonNode report = JSON.readTree(Files.readAllBytes(run.resolve("report.json")));
        assertThat(report.at("/phenotype/fineTuned/modelSha256").asText()).isEqualTo("ab".repeat(32));
        assertThat(report.at("/phenotype/fineTuned/rounds").size()).isEqualTo(1 + ROUNDS);
        assertThat(report.at("/phenotype/fineTuned/round").asInt()).isEqualTo(ROUNDS);
        assertThat(report.at("/sealedEvaluation").isNull()).isTrue();
        assertThat(report.at("/rounds/1/evaluationUnavailable").asText()).contains("by what it predicts");
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("mean: the same answer for everybody", "and the encoder, at rate 0.1 of the head");
        assertThat(Files.readString(run.resolve("model-card.md")))
                .contains("fine-tuned across hospitals", "noise multiplier 1.0", "ab".repeat(32));
    }

    private ReportVerification verify() {
        return ReportVerification.of(run, fixture.log(), Optional.empty());
    }

    private List<PhenotypeResult.Score> evaluate(int round) throws IOException {
        RingVector sum =
                RingVector.zeros(new Ring(32), ExactSums.dimension(study.study().evaluationLength()));
        for (int site = 0; site < ReportFixture.SITES.size(); site++) {
            int[] encoded = ExactSums.encode(vector(site));
            for (int i = 0; i < encoded.length; i++) {
                sum.set(i, sum.get(i) + encoded[i]);
            }
        }
        ByteString sha256 = sum.sha256();
        RunFolders.evaluations(run).add(sum, sha256);
        release(round, "EVALUATE", HexFormat.of().formatHex(sha256.toByteArray()));
        return PhenotypeResult.scores(plan, ExactSums.decode(sum.toInts(), 4));
    }

    /** Scores of every model on the same twenty patients. */
    private double[] vector(int site) {
        SplittableRandom random = new SplittableRandom(site);
        double[] vector = new double[study.study().evaluationLength()];
        for (int model = 0; model < plan.models().size(); model++) {
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                predictions.add(new Prediction(i % 2, Math.clamp(0.3 * (i % 2) + 0.7 * random.nextDouble(), 0, 1)));
            }
            double[] own = PredictionSums.of(TargetKind.classification(), predictions, 1);
            System.arraycopy(own, 0, vector, model * plan.scores(), own.length);
        }
        return vector;
    }

    private void release(int round, String sum, String sha256) {
        log(
                round,
                Actions.SUM_RELEASED,
                "sum",
                sum,
                "sum_sha256",
                sha256,
                "survivors",
                String.join(" ", ReportFixture.SITES));
    }

    private void log(int round, String action, String... facts) {
        LogEntries entry = fixture.entry("coordinator", action, round).attempt(1);
        for (int i = 0; i < facts.length; i += 2) {
            entry = entry.fact(facts[i], facts[i + 1]);
        }
        fixture.append("coordinator", entry);
    }

    private static String resource() {
        try (InputStream toml =
                Objects.requireNonNull(FineTuneVerificationTest.class.getResourceAsStream("finetune.toml"))) {
            return new String(toml.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
