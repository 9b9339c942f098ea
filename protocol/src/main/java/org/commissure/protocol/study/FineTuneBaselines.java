package org.commissure.protocol.study;

import java.util.List;
import java.util.Optional;

/**
 * Section {@code [finetune.baselines]}: what a fine-tuning is compared with, fitted to the same training patients by the
 * exact sums of a study of kind phenotype, once training is over, and scored on the same external patients.
 *
 * @param covariates of the demographics; whoever lacks one counts as unknown there and takes part all the same
 * @param dimensions of connectivity's random projection
 * @param seed of its signs
 * @param penalties λ, each for one patient and for columns of variance 1: the best of several is chosen by folds
 * @param folds of the training patients of all sites together; 1 where there is one penalty
 * @param iterations most Newton steps of a classification
 * @param tolerance largest move of a coefficient that counts as none
 */
public record FineTuneBaselines(
        List<PhenotypePlan.Column> covariates,
        int dimensions,
        long seed,
        List<Double> penalties,
        int folds,
        int iterations,
        double tolerance) {
    static final String KEY = "finetune.baselines";

    /** A site's own location and scale are estimated in no sum of these. */
    private static final int FEWEST_PATIENTS = 3;

    public FineTuneBaselines {
        Checks.present(KEY + ".covariates", covariates);
        covariates = List.copyOf(covariates);
        Checks.present(KEY + ".penalties", penalties);
        penalties = List.copyOf(penalties);
    }

    /**
     * The study of kind phenotype whose sums these are.
     *
     * @throws StudyException naming the key of this section that is out of range
     */
    PhenotypePlan plan(FineTunePlan finetune, Model model) {
        try {
            FineTunePlan.Target target = finetune.target();
            return new PhenotypePlan(
                    finetune.externalFraction(),
                    FEWEST_PATIENTS,
                    new PhenotypePlan.Target(target.column(), target.type(), target.classes()),
                    covariates,
                    new PhenotypePlan.Features(
                            PhenotypePlan.FeatureKind.CONNECTIVITY,
                            model.parcels(),
                            model.windowFrames(),
                            dimensions,
                            seed,
                            Optional.empty()),
                    new PhenotypePlan.Harmonisation(PhenotypePlan.Scaling.NONE, PhenotypePlan.Method.NONE),
                    new PhenotypePlan.Fit(penalties, folds, iterations, tolerance),
                    Optional.empty(),
                    Optional.of(PhenotypePlan.Missing.INDICATE));
        } catch (StudyException e) {
            throw renamed(e);
        }
    }

    private static StudyException renamed(StudyException e) {
        String key = e.key().substring(e.key().lastIndexOf('.') + 1);
        String message = String.valueOf(e.getMessage());
        return e.key().startsWith("phenotype.") && message.startsWith(e.key())
                ? new StudyException(
                        KEY + "." + key, message.substring(e.key().length()).strip())
                : e;
    }
}
