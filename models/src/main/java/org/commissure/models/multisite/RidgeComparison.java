package org.commissure.models.multisite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.finetune.ConnectivityRidge;

/**
 * The plain predictor of a fold: ridge regression on whole scans' connectivity, scaled at each site like the
 * perceptron's. The penalty is chosen on the next fold and the fit repeated on all training folds.
 */
final class RidgeComparison {
    private final List<ConnectivitySite> sites;
    private final int[][] folds;
    private final int fold;
    private final int next;

    /** Takes a prediction. */
    @FunctionalInterface
    interface Sink {
        void add(Strategy strategy, int site, PatientPrediction prediction);
    }

    /** Rows of patients and their targets as the ridge has them: one column for each class. */
    private record Rows(List<double[]> rows, List<double[]> targets) {
        Rows() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(double[] row, int label) {
            rows.add(row);
            targets.add(new double[] {1 - label, label});
        }

        double[][] x() {
            return rows.toArray(double[][]::new);
        }

        double[][] y() {
            return targets.toArray(double[][]::new);
        }
    }

    RidgeComparison(List<ConnectivitySite> sites, int[][] folds, int fold, int count) {
        this.sites = sites;
        this.folds = folds;
        this.fold = fold;
        this.next = (fold + 1) % count;
    }

    void predict(Sink sink) {
        List<ConnectivityScale> scales = new ArrayList<>();
        for (int s = 0; s < sites.size(); s++) {
            int site = s;
            scales.add(ConnectivityScale.of(IntStream.range(0, folds[s].length)
                    .filter(i -> folds[site][i] != fold)
                    .mapToObj(i -> sites.get(site).patients().get(i).scan())
                    .toList()));
        }
        for (int s = 0; s < sites.size(); s++) {
            predict(Strategy.Kind.RIDGE_SINGLE, fit(List.of(s), scales), List.of(s), scales, sink);
        }
        List<Integer> all = IntStream.range(0, sites.size()).boxed().toList();
        predict(Strategy.Kind.RIDGE_MIX, fit(all, scales), all, scales, sink);
    }

    private ConnectivityRidge fit(List<Integer> from, List<ConnectivityScale> scales) {
        var first = new Rows();
        var choosing = new Rows();
        var all = new Rows();
        for (int s : from) {
            for (int i = 0; i < folds[s].length; i++) {
                if (folds[s][i] != fold) {
                    double[] row = row(s, i, scales);
                    int label = sites.get(s).patients().get(i).label();
                    all.add(row, label);
                    (folds[s][i] == next ? choosing : first).add(row, label);
                }
            }
        }
        double penalty = ConnectivityRidge.fit(first.x(), first.y(), choosing.x(), choosing.y())
                .penalty();
        return ConnectivityRidge.fit(all.x(), all.y(), penalty);
    }

    private void predict(
            Strategy.Kind kind, ConnectivityRidge ridge, List<Integer> at, List<ConnectivityScale> scales, Sink sink) {
        for (int s : at) {
            for (int i = 0; i < folds[s].length; i++) {
                if (folds[s][i] == fold) {
                    double[] outputs = ridge.predict(row(s, i, scales));
                    double score = outputs[1] - outputs[0];
                    int label = sites.get(s).patients().get(i).label();
                    sink.add(Strategy.of(kind), s, new PatientPrediction(i, label, score > 0 ? 1 : 0, score));
                }
            }
        }
    }

    private double[] row(int site, int patient, List<ConnectivityScale> scales) {
        float[] scaled =
                scales.get(site).of(sites.get(site).patients().get(patient).scan());
        double[] row = new double[scaled.length];
        for (int j = 0; j < row.length; j++) {
            row[j] = scaled[j];
        }
        return row;
    }
}
