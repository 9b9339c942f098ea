package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commissure.models.finetune.ClassificationMetrics;
import org.commissure.models.finetune.ConnectivityRidge;
import org.commissure.models.finetune.FineTunedModel;
import org.commissure.models.finetune.PatientSplit;
import org.commissure.models.finetune.PlainComparators;
import org.commissure.models.finetune.RegressionMetrics;
import org.commissure.models.finetune.Task;

/** How a head does on the test patients, beside what is known without it. */
final class FinetuneReport {
    private final Labels labels;
    private final PatientSplit split;
    private final int bestEpoch;
    private final Map<String, Map<String, Double>> scores = new LinkedHashMap<>();

    /** @param embeddings [patients][width], by the encoder as fine-tuning began */
    FinetuneReport(
            Labels labels, FinetunePatients patients, double[][] embeddings, PatientSplit split, FineTunedModel tuned) {
        this.labels = labels;
        this.split = split;
        bestEpoch = tuned.bestEpoch();
        int[] test = split.test().stream().sorted().mapToInt(Integer::intValue).toArray();
        double[][] head = new double[test.length][];
        for (int i = 0; i < test.length; i++) {
            head[i] = tuned.predict(patients.of(test[i]), patients.repetitionTimeSeconds(test[i]));
        }
        var ridge = ConnectivityRidge.fit(
                patients.connectivity(split.training()),
                outputs(split.training()),
                patients.connectivity(split.validation()),
                outputs(split.validation()));
        double[][] linear = new double[test.length][];
        double[][] constant = new double[test.length][];
        double[] mean = mean(outputs(split.training()));
        double[][] connectivity = patients.connectivity(split.test());
        for (int i = 0; i < test.length; i++) {
            linear[i] = ridge.predict(connectivity[i]);
            constant[i] = mean;
        }
        scores.put("head", score(test, head));
        scores.put("connectivityRidge", score(test, linear));
        boolean classes = labels.task() == Task.CLASSIFICATION;
        var ofEmbeddings = comparators(embeddings);
        double[][] embedded = FinetunePatients.of(embeddings, split.test());
        scores.put("embeddingNeighbours", score(test, ofEmbeddings.nearestNeighbours(embedded)));
        scores.put("embeddingSvm", score(test, ofEmbeddings.supportVectors(embedded, classes)));
        scores.put(
                "connectivityNeighbours",
                score(test, comparators(patients.connectivity()).nearestNeighbours(connectivity)));
        scores.put(labels.task() == Task.REGRESSION ? "mean" : "majority", score(test, constant));
    }

    private PlainComparators comparators(double[][] rows) {
        return new PlainComparators(
                FinetunePatients.of(rows, split.training()),
                outputs(split.training()),
                FinetunePatients.of(rows, split.validation()),
                outputs(split.validation()));
    }

    /** Targets as the ridge sees them: the number, or 1 for the class and 0 elsewhere. */
    private double[][] outputs(Set<Integer> patients) {
        return patients.stream()
                .sorted()
                .map(patient -> {
                    double target = labels.targets().get(patient);
                    if (labels.task() == Task.REGRESSION) {
                        return new double[] {target};
                    }
                    double[] classes = new double[labels.classes().size()];
                    classes[(int) target] = 1;
                    return classes;
                })
                .toArray(double[][]::new);
    }

    private static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += row[k] / rows.length;
            }
        }
        return mean;
    }

    private Map<String, Double> score(int[] test, double[][] predicted) {
        Map<String, Double> facts = new LinkedHashMap<>();
        if (labels.task() == Task.REGRESSION) {
            double[] truth = new double[test.length];
            double[] numbers = new double[test.length];
            for (int i = 0; i < test.length; i++) {
                truth[i] = labels.targets().get(test[i]);
                numbers[i] = predicted[i][0];
            }
            var metrics = RegressionMetrics.of(truth, numbers);
            facts.put("meanSquaredError", metrics.meanSquaredError());
            facts.put("r2", metrics.r2());
            facts.put("pearson", metrics.pearson());
        } else {
            int[] truth = new int[test.length];
            for (int i = 0; i < test.length; i++) {
                truth[i] = labels.targets().get(test[i]).intValue();
            }
            var metrics = ClassificationMetrics.of(truth, predicted);
            facts.put("accuracy", metrics.accuracy());
            facts.put("balancedAccuracy", metrics.balancedAccuracy());
            facts.put("auc", metrics.auc());
        }
        return facts;
    }

    void print(PrintWriter print, boolean json, Path out) {
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("out", out.toString());
            facts.put("task", labels.task().name().toLowerCase(Locale.ROOT));
            facts.put("classes", labels.classes());
            facts.put("trainingPatients", split.training().size());
            facts.put("validationPatients", split.validation().size());
            facts.put("testPatients", split.test().size());
            facts.put("withoutTarget", labels.unknown());
            facts.put("bestEpoch", bestEpoch);
            facts.put("scores", scores);
            Output.json(print, facts);
            return;
        }
        print.println("wrote " + out + ": trained on " + split.training().size() + " patients, best epoch " + bestEpoch
                + (labels.unknown() > 0 ? "; " + labels.unknown() + " patients have no target" : ""));
        print.println("on " + split.test().size() + " other patients:");
        scores.forEach((who, facts) -> {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-22s", who));
            facts.forEach((name, value) -> line.append(String.format(Locale.ROOT, " %s %.3f", name, value)));
            print.println(line);
        });
        print.flush();
    }
}
