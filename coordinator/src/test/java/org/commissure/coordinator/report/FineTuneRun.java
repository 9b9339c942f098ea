package org.commissure.coordinator.report;

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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.commissure.coordinator.aggregation.ModelStore;
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
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.PublishedDoubles;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SumKind;

/** A reported run of kind finetune, each round of training scored; with baselines also their rounds, the last scored. */
public final class FineTuneRun {
    /** Training patients of all sites that the baselines' sums say there were. */
    static final int PATIENTS = 40;

    /** Of whom the one covariate is known. */
    static final int KNOWN = 30;

    final Path run;
    final ReportFixture fixture;
    final StudyFile study;
    private final FineTunePlan plan;

    FineTuneRun(Path folder, StudyFile study) throws IOException {
        this.study = study;
        plan = study.study().finetune().orElseThrow();
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
        String last = model();
        int rounds = study.study().baselines().isPresent()
                ? study.study().rounds().count() + 2
                : study.study().rounds().count();
        List<RoundSummary> history = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            String released = round == rounds ? last : (round + "" + round).repeat(32);
            boolean training = round <= study.study().rounds().count();
            if (round > 0) {
                release(round, training ? "TRAIN" : round == rounds ? "REFINE" : "FIT", "ee".repeat(32));
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
                    training || round == rounds
                            ? evaluate(round, !training)
                            : new PhenotypeResult(null, true, List.of(), 4)));
        }
        log(rounds, Actions.RUN_FINISHED, "outcome", "FINISHED");
        fixture.writeLog();
        new RunReporter().write(summary(rounds, history), study, run, fixture.log());
    }

    private RunSummary summary(int rounds, List<RoundSummary> history) {
        return new RunSummary(
                ReportFixture.RUN,
                RunOutcome.FINISHED,
                "",
                study.study().study().name(),
                rounds,
                StudySums.lastRound(study.study()),
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
    }

    ReportVerification verify() {
        return ReportVerification.of(run, fixture.log(), Optional.empty());
    }

    /** Writes the vector that the run ends with. @return hex, of its parameters */
    private String model() throws IOException {
        FineTuneVector vector = FineTuneVector.of(study.study());
        ModelStore models = new ModelStore(run.resolve("models"));
        ModelStore.StoredModel zeros = models.zeros(Map.of("all", vector.length()));
        float[] values = new float[vector.length()];
        study.study().baselines().map(PhenotypeVectors::of).ifPresent(vectors -> {
            double[] fit = new double[vectors.length(SumKind.FIT)];
            fit[0] = PATIENTS; // Σ 1 of the first fold
            fit[vectors.covariates()] = KNOWN; // Σ of the column that says whether the covariate is known
            double[] published = PublishedDoubles.split(fit);
            for (int i = 0; i < published.length; i++) {
                values[vector.trained() + vectors.offset(SumKind.FIT) + i] = (float) published[i];
            }
        });
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        ModelStore.StoredModel stored = models.next(zeros, out -> out.write(bytes.array()));
        Files.copy(stored.file(), run.resolve("model.safetensors"));
        return HexFormat.of().formatHex(stored.sha256().toByteArray());
    }

    private PhenotypeResult evaluate(int round, boolean beside) throws IOException {
        RingVector sum =
                RingVector.zeros(new Ring(32), ExactSums.dimension(StudySums.evaluationLength(study.study(), round)));
        for (int site = 0; site < ReportFixture.SITES.size(); site++) {
            int[] encoded = ExactSums.encode(vector(site, round, beside));
            for (int i = 0; i < encoded.length; i++) {
                sum.set(i, sum.get(i) + encoded[i]);
            }
        }
        ByteString sha256 = sum.sha256();
        RunFolders.evaluations(run).add(sum, sha256);
        release(round, "EVALUATE", HexFormat.of().formatHex(sha256.toByteArray()));
        double[] values = ExactSums.decode(sum.toInts(), 4);
        if (!beside) {
            return new PhenotypeResult(null, false, PhenotypeResult.scores(plan, values), 4);
        }
        float[] floats = PublishedModel.read(run.resolve("model.safetensors")).values();
        double[] released = new double[floats.length];
        Arrays.setAll(released, i -> floats[i]);
        return PhenotypeResult.of(study.study(), values, released, 4)
                .after(new PhenotypeResult(null, true, List.of(), 4));
    }

    /** Scores of every model on the same twenty patients; of baselines the contribution behind them. */
    private double[] vector(int site, int round, boolean beside) {
        SplittableRandom random = new SplittableRandom(site);
        double[] vector = new double[StudySums.evaluationLength(study.study(), round)];
        for (int model = 0; (model + 1) * plan.scores() <= vector.length; model++) {
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                predictions.add(new Prediction(i % 2, Math.clamp(0.3 * (i % 2) + 0.7 * random.nextDouble(), 0, 1)));
            }
            double[] own = PredictionSums.of(TargetKind.classification(), predictions, 1);
            System.arraycopy(own, 0, vector, model * plan.scores(), own.length);
        }
        if (beside) {
            vector[vector.length - 1] = 1;
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

    /** Of noised rounds, without baselines. */
    public static StudyFile study() {
        return StudyFile.parse(resource());
    }

    /** The same without noise, and with baselines. */
    public static StudyFile withBaselines() {
        return StudyFile.parse(resource()
                        .replace("mode = \"local\"", "mode = \"none\"")
                        .replace("parcels = 2", "parcels = 3")
                        .replace("[1, 0, 0]]", "[1, 0, 0], [2, 0, 0]]")
                + """

                [finetune.baselines]
                dimensions = 3
                seed = 1
                penalties = [1.0]
                folds = 1
                iterations = 4
                tolerance = 1e-6
                [[finetune.baselines.covariates]]
                column = "age"
                """);
    }

    private static String resource() {
        try (InputStream toml = Objects.requireNonNull(FineTuneRun.class.getResourceAsStream("finetune.toml"))) {
            return new String(toml.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
