package org.commissure.models.multisite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.commissure.models.finetune.Head;
import org.commissure.models.finetune.Task;
import org.commissure.models.training.Streams;
import org.commissure.models.weights.FederatedAverage;

/**
 * The comparison of Li et al. (2020), "Multi-site fMRI analysis using privacy-preserving federated learning and domain
 * adaptation: ABIDE results", Medical Image Analysis 65: a perceptron on windows' connectivity, trained at one site, on
 * one site for the others, federated, and on all patients, in cross-validation by patient. Each site scales its own
 * windows by its own training patients; a cross model scales other sites' as its own. Not thread-safe.
 */
public final class MultiSiteClassification implements AutoCloseable {
    private final List<ConnectivitySite> sites;
    private final ClassificationDesign design;
    private final ProgressListener listener;
    private final int[][] folds;
    private final Head network;
    private final float[] start;
    private final Map<Strategy, List<List<PatientPrediction>>> predictions = new LinkedHashMap<>();
    private final long allSteps;
    private long stepsDone;

    /**
     * @param sites of the same parcels, each name once
     * @throws IllegalArgumentException if a site has too few patients of a class for the folds
     */
    public MultiSiteClassification(
            List<ConnectivitySite> sites, ClassificationDesign design, ProgressListener listener) {
        if (sites.isEmpty()
                || sites.stream().mapToInt(ConnectivitySite::pairs).distinct().count() != 1) {
            throw new IllegalArgumentException("the sites need the same number of parcels");
        }
        this.sites = List.copyOf(sites);
        this.design = design;
        this.listener = listener;
        this.folds = new int[sites.size()][];
        for (int s = 0; s < folds.length; s++) {
            folds[s] =
                    PatientFolds.of(sites.get(s), design.folds(), Streams.seed(design.seed(), Streams.Purpose.ORDER));
        }
        this.network =
                new Head(sites.getFirst().pairs(), List.of(design.hidden()), Task.CLASSIFICATION, 2, design.dropout());
        this.start = network.initial(design.seed());
        long perFold = (design.noise() > 0 ? 4L : 3L) * sites.size();
        long cross = sites.size() > 1 ? sites.size() : 0;
        this.allSteps = (perFold * design.folds() + cross) * design.steps();
    }

    /**
     * Runs all strategies.
     *
     * @return scores by site, in the sites' order; a cross strategy has no score, but an empty list of predictions, at
     *     its own site
     * @throws ArithmeticException if training diverges
     */
    public Map<Strategy, List<StrategyScores>> run() {
        for (int fold = 0; fold < design.folds(); fold++) {
            runFold(fold);
        }
        if (sites.size() > 1) {
            for (int s = 0; s < sites.size(); s++) {
                cross(s);
            }
        }
        Map<Strategy, List<StrategyScores>> scores = new LinkedHashMap<>();
        predictions.forEach((strategy, bySite) ->
                scores.put(strategy, bySite.stream().map(StrategyScores::new).toList()));
        return scores;
    }

    private void runFold(int fold) {
        List<ConnectivityScale> scales = new ArrayList<>();
        List<List<SiteLearner.Sample>> samples = new ArrayList<>();
        for (int s = 0; s < sites.size(); s++) {
            int[] training = patients(s, fold, false);
            scales.add(scale(s, training));
            samples.add(samples(s, training, scales.get(s)));
        }
        String stage = "fold " + (fold + 1) + " of " + design.folds() + ", ";
        for (int s = 0; s < sites.size(); s++) {
            SiteLearner learner = learner(samples.get(s), fold, s);
            train(learner, design.steps(), stage + "single " + sites.get(s).name());
            predict(Strategy.of(Strategy.Kind.SINGLE), learner.parameters(), s, fold, scales.get(s));
        }
        everySite(Strategy.Kind.FEDERATED, federated(samples, fold, 0, stage + "federated"), fold, scales);
        if (design.noise() > 0) {
            float[] noisy = federated(samples, fold, design.noise(), stage + "federated with noise");
            everySite(Strategy.Kind.FEDERATED_WITH_NOISE, noisy, fold, scales);
        }
        SiteLearner mix = learner(samples.stream().flatMap(List::stream).toList(), fold, 0);
        train(mix, (long) sites.size() * design.steps(), stage + "mix");
        everySite(Strategy.Kind.MIX, mix.parameters(), fold, scales);
        new RidgeComparison(sites, folds, fold, design.folds()).predict(this::add);
    }

    private void everySite(Strategy.Kind kind, float[] parameters, int fold, List<ConnectivityScale> scales) {
        for (int s = 0; s < sites.size(); s++) {
            predict(Strategy.of(kind), parameters, s, fold, scales.get(s));
        }
    }

