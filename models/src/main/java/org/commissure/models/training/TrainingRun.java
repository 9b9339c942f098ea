package org.commissure.models.training;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.jspecify.annotations.Nullable;

/**
 * One local training run. Not thread-safe; the model is this run's while it lasts.
 *
 * <p>A run can be stopped at any time, by interrupting its thread or by killing the process: {@link #resume} continues
 * from the last checkpoint to the same parameters, bit for bit, as long as plan, model, scans and engine are the same.
 */
public final class TrainingRun {
    private final Learner learner;
    private final List<? extends Scan> scans;
    private final TrainingPlan plan;
    private final TrainingListener listener;
    private final @Nullable Evaluation evaluation;
    private final @Nullable Path checkpoint;
    private final Map<String, String> facts;
    private Speedometer speed = new Speedometer(1, 1);
    private float[] anchor = {};
    private long lastSavedNanos;
    private long lastSavedStep = -1;
    private Optional<Scores> scores = Optional.empty();
    private Optional<BestEvaluation> best = Optional.empty();

    /**
     * Prepares a run.
     *
     * @param scans one per patient
     * @param evaluation of held-out scans
     * @param checkpoint file to write to and to resume from
     * @throws ScanException if a scan does not fit the model; series are read only while training
     * @throws IllegalArgumentException if there is no scan, or patients are to be clipped and a batch would hold one
     *     twice
     */
    public TrainingRun(
            MaskedAutoencoder model,
            List<? extends Scan> scans,
            TrainingPlan plan,
            Optional<Evaluation> evaluation,
            Optional<Path> checkpoint,
            TrainingListener listener)
            throws ScanException {
        if (scans.isEmpty()) {
            throw new IllegalArgumentException("training needs at least one scan");
        }
        if (plan.patientClipNorm().isPresent() && plan.batchSize() > scans.size()) {
            throw new IllegalArgumentException("a batch of " + plan.batchSize() + " of " + scans.size()
                    + " patients would hold some of them twice, and clipping would not bound what one contributes");
        }
        Windows windows = new Windows(model.configuration(), plan.masking(), plan.minimumFrames());
        for (int i = 0; i < scans.size(); i++) {
            windows.check(i, scans.get(i));
        }
        this.learner = Learner.of(model);
        this.scans = List.copyOf(scans);
        this.plan = plan;
        this.evaluation = evaluation.orElse(null);
        this.checkpoint = checkpoint.orElse(null);
        this.listener = listener;
        this.facts = Checkpoint.facts(plan, model.configuration(), scans);
    }

    /**
     * Trains from {@code parameters}.
     *
     * @throws DivergedException if loss or gradient is NaN or infinite; the last checkpoint stays
     * @throws ScanException if a series is damaged; the last checkpoint stays
     * @throws InterruptedException if the thread was interrupted; a checkpoint was written first
     */
    public TrainingOutcome start(float[] parameters) throws IOException, InterruptedException {
        learner.begin(parameters, plan.adam());
        anchor = plan.proximal() > 0 ? parameters.clone() : new float[0];
        return train(0);
    }

    /**
     * Goes on from the checkpoint; otherwise as {@link #start}.
     *
     * @throws CheckpointException if it is damaged, or of another plan, model or cohort: the message names what differs
     */
    public TrainingOutcome resume() throws IOException, InterruptedException {
        if (checkpoint == null) {
            throw new IllegalStateException("this run was given no checkpoint file");
        }
        Checkpoint from = CheckpointFile.read(checkpoint);
        List<String> differences = from.differences(facts);
        if (!differences.isEmpty()) {
            throw new CheckpointException(checkpoint + " belongs to another run; " + String.join("; ", differences));
        }
        anchor = from.anchor();
        learner.resume(
                from.parameters(), anchor.length == 0 ? from.parameters() : anchor, from.optimiser(), plan.adam());
        best = from.best();
        lastSavedStep = from.step();
        listener.on(new TrainingEvent.Resumed(from.step(), checkpoint));
        return train(from.step());
    }

    private TrainingOutcome train(long firstStep) throws IOException, InterruptedException {
        var configuration = learner.current().configuration();
        speed = new Speedometer(plan.steps(), (long) plan.batchSize() * configuration.tokens());
        lastSavedNanos = System.nanoTime();
        long step = firstStep;
        try (Batches batches = new Batches(configuration, scans, plan, firstStep)) {
            if (step == 0) {
                evaluate(0);
            }
            while (step < plan.steps()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("training was stopped");
                }
                Batches.Batch batch = batches.next();
                StepSettings settings = plan.step(step);
                StepResult result = take(step, batch, settings);
                step++;
                tell(step, result, settings);
                if (step % plan.evaluationInterval() == 0 && step < plan.steps()) {
                    evaluate(step);
                }
                if (System.nanoTime() - lastSavedNanos
                        >= plan.checkpointInterval().toNanos()) {
                    save(step);
                }
            }
            evaluate(plan.steps());
            save(plan.steps());
        } catch (InterruptedException e) {
            save(step);
            throw e;
        } catch (ClosedByInterruptException e) { // while a listener wrote or a held-out scan was read
            Thread.interrupted(); // said by the exception
            save(step);
            throw (InterruptedException) new InterruptedException("training was stopped").initCause(e);
        }
        return new TrainingOutcome(learner.parameters(), learner.device(), scores, best);
    }

    private StepResult take(long step, Batches.Batch batch, StepSettings settings) throws DivergedException {
        try {
            return learner.step(batch.examples(), settings);
        } catch (ArithmeticException e) {
            throw new DivergedException(step + 1, batch.scans(), e);
        }
    }

    private void tell(long step, StepResult result, StepSettings settings) throws IOException {
        listener.on(new TrainingEvent.Stepped(step, result.loss(), result.gradientNorm(), settings.learningRate()));
        Optional<TrainingEvent.Progress> progress = speed.stepped(step, result.loss());
        if (progress.isPresent()) {
            listener.on(progress.get());
        }
    }

    private void evaluate(long step) throws IOException, InterruptedException {
        if (evaluation == null) {
            return;
        }
        long before = System.nanoTime();
        Scores now = Scores.of(evaluation.sums(learner.current()));
        scores = Optional.of(now);
        if (best.isEmpty() || now.r2() > best.get().r2()) {
            best = Optional.of(new BestEvaluation(step, now.r2()));
        }
        speed.paused(System.nanoTime() - before);
        listener.on(new TrainingEvent.Evaluated(step, now));
    }

    private void save(long step) throws IOException {
        if (checkpoint == null || step == lastSavedStep) {
            return;
        }
        long before = System.nanoTime();
        Checkpoint now = new Checkpoint(step, facts, learner.parameters(), anchor, learner.state(), best);
        CheckpointFile.write(checkpoint, now);
        lastSavedStep = step;
        lastSavedNanos = System.nanoTime();
        speed.paused(lastSavedNanos - before);
        listener.on(new TrainingEvent.Saved(step, checkpoint));
    }
}
