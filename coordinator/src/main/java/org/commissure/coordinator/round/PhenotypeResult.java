package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.Study;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator reads from one sum of a study of kind phenotype, or from an evaluation of one of kind finetune.
 *
 * @param overlap of OVERLAP; null of every other sum
 * @param converged of REFINE: whether no coefficient moved by more than the study's tolerance
 * @param scores of EVALUATE, of each model; empty of every other sum
 * @param sites that contributed
 * @param trained whom a fine-tuning's baselines were fitted to, where EVALUATE scores those too; null everywhere else
 */
public record PhenotypeResult(
        @Nullable Overlap overlap,
        boolean converged,
        List<Score> scores,
        int sites,
        @Nullable Trained trained) {
    public PhenotypeResult {
        scores = List.copyOf(scores);
    }

    /** Of a run without baselines. */
    public PhenotypeResult(@Nullable Overlap overlap, boolean converged, List<Score> scores, int sites) {
        this(overlap, converged, scores, sites, null);
    }

    /**
     * The training patients of all sites.
     *
     * @param known of how many each covariate is known, in the study's order
     */
    public record Trained(long patients, List<Long> known) {
        public Trained {
            known = List.copyOf(known);
        }
    }

    /** What the baselines of a fine-tuning are called, in the order of {@link PhenotypeVectors#models}. */
    private static final List<String> BASELINES =
            List.of("connectivity", "connectivity, single-site", "demographics", "majority");

    static PhenotypeResult of(Overlap overlap, int sites) {
        return new PhenotypeResult(overlap, false, List.of(), sites);
    }

    static PhenotypeResult of(boolean converged, int sites) {
        return new PhenotypeResult(null, converged, List.of(), sites);
    }

    static PhenotypeResult of(List<Score> scores, int sites) {
        return new PhenotypeResult(null, false, scores, sites);
    }

    /**
     * What the sum of an evaluation says of each model.
     *
     * @param published the vector that was scored
     * @param values of the opened sum
     * @throws IllegalArgumentException if they are no such sum, or the target does not vary
     */
    public static List<Score> scores(PhenotypeVectors vectors, double[] published, double[] values) {
        return scores(vectors.target(published), vectors.models(), vectors.scores(), values);
    }

    /** The same of a study that fine-tunes. */
    public static List<Score> scores(FineTunePlan plan, double[] values) {
        return scores(plan.target().kind(), plan.models(), plan.scores(), values);
    }

    /**
     * What an evaluation says that also scores a fine-tuning's baselines.
     *
     * @param released the vector that was scored
     * @throws IllegalArgumentException if they are no such sum, or the target does not vary
     */
    public static PhenotypeResult of(Study study, double[] values, double[] released, int sites) {
        FineTunePlan plan = study.finetune().orElseThrow();
        PhenotypeVectors vectors = PhenotypeVectors.of(study.baselines().orElseThrow());
        double[] published =
                Arrays.copyOfRange(released, FineTuneVector.of(study).trained(), released.length);
        int own = plan.models().size() * plan.scores();
        List<Score> all = new ArrayList<>(scores(plan, Arrays.copyOf(values, own)));
        List<Score> beside = scores(vectors, published, Arrays.copyOfRange(values, own, values.length));
        for (int i = 0; i < beside.size(); i++) {
            all.add(new Score(BASELINES.get(i), beside.get(i).metrics()));
        }
        return new PhenotypeResult(
                null, false, all, sites, new Trained(vectors.patients(published), vectors.known(published)));
    }

    private static List<Score> scores(TargetKind target, List<String> models, int length, double[] values) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            double[] own = Arrays.copyOfRange(values, i * length, (i + 1) * length);
            scores.add(new Score(models.get(i), PredictionMetrics.of(target, own)));
        }
        return scores;
    }

    /** The same at the end of a round whose model's own sum said {@code released}. */
    public PhenotypeResult after(@Nullable PhenotypeResult released) {
        return new PhenotypeResult(overlap, released != null && released.converged, scores, sites, trained);
    }

    /** How one of a study's models fares on the sealed external patients. */
    public record Score(String model, PredictionMetrics metrics) {}

    /**
     * Patients at more than one site.
     *
     * @param patients counted at all sites
     * @param shared series that appear once more than they should
     * @param unresolved buckets in which several patients met of whom some may be the same
     */
    public record Overlap(long patients, long shared, long unresolved) {

        /** @param values by bucket: patients, Σ fingerprint, Σ fingerprint², one table after the other */
        static Overlap of(double[] values, int buckets) {
            long patients = 0;
            long shared = 0;
            long unresolved = 0;
            for (int bucket = 0; bucket < buckets; bucket++) {
                long count = Math.round(values[bucket]);
                long sum = Math.round(values[buckets + bucket]);
                long squares = Math.round(values[2 * buckets + bucket]);
                patients += count;
                if (count >= 2 && count * squares == sum * sum) {
                    shared += count - 1;
                } else if (count >= 3) {
                    unresolved++;
                }
            }
            return new Overlap(patients, shared, unresolved);
        }
    }
}
