package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.Scorers;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;

/**
 * A model of one person: an {@link Inversion} on the person's connectivity whose prior is the group's parameters, so that
 * a short scan stays near the group and a long one may leave it. A pure function of its task: any process that has this
 * class gives the same result on the same engine.
 */
public final class IndividualFit {
    /** Iterations whose parameters are compared under fresh noise. */
    private static final int COMPARED = 5;

    private static final int REPEATS = 5;

    private IndividualFit() {}

    /** On one core. */
    public static SubjectResult fit(SubjectTask task) throws InterruptedException {
        try (Scorer scorer = Scorers.open(Device.CPU, 1)) {
            return fit(task, scorer);
        }
    }

    /**
     * @throws IllegalArgumentException if the task's sizes do not agree
     * @throws ArithmeticException if the simulation leaves the range of numbers
     */
    public static SubjectResult fit(SubjectTask task, Scorer scorer) throws InterruptedException {
        Optional<double[]> dynamics = task.dynamics().length == 0 ? Optional.empty() : Optional.of(task.dynamics());
        FitData data = new FitData(
                Connectome.ofScaled(task.connectomeRows()), new Target(task.regions(), task.correlation(), dynamics));
        RegionalParameters group = RegionalParameters.ofVector(task.prior());
        LogScales scales = new LogScales(group, false);
        ScoringSettings scoring = new ScoringSettings(
                task.haemodynamics(), Timing.of(task.repetitionTimeSeconds(), task.frames()), task.windowFrames(), 1);
        InversionSettings settings = new InversionSettings(
                scoring, task.iterations(), task.priorVariance(), InversionSettings.WANG_2018.dampings());
        List<InversionStep> steps = steps(scorer, data, scales, settings, task.seed());
        List<RegionalParameters> candidates = new ArrayList<>();
        steps.forEach(step -> candidates.add(scales.parameters(step.logs())));
        candidates.add(group);
        List<Cost> costs = scorer.score(new ScoringTask(
                data.connectome(),
                data.target(),
                scoring,
                candidates,
                REPEATS,
                Seeds.of(task.seed(), Seeds.VALIDATION_NOISE, 0)));
        int best = 0;
        for (int i = 1; i < steps.size(); i++) {
            if (costs.get(i).fcCost() < costs.get(best).fcCost()) {
                best = i;
            }
        }
        return new SubjectResult(
                task.subject(),
                candidates.get(best).toVector(),
                costs.get(best).fcCorrelation(),
                costs.getLast().fcCorrelation(),
                dynamics.isPresent() ? costs.get(best).ks() : -1,
                steps.get(best).iteration(),
                task.haemodynamics().name(),
                task.seed());
    }

    /** The best few, by the noise of their own iteration. */
    private static List<InversionStep> steps(
            Scorer scorer, FitData data, LogScales scales, InversionSettings settings, long seed)
            throws InterruptedException {
        try {
            return new Inversion(scorer, data, scales, settings, seed, 1, "", FitListener.NONE)
                    .run(Optional.empty()).stream()
                            .sorted(Comparator.comparingDouble(step -> -step.fcCorrelation()))
                            .limit(COMPARED)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("a fit without a checkpoint touches no file", e);
        }
    }
}