    private float[] federated(List<List<SiteLearner.Sample>> samples, int fold, double noise, String stage) {
        List<SiteLearner> learners = new ArrayList<>();
        for (int s = 0; s < sites.size(); s++) {
            learners.add(learner(samples.get(s), fold, s));
        }
        double[] equal = IntStream.range(0, sites.size()).mapToDouble(s -> 1).toArray();
        float[] released = start;
        for (int first = 0; first < design.steps(); first += design.localSteps()) {
            List<float[]> shared = new ArrayList<>();
            for (int s = 0; s < sites.size(); s++) {
                train(learners.get(s), Math.min(design.localSteps(), design.steps() - first), stage);
                float[] own = learners.get(s).parameters();
                if (noise > 0) {
                    FederatedAverage.addNoise(
                            network.layout(),
                            own,
                            noise,
                            Streams.of(design.seed(), Streams.Purpose.NOISE, fold, s, first));
                }
                shared.add(own);
            }
            released = FederatedAverage.of(shared, equal);
            for (SiteLearner learner : learners) {
                learner.load(released);
            }
        }
        return released;
    }

    private void cross(int trainingSite) {
        String name = sites.get(trainingSite).name();
        int[] everybody = patients(trainingSite, -1, false);
        ConnectivityScale scale = scale(trainingSite, everybody);
        SiteLearner learner = learner(samples(trainingSite, everybody, scale), design.folds(), trainingSite);
        train(learner, design.steps(), "cross from " + name);
        var strategy = new Strategy(Strategy.Kind.CROSS, name);
        for (int s = 0; s < sites.size(); s++) {
            if (s != trainingSite) {
                predict(strategy, learner.parameters(), s, -1, scale);
            }
        }
    }

    /** Single and federated training of a site in a fold see the very same windows. */
    private SiteLearner learner(List<SiteLearner.Sample> samples, int fold, int site) {
        return new SiteLearner(
                network, start, samples, design, Streams.seed(design.seed(), Streams.Purpose.WINDOW, fold, site));
    }

    private void train(SiteLearner learner, long steps, String stage) {
        for (long step = 0; step < steps; step++) {
            learner.step();
            stepsDone++;
            listener.at(stage, stepsDone, allSteps);
        }
    }

    /** @param fold whose patients are tested; −1 for none, so that everybody trains */
    private int[] patients(int site, int fold, boolean tested) {
        return IntStream.range(0, folds[site].length)
                .filter(i -> (folds[site][i] == fold) == tested)
                .toArray();
    }

    private ConnectivityScale scale(int site, int[] patients) {
        List<float[]> rows = new ArrayList<>();
        for (int i : patients) {
            rows.addAll(List.of(sites.get(site).patients().get(i).windows()));
        }
        return ConnectivityScale.of(rows);
    }

    private List<SiteLearner.Sample> samples(int site, int[] patients, ConnectivityScale scale) {
        List<SiteLearner.Sample> samples = new ArrayList<>();
        for (int i : patients) {
            ConnectivityPatient patient = sites.get(site).patients().get(i);
            for (float[] window : patient.windows()) {
                samples.add(new SiteLearner.Sample(window, scale, patient.label()));
            }
        }
        return List.copyOf(samples);
    }

    private void predict(Strategy strategy, float[] parameters, int site, int fold, ConnectivityScale scale) {
        network.load(parameters);
        int[] tested = fold < 0 ? patients(site, -1, false) : patients(site, fold, true);
        for (int i : tested) {
            ConnectivityPatient patient = sites.get(site).patients().get(i);
            float[][] rows = new float[patient.windows().length][];
            for (int w = 0; w < rows.length; w++) {
                rows[w] = scale.of(patient.windows()[w]);
            }
            double score = 0;
            int votes = 0;
            for (float[] probabilities : network.outputs(rows)) {
                score += (double) probabilities[1] / rows.length;
                votes += probabilities[1] > probabilities[0] ? 1 : 0;
            }
            boolean one = 2 * votes == rows.length ? score > 0.5 : 2 * votes > rows.length;
            add(strategy, site, new PatientPrediction(i, patient.label(), one ? 1 : 0, score));
        }
    }

    private void add(Strategy strategy, int site, PatientPrediction prediction) {
        predictions
                .computeIfAbsent(strategy, s -> {
                    List<List<PatientPrediction>> bySite = new ArrayList<>();
                    sites.forEach(each -> bySite.add(new ArrayList<>()));
                    return bySite;
                })
                .get(site)
                .add(prediction);
    }

    /** Frees the network. */
    @Override
    public void close() {
        network.close();
    }
}
