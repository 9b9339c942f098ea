package org.commissure.coordinator.report;

import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LoggedEntry;
import org.jspecify.annotations.Nullable;

/**
 * A run as its report states it; {@code report.json} is this record, key for key. Keys are only ever
 * added within one schema version.
 *
 * @param schema always {@link #SCHEMA}
 * @param schemaVersion {@link #SCHEMA_VERSION} when written
 * @param notice what the result may not be used for
 * @param rounds in order; round 0 is the initial model
 * @param sites sorted by name
 * @param regional what a regional study found; null in every other
 * @param phenotype what a study of kind phenotype or finetune found; null in every other
 * @param sealedEvaluation how the last scored model fares; null where no sum of reconstructions is kept
 */
public record RunReport(
        String schema,
        int schemaVersion,
        String notice,
        Run run,
        StudyFacts study,
        List<Round> rounds,
        List<Site> sites,
        Exclusions exclusions,
        Log log,
        Model model,
        @Nullable RegionalResult regional,
        @Nullable PhenotypeReport phenotype,
        @Nullable SealedEvaluation sealedEvaluation) {
    static final String SCHEMA = "commissure-run-report";
    static final int SCHEMA_VERSION = 1;
    static final String NOTICE = "Research use, not for clinical decisions.";

    public RunReport {
        rounds = List.copyOf(rounds);
        sites = List.copyOf(sites);
    }

    /** The same with what a regional study found. */
    RunReport with(RegionalResult found) {
        return new RunReport(
                schema,
                schemaVersion,
                notice,
                run,
                study,
                rounds,
                sites,
                exclusions,
                log,
                model,
                found,
                phenotype,
                sealedEvaluation);
    }

    /**
     * The run itself.
     *
     * @param reason why it ended; empty if it simply finished
     */
    public record Run(String id, RunOutcome outcome, String reason) {}

    /**
     * The study that the sites approved.
     *
     * @param sha256 hex, of the study file's text
     * @param privacyMode {@code local} or {@code none}
     * @param externalFraction share of patients each site holds out
     * @param maskRatio share of patches hidden in the evaluation; null where no network is trained
     */
    public record StudyFacts(
            String name,
            String purpose,
            String sha256,
            String privacyMode,
            double externalFraction,
            @Nullable Double maskRatio) {}

    /**
     * One round.
     *
     * @param survivors sites whose updates are in the released sum
     * @param seconds wall clock
     * @param evaluation on the external cohorts of all sites together, each with both trivial baselines
     * @param evaluationUnavailable why {@code evaluation} is null; null where it is not
     * @param modelSha256 hex, of the flat float32 parameters the round ended with
     * @param evaluationSum the opened sum that {@code evaluation} follows from; null where none was opened
     */
    public record Round(
            int round,
            RoundOutcome outcome,
            int attempts,
            List<String> survivors,
            double seconds,
            @Nullable EvaluationSummary evaluation,
            @Nullable String evaluationUnavailable,
            String modelSha256,
            @Nullable EvaluationSum evaluationSum) {
        public Round {
            survivors = List.copyOf(survivors);
        }
    }

    /**
     * The partial sums of a round's evaluation as they were opened: the file {@code evaluations/<sha256>.sum}.
     *
     * @param sha256 hex, as signed in the log
     * @param sites whose masked vectors are in the sum
     * @param logIndex the entry that says so
     */
    public record EvaluationSum(String sha256, List<String> sites, long logIndex) {
        public EvaluationSum {
            sites = List.copyOf(sites);
        }
    }

    /**
     * One site.
     *
     * @param bytesReceived masked vectors it uploaded in this run
     * @param privacy what its patients' privacy has cost so far
     * @param privacyUnavailable why {@code privacy} is null; null where it is not
     * @param externalCohortSha256 hex, its sealed external cohort; null if it sealed none
     * @param sealedPatients how many patients it sealed, internal and external, with the noise of its own, in words; null
     *     if it did not say
     * @param sealedPatientsNoised the same in numbers
     */
    public record Site(
            String name,
            long bytesReceived,
            @Nullable PrivacySpent privacy,
            @Nullable String privacyUnavailable,
            @Nullable String externalCohortSha256,
            @Nullable String sealedPatients,
            @Nullable SealedPatients sealedPatientsNoised) {}

    /**
     * What a site itself said and signed in the log. ε is an upper bound by its own ledger, over all
     * runs that ledger knows.
     *
     * @param epsilonLeft of the site's budget; null if it did not say
     * @param charges charged attempts in this run
     * @param logIndex the entry that says so
     */
    public record PrivacySpent(
            double epsilonSpent, double delta, @Nullable Double epsilonLeft, int charges, long logIndex) {
        /** What an entry {@code privacy.charged} states; empty where it states no number. */
        public static Optional<PrivacySpent> stated(LoggedEntry charge, int charges) {
            Optional<Double> epsilon = Facts.number(charge.entry(), "epsilon_spent");
            Optional<Double> delta = Facts.number(charge.entry(), "delta");
            if (epsilon.isEmpty() || delta.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new PrivacySpent(
                    epsilon.get(),
                    delta.get(),
                    Facts.number(charge.entry(), "epsilon_left").orElse(null),
                    charges,
                    charge.index()));
        }
    }

    /**
     * Who was left out of the cohorts.
     *
     * @param shared what sites told: {@code none} in this version
     */
    public record Exclusions(String shared, String reason) {
        static final Exclusions NONE = new Exclusions(
                "none",
                "how many patients a site leaves out, and why, does not leave it; 'cohort check' shows it there");
    }

    /**
     * The transparency log when the report was written.
     *
     * @param entries how many entries its checkpoint covers
     * @param rootSha256 hex, the checkpoint's root
     * @param authoritySha256 fingerprint to compare out of band
     * @param problem what does not verify; null if all does
     */
    public record Log(
            boolean verified,
            long entries,
            String rootSha256,
            String origin,
            String authoritySha256,
            @Nullable String problem) {}

    /**
     * The model the run ended with.
     *
     * @param sha256 hex, of its flat float32 parameters; empty if the run released none
     */
    public record Model(String sha256) {}
}
