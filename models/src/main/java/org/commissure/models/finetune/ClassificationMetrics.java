package org.commissure.models.finetune;

/**
 * How good predicted classes are.
 *
 * @param accuracy share of patients whose likeliest class is theirs
 * @param balancedAccuracy mean over the classes that occur of the share of their patients who are found
 * @param auc area under the ROC curve: the probability that a patient of a class scores higher on it than another, ties
 *     counting half (Mann–Whitney); with more than two classes, the mean of each against the rest; .5 if only one
 *     class occurs
 */
public record ClassificationMetrics(double accuracy, double balancedAccuracy, double auc) {

    /** @param scores {@code [patients][classes]}, larger is likelier */
    public static ClassificationMetrics of(int[] truth, double[][] scores) {
        int n = truth.length;
        if (n == 0 || scores.length != n) {
            throw new IllegalArgumentException(scores.length + " predictions for " + n + " truths");
        }
        int classes = scores[0].length;
        int[] members = new int[classes];
        int[] found = new int[classes];
        for (int i = 0; i < n; i++) {
            members[truth[i]]++;
            found[truth[i]] += likeliest(scores[i]) == truth[i] ? 1 : 0;
        }
        double right = 0;
        double recall = 0;
        double area = 0;
        int occurring = 0;
        for (int k = 0; k < classes; k++) {
            right += found[k];
            if (members[k] > 0) {
                occurring++;
                recall += (double) found[k] / members[k];
                area += auc(truth, scores, k);
            }
        }
        return new ClassificationMetrics(right / n, recall / occurring, area / occurring);
    }

    /** The first of the highest. */
    static int likeliest(double[] scores) {
        int best = 0;
        for (int k = 1; k < scores.length; k++) {
            if (scores[k] > scores[best]) {
                best = k;
            }
        }
        return best;
    }

    private static double auc(int[] truth, double[][] scores, int k) {
        double wins = 0;
        long pairs = 0;
        for (int i = 0; i < truth.length; i++) {
            for (int j = 0; j < truth.length; j++) {
                if (truth[i] == k && truth[j] != k) {
                    pairs++;
                    wins += scores[i][k] > scores[j][k] ? 1 : scores[i][k] == scores[j][k] ? 0.5 : 0;
                }
            }
        }
        return pairs == 0 ? 0.5 : wins / pairs;
    }
}
