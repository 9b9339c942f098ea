package org.commissure.privacy.dp;

/**
 * A lower bound of ε from one training with canaries: each of {@code canaries} examples was put in by a coin
 * flip, an attacker who sees the result guesses about some of them, and counts of right guesses that an
 * (ε, δ)-private training would hardly allow refute that ε.
 *
 * <p>Source: Steinke, Nasr, Jagielski, <i>Privacy Auditing with One (1) Training Run</i>, arXiv:2305.08846,
 * Theorem 5.2 and Appendix D. A low bound is no proof of privacy: another attack may guess better.
 *
 * @param canaries m, examples that were put in or left out by a fair coin
 * @param guesses r, canaries that the attacker guessed about, at most m
 * @param correct v, right guesses, at most r
 * @param delta δ of the claim, in [0, 1)
 * @param significance probability with which the bound may be wrong, in (0, 1)
 */
public record OneRunAudit(int canaries, int guesses, int correct, double delta, double significance) {
    /** No count of canaries refutes more than this: e^−ε would be far below one in 2³¹. */
    private static final double LARGEST_EPSILON = 64;

    /** @throws IllegalArgumentException naming the argument outside its range */
    public OneRunAudit {
        require(canaries >= 1, "number of canaries", canaries + ", not at least 1");
        require(guesses >= 1 && guesses <= canaries, "number of guesses", guesses + ", not in [1, " + canaries + "]");
        require(
                correct >= 0 && correct <= guesses,
                "number of correct guesses",
                correct + ", not in [0, " + guesses + "]");
        require(delta >= 0 && delta < 1, "delta", delta + ", not in [0, 1)");
        require(significance > 0 && significance < 1, "significance", significance + ", not in (0, 1)");
    }

    /** The largest ε that the counts refute at the significance; 0 where they refute none. */
    public double epsilonLowerBound() {
        double refuted = 0;
        double allowed = LARGEST_EPSILON;
        if (probability(refuted) >= significance) {
            return 0;
        }
        while (allowed - refuted > 1e-10) {
            double middle = (refuted + allowed) / 2;
            if (probability(middle) < significance) {
                refuted = middle;
            } else {
                allowed = middle;
            }
        }
        return refuted;
    }

    /** Upper bound of the probability of at least {@code correct} right guesses under (ε, δ)-privacy. */
    double probability(double epsilon) {
        double success = 1 / (1 + Math.exp(-epsilon));
        double[] mass = binomial(guesses, success);
        double tail = 0;
        for (int k = guesses; k >= correct; k--) { // from the small end
            tail += mass[k];
        }
        double largestShare = 0;
        double below = 0;
        for (int i = 1; i <= correct; i++) {
            below += mass[correct - i];
            largestShare = Math.max(largestShare, below / i);
        }
        return Math.min(1, tail + largestShare * delta * 2 * canaries);
    }

    /** Probabilities of 0..n successes, by the ratio of neighbours from the mode outwards. */
    private static double[] binomial(int n, double success) {
        double[] mass = new double[n + 1];
        int mode = (int) Math.min(n, Math.floor((n + 1) * success));
        double odds = success / (1 - success);
        mass[mode] = 1;
        for (int k = mode; k < n; k++) {
            mass[k + 1] = mass[k] * odds * (n - k) / (k + 1);
        }
        for (int k = mode; k > 0; k--) {
            mass[k - 1] = mass[k] / odds * k / (n - k + 1);
        }
        double sum = 0;
        for (double one : mass) {
            sum += one;
        }
        for (int k = 0; k <= n; k++) {
            mass[k] /= sum;
        }
        return mass;
    }

    private static void require(boolean holds, String what, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("the " + what + " is " + problem);
        }
    }
}
