package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.SumStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.durable.PendingFile;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;

/** Opens sums into, and finishes, the folders {@code runs/<id>/}. Thread-safe. */
public final class RunFolders implements RunWork {
    private final Path runs;
    private final Path log;
    private final UploadSpool spool;
    private final CoordinatorSums sums;

    public RunFolders(Path runs, Path log, UploadSpool spool, CoordinatorSums sums) {
        this.runs = runs;
        this.log = log;
        this.spool = spool;
        this.sums = sums;
    }

    private Path folder(RunState run) {
        return runs.resolve(run.plan().runId());
    }

    @Override
    public RunEvent open(RunState run, Transcript transcript, long atUnixMs) throws IOException {
        try {
            Map<String, String> leftOut = new TreeMap<>();
            RingVector sum = sums.open(transcript, spool::open, leftOut);
            RunEvent opened = opened(run, transcript, sum, atUnixMs);
            return opened instanceof RunEvent.SumComputed computed ? computed.without(leftOut) : opened;
        } catch (SecAggException | CoordinatorSums.UnusableTranscriptException | UpdateStep.UnusableSumException e) {
            return new RunEvent.SumFailed(atUnixMs, run.sum(), String.valueOf(e.getMessage()));
        }
    }

    private RunEvent opened(RunState run, Transcript transcript, RingVector sum, long atUnixMs)
            throws IOException, UpdateStep.UnusableSumException {
        Optional<String> rule = WeightRule.refusal(run, transcript, sum);
        if (rule.isPresent()) {
            return new RunEvent.SumWithheld(atUnixMs, run.sum(), rule.get());
        }
        ByteString sumSha256 = sum.sha256();
        if (transcript.config().getSumCheck()) {
            new SumStore(folder(run).resolve("sums")).keep(sum, sumSha256);
        }
        if (run.sum().kind() == SumKind.EVALUATE) {
            evaluations(folder(run)).add(sum, sumSha256);
        }
        ModelStore models = new ModelStore(folder(run).resolve("models"));
        int survivors = transcript.of(Step.MASKED_HEADER).size();
        Optional<RegionalPlan> regional = run.plan().study().regional();
        if (regional.isPresent()) {
            return RegionalSum.computed(run, regional.get(), models, sum.toInts(), survivors, sumSha256, atUnixMs);
        }
        Optional<PhenotypePlan> phenotype = run.plan().study().phenotype();
        if (phenotype.isPresent()) {
            return PhenotypeSum.computed(run, phenotype.get(), 0, models, sum.toInts(), survivors, sumSha256, atUnixMs);
        }
        if (run.sum().kind() == SumKind.TRAIN) {
            return trained(run, transcript, sum, sumSha256, atUnixMs);
        }
        return run.plan().study().finetune().isPresent()
                ? FineTuneSum.computed(run, models, sum.toInts(), survivors, sumSha256, atUnixMs)
                : evaluated(run, transcript, sum, sumSha256, atUnixMs);
    }

    /** Where the opened evaluation sums of a run are kept, whose hashes are in the log. */
    public static SumStore evaluations(Path runFolder) {
        return new SumStore(runFolder.resolve("evaluations"));
    }

    /** The vector that a run starts from whose study trains no network from a file, in {@code models}; empty in every other. */
    public static Optional<ModelStore.StoredModel> initial(ModelStore models, Study study) throws IOException {
        if (study.regional().isPresent()) {
            return Optional.of(RegionalSum.initial(models, study.regional().get()));
        }
        if (study.phenotype().isPresent()) {
            return Optional.of(PhenotypeSum.initial(models, study.phenotype().get()));
        }
        return study.finetune().isPresent() ? Optional.of(FineTuneSum.initial(models, study)) : Optional.empty();
    }

    private RunEvent trained(RunState run, Transcript transcript, RingVector sum, ByteString sumSha256, long atUnixMs)
            throws IOException, UpdateStep.UnusableSumException {
        ModelStore models = new ModelStore(folder(run).resolve("models"));
        if (run.plan().study().privacy().mode() == Study.PrivacyMode.DISTRIBUTED) {
            return DistributedSum.computed(run, transcript, models, sum, sumSha256, atUnixMs);
        }
        return AveragedSum.computed(run, transcript, models, sum, sumSha256, atUnixMs);
    }

    private static RunEvent evaluated(
            RunState run, Transcript transcript, RingVector sum, ByteString sumSha256, long atUnixMs) {
        int survivors = transcript.of(Step.MASKED_HEADER).size();
        return EvaluationSummary.of(ExactSums.decode(sum.toInts(), survivors), survivors)
                .<RunEvent>map(evaluation ->
                        new RunEvent.SumComputed(atUnixMs, run.sum(), sumSha256, run.modelSha256(), evaluation))
                .orElseGet(() -> new RunEvent.SumFailed(
                        atUnixMs, run.sum(), "the summed statistics have no variance or are no numbers"));
    }

    @Override
    public void write(RunState run, RunSummary summary) throws IOException {
        Path folder = folder(run);
        ModelStore models = new ModelStore(folder.resolve("models"));
        Path model = models.open(run.modelSha256()).file();
        try (PendingFile pending = PendingFile.in(folder)) {
            Files.copy(model, pending.stream());
            pending.commit("model.safetensors");
        }
        DurableFile.write(folder.resolve("study.toml"), run.plan().file().text().getBytes(StandardCharsets.UTF_8));
        Study study = run.plan().study();
        DurableFile.write(
                folder.resolve("config.json"),
                RunJson.config(study.regional()
                        .<Object>map(plan -> plan)
                        .or(study::phenotype)
                        .orElseGet(study::model)));
        SharedPart part = ModelStore.shared(models.open(run.modelSha256()), study);
        if (!part.isWhole()) {
            Map<String, List<String>> names = new TreeMap<>();
            for (SharedPart.Fate fate : SharedPart.Fate.values()) {
                names.put(fate.name().toLowerCase(Locale.ROOT), part.names(fate));
            }
            DurableFile.write(folder.resolve("tensors.json"), RunJson.config(names));
        }
        for (Reporter reporter : ServiceLoader.load(Reporter.class)) {
            reporter.write(summary, run.plan().file(), folder, log);
        }
    }
}
