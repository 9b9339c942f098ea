package org.commissure.site.regional;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.federated.ExternalScore;
import org.commissure.models.meanfield.federated.GroupFit;
import org.commissure.models.meanfield.federated.GroupMap;
import org.commissure.models.meanfield.federated.GroupStatistics;
import org.commissure.models.meanfield.federated.GroupStructure;
import org.commissure.models.meanfield.federated.SiteRefinement;
import org.commissure.models.meanfield.federated.SubjectStatistics;
import org.commissure.models.meanfield.fit.HomogeneousSpace;
import org.commissure.models.meanfield.fit.MapSpace;
import org.commissure.models.meanfield.fit.ParameterBounds;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.Scorers;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;

/** Turns a {@link RegionalTask} into the vector that the site adds to the sum. Used by the worker only. */
public final class RegionalWork {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private final LocalStatistics local;
    private final SecureRandom random;

    /** @param folder where the site keeps its own statistics */
    public RegionalWork(Path folder, SecureRandom random) {
        this.local = new LocalStatistics(folder);
        this.random = random;
    }

    /** What the model objects to in the study's group data; empty where it can be simulated. */
    public static Optional<String> problem(RegionalPlan plan) {
        try {
            GroupConnectome.ofStudy(plan);
            settings(plan);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** @return the ring elements of this site's vector */
    public int[] vector(RegionalTask task, WorkProgress progress)
            throws LocalWorkException, IOException, InterruptedException {
        double[] values;
        try {
            values = switch (task.kind()) {
                case STATISTICS -> statistics(task, progress);
                case FIT -> fit(task, progress);
                case REFINE -> refinement(task);
                case EVALUATE -> scores(task, progress);
                default -> throw new LocalWorkException("this site knows no sum of kind " + task.kind());
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new LocalWorkException("the statistics cannot be used: " + e.getMessage(), e);
        }
        progress.at(1);
        for (int i = 0; i < values.length; i++) {
            values[i] *= RegionalVectors.SCALE;
        }
        try {
            return ExactSums.encode(values);
        } catch (ArithmeticException e) {
            throw new LocalWorkException("the site's statistics cannot be encoded: " + e.getMessage(), e);
        }
    }

    private double[] statistics(RegionalTask task, WorkProgress progress)
            throws LocalWorkException, IOException, InterruptedException {
        Study.Privacy privacy = task.study().privacy();
        RegionalVectors vectors = RegionalVectors.of(task.plan());
        CohortStatistics cohort = new CohortStatistics(task.plan(), privacy.clipNorm());
        StatisticsNoise noise =
                new StatisticsNoise(new GaussianNoise(random), privacy.clipNorm(), privacy.noiseMultiplier());
        double[] values = new double[vectors.length(SumKind.STATISTICS)];
        int part = 0;
        for (var subjects : List.of(task.cohort().training(), task.cohort().validation())) {
            GroupStatistics sums = cohort.sums(subjects, progress);
            if (privacy.mode() != Study.PrivacyMode.NONE) {
                sums = noise.on(sums);
            }
            sums.write(values, vectors.part() * part++);
        }
        task.plan().siteStructure().ifPresent(asked -> {
            GroupStructure sums = PatientStructures.sums(task.cohort().training(), vectors.regions(), asked.clipNorm());
            // A site without connectomes noises its zeros too: that it has none would otherwise show.
            (privacy.mode() == Study.PrivacyMode.NONE ? sums : noise.on(sums, asked.clipNorm()))
                    .write(values, vectors.structureOffset());
        });
        task.plan().maps().ifPresent(asked -> {
            for (int i = 0; i < asked.names().size(); i++) {
                String name = asked.names().get(i);
                GroupMap sums = PatientMaps.sums(task.cohort().training(), name, GroupMaps.ofStudy(task.plan(), name));
                (privacy.mode() == Study.PrivacyMode.NONE ? sums : noise.on(sums)).write(values, vectors.mapOffset(i));
            }
        });
        values[values.length - 1] = 1;
        local.write(task.runId(), values);
        return values;
    }

    private static double[] fit(RegionalTask task, WorkProgress progress) throws InterruptedException {
        RegionalPlan plan = task.plan();
        RegionalVectors vectors = RegionalVectors.of(plan);
        double[] values = new double[vectors.length(SumKind.FIT)];
        if (!task.elected()) {
            return values; // the elected site's numbers pass through the sum unchanged
        }
        Target training = part(task, vectors, 0).target(plan.regions());
        GroupStatistics second = part(task, vectors, 1);
        Optional<Target> validation = second.isUsable() ? Optional.of(second.target(plan.regions())) : Optional.empty();
        try (Scorer scorer = scorer()) {
            GroupFit fit = new GroupFit(
                    scorer,
                    GroupConnectome.of(task),
                    training,
                    validation,
                    settings(plan),
                    plan.fit().repeats(),
                    plan.fit().seed(),
                    step -> progress.at((double) step.done() / step.total()));
            // The method's first: where it fails, no time was spent on the baseline.
            GroupFit.Fitted fitted = fitted(fit, task);
            write(values, vectors, 0, fitted);
            write(
                    values,
                    vectors,
                    1,
                    plan.fit().method() == RegionalPlan.Method.HOMOGENEOUS ? fitted : homogeneous(fit, plan));
        }
        values[values.length - 1] = 1;
        return values;
    }

    private static GroupFit.Fitted fitted(GroupFit fit, RegionalTask task) throws InterruptedException {
        RegionalPlan plan = task.plan();
        return switch (plan.fit().method()) {
            case HOMOGENEOUS -> homogeneous(fit, plan);
            case PMFM ->
                fit.evolution(
                        new MapSpace(GroupMaps.of(task), ParameterBounds.KONG_2021),
                        plan.fit().offspring(),
                        plan.fit().budget());
            case RMFM -> fit.inversion(plan.fit().budget(), THREADS);
        };
    }

    private static GroupFit.Fitted homogeneous(GroupFit fit, RegionalPlan plan) throws InterruptedException {
        return fit.evolution(
                new HomogeneousSpace(plan.regions(), ParameterBounds.KONG_2021),
                plan.fit().offspring(),
                plan.fit().budget());
    }

    private static Scorer scorer() {
        return Scorers.open(Device.CPU, THREADS);
    }

    /** θ_s and the upper triangle of θ_s·θ_sᵀ. */
    private double[] refinement(RegionalTask task) throws LocalWorkException, IOException, InterruptedException {
        RegionalPlan plan = task.plan();
        RegionalVectors vectors = RegionalVectors.of(plan);
        double[] own = local.read(task.runId())
                .orElseThrow(() -> new LocalWorkException(
                        "this site was not in the sum of statistics, so it has nothing to refine from"));
        GroupStatistics statistics = GroupStatistics.read(own, 0, vectors.pairs(), vectors.bins());
        double[] parameters;
        try (Scorer scorer = scorer()) {
            parameters = SiteRefinement.of(
                            scorer,
                            GroupConnectome.of(task),
                            statistics.target(plan.regions()),
                            PublishedRegional.prior(task.published(), vectors),
                            settings(plan).withStride(1),
                            plan.statistics().repetitionTimeSeconds(),
                            plan.refinement().iterations(),
                            plan.fit().seed() + 2)
                    .toVector();
        }
        double[] values = new double[vectors.length(SumKind.REFINE)];
        System.arraycopy(parameters, 0, values, 0, parameters.length);
        int at = parameters.length;
        for (int i = 0; i < parameters.length; i++) {
            for (int j = i; j < parameters.length; j++) {
                values[at++] = parameters[i] * parameters[j];
            }
        }
        values[at] = 1;
        return values;
    }

    private static void write(double[] values, RegionalVectors vectors, int candidate, GroupFit.Fitted fitted) {
        double[] parameters = fitted.parameters().toVector();
        System.arraycopy(parameters, 0, values, candidate * vectors.candidate(), parameters.length);
        int at = RegionalVectors.FITTED * vectors.candidate() + candidate * RegionalVectors.COSTS;
        values[at] = fitted.training().fcCorrelation();
        values[at + 1] = fitted.training().ks();
        values[at + 2] = fitted.validation().map(Cost::fcCorrelation).orElse(0.0);
        values[at + 3] = fitted.validation().map(Cost::ks).orElse(0.0);
    }

    private double[] scores(RegionalTask task, WorkProgress progress) throws LocalWorkException, InterruptedException {
        RegionalPlan plan = task.plan();
        RegionalVectors vectors = RegionalVectors.of(plan);
        List<SubjectStatistics> patients =
                new CohortStatistics(plan, Double.MAX_VALUE).of(task.cohort().external(), progress);
        if (patients.isEmpty()) {
            throw new LocalWorkException("no patient of this site's external cohort can be used");
        }
        List<RegionalParameters> candidates = PublishedRegional.candidates(task.published(), vectors);
        double[] values = new double[vectors.length(SumKind.EVALUATE)];
        values[0] = patients.size();
        try (Simulator simulator = new VectorSimulator()) {
            List<ExternalScore> scores = ExternalScore.of(
                    simulator,
                    GroupConnectome.of(task),
                    candidates,
                    settings(plan).withStride(1),
                    patients,
                    plan.scoring().repeats(),
                    plan.scoring().bootstrapSamples(),
                    plan.fit().seed() + 1);
            for (int i = 0; i < scores.size(); i++) {
                int at = 1 + i * RegionalVectors.SCORES;
                ExternalScore score = scores.get(i);
                write(values, at, score.r(), score.rVariance());
                write(values, at + 3, score.ks(), score.ksVariance());
                write(values, at + 6, score.total(), score.totalVariance());
            }
        }
        values[values.length - 1] = 1;
        return values;
    }

    private static void write(double[] values, int at, double score, double variance) {
        values[at] = score;
        values[at + 1] = score * score;
        values[at + 2] = variance;
    }

    private static GroupStatistics part(RegionalTask task, RegionalVectors vectors, int part) {
        return GroupStatistics.read(task.published(), part * vectors.part(), vectors.pairs(), vectors.bins());
    }

    private static ScoringSettings settings(RegionalPlan plan) {
        return new ScoringSettings(
                plan.fit().haemodynamics() == RegionalPlan.Haemodynamics.KONG_2021
                        ? Haemodynamics.KONG_2021
                        : Haemodynamics.WANG_2018,
                Timing.of(plan.statistics().repetitionTimeSeconds(), plan.fit().simulatedFrames()),
                plan.windowFrames(),
                plan.fit().strideFrames());
    }
}
