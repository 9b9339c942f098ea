package org.commissure.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of kind phenotype: SCALE, HARMONISE, FIT, one REFINE that converged, EVALUATE. */
class PhenotypeVerificationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<SumKind> COURSE = List.of(SumKind.SCALE, SumKind.HARMONISE, SumKind.FIT, SumKind.REFINE);

    @TempDir
    Path folder;

    private final StudyFile study = StudyFile.parse(resource());
    private final PhenotypeVectors vectors =
            PhenotypeVectors.of(study.study().phenotype().orElseThrow());
    private ReportFixture fixture;
    private Path run;

    @BeforeEach
    void reportARun() throws IOException {
        fixture = new ReportFixture(folder);
        run = Files.createDirectories(folder.resolve("run"));
        byte[] model = ByteBuffer.allocate(18)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(2)
                .put("{}".getBytes(StandardCharsets.UTF_8))
                .putFloat(1.5f)
                .putFloat(2.5f)
                .array();
        Files.write(run.resolve("model.safetensors"), model);
        Files.writeString(run.resolve("study.toml"), study.text());
        String sha256 = PublishedModel.read(run.resolve("model.safetensors")).sha256();
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
        for (int round = 1; round <= COURSE.size(); round++) {
            boolean last = round == COURSE.size();
            String released = last ? sha256 : (round + "" + round).repeat(32);
            release(round, COURSE.get(round - 1).name(), "ee".repeat(32));
            log(round, Actions.MODEL_RELEASED, "model_sha256", released);
            history.add(new RoundSummary(
                    round,
                    RoundOutcome.RELEASED,
                    1,
                    ReportFixture.SITES,
                    2.5,
                    null,
                    released,
                    null,
                    new PhenotypeResult(null, last, last ? evaluate(round) : List.of(), 4)));
        }
        log(4, Actions.RUN_FINISHED, "outcome", "FINISHED");
        fixture.writeLog();
        RunSummary summary = new RunSummary(
                ReportFixture.RUN,
                RunOutcome.FINISHED,
                "",
                study.study().study().name(),
                4,
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
    void theReliabilityCurveIsDrawnWhereABinHasTenPatients() throws IOException {
        String page = Files.readString(run.resolve("report.html"));
        JsonNode bins = JSON.readTree(Files.readAllBytes(run.resolve("report.json")))
                .at("/phenotype/scores/0/metrics/reliability");
        int filled = 0;
        for (JsonNode bin : bins) {
            filled += bin.get("observed").isNull() ? 0 : 1;
        }
        String plot = page.substring(page.indexOf("id=\"rct\""));
        plot = plot.substring(0, plot.indexOf("</svg>"));
        assertThat(filled).isPositive().isLessThan(10);
        assertThat(plot.split("<circle class=\"model\"", -1)).hasSize(1 + filled);
        assertThat(page).contains("Recalibration: slope ").contains("Brier score 0.");
    }

    @Test
    void anotherModelThanTheScoredOneIsNamed() throws IOException {
        Path model = run.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 1] ^= 1;
        Files.write(model, bytes);
        assertThat(verify().differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.recomputed()).contains("not the model that was scored"));
    }

    private ReportVerification verify() {
        return ReportVerification.of(run, fixture.log(), Optional.empty());
    }

    private List<PhenotypeResult.Score> evaluate(int round) throws IOException {
        RingVector sum = RingVector.zeros(new Ring(32), ExactSums.dimension(vectors.length(SumKind.EVALUATE)));
        for (int site = 0; site < ReportFixture.SITES.size(); site++) {
            int[] encoded = ExactSums.encode(vector(site));
            for (int i = 0; i < encoded.length; i++) {
                sum.set(i, sum.get(i) + encoded[i]);
            }
        }
        ByteString sha256 = sum.sha256();
        RunFolders.evaluations(run).add(sum, sha256);
        release(round, "EVALUATE", HexFormat.of().formatHex(sha256.toByteArray()));
        return PhenotypeResult.scores(vectors, new double[0], ExactSums.decode(sum.toInts(), 4));
    }

    /** Scores of every model on the same twenty patients, then the contribution. */
    private double[] vector(int site) {
        SplittableRandom random = new SplittableRandom(site);
        double[] vector = new double[vectors.length(SumKind.EVALUATE)];
        for (int model = 0; model < vectors.models().size(); model++) {
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                predictions.add(new Prediction(i % 2, Math.clamp(0.3 * (i % 2) + 0.7 * random.nextDouble(), 0, 1)));
            }
            double[] own = PredictionSums.of(TargetKind.classification(), predictions, 1);
            System.arraycopy(own, 0, vector, model * vectors.scores(), own.length);
        }
        vector[vector.length - 1] = 1;
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
                Objects.requireNonNull(PhenotypeVerificationTest.class.getResourceAsStream("phenotype.toml"))) {
            return new String(toml.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
