package org.commissure.site.round;

import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PublishedVectors;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.phenotype.PhenotypeCohort;
import org.commissure.site.plan.AgentCode;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.PolicyReview;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.policy.SitePolicy.Refusal;
import org.commissure.site.regional.RegionalCohort;
import org.commissure.site.regional.RegionalWork;
import org.commissure.site.storage.SealStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that may speak against an invitation, asked before anything is promised. */
final class InvitationReview {
    private static final Logger LOG = LoggerFactory.getLogger(InvitationReview.class);

    /** What speaks against it where no rule of the policy does. */
    private static final String STUDY = "study";

    private static final String COHORT = "cohort";
    private static final String EVALUATION = "evaluation";
    private static final String SITE = "site";
    private static final String RUN_AGAIN = "start a new run";

    private final SumInProgress sum;
    private final SiteServices site;

    InvitationReview(SumInProgress sum, SiteServices site) {
        this.sum = sum;
        this.site = site;
    }

    /** The first objection; its words travel to the coordinator and into the log. */
    Optional<Refusal> refusal() {
        if (!sum.asked().getFederationId().equals(site.federation())) {
            return refuse(
                    STUDY, "the invitation is for another federation", "the coordinator must invite its own sites");
        }
        try {
            Study study = sum.study();
            SitePolicy policy = site.policy();
            PolicyReview rules = new PolicyReview(policy);
            return model(study)
                    .or(() -> rules.refusal(
                            study, sum.id().getKind(), site.clock().instant()))
                    .or(() -> evaluatedBefore(sum, site))
                    .or(() -> rules.code(AgentCode.sha256()))
                    .or(() -> ApprovalReview.of(sum, site, policy).refusal())
                    .or(this::cohort)
                    .or(() -> rules.data(SealingPhase.hex(split().commitment())))
                    .or(() -> distributed(study))
                    .or(this::budget);
        } catch (StudyException e) {
            return refuse(
                    STUDY, "the study cannot be used: " + e.getMessage(), "correct the study and start a new run");
        } catch (UserError e) {
            // Paths and file contents are the site's own business.
            return refuse(
                    SITE,
                    "the site cannot take part at the moment: " + localOnly(e),
                    "ask the site's staff to look at its log");
        }
    }

    /** Whether the coordinator may hear why; it may where the policy itself cannot be read. */
    boolean mayTellReason() {
        try {
            return site.policy().mayLeave(ClearField.REASON);
        } catch (UserError e) {
            return true;
        }
    }

    /** The plan that the study belongs to; empty only where the policy asks for no approval. */
    Optional<SignedPlan> plan() {
        return ApprovalReview.of(sum, site, site.policy()).plan();
    }

    /** @throws UserError if the cohort cannot be read */
    SealedCohorts.Split split() {
        return site.cohorts().of(sum.study());
    }

    private Optional<Refusal> model(Study study) {
        if (study.published().isPresent()) {
            return published(study, study.published().get())
                    .or(() -> study.regional().flatMap(this::regional))
                    .or(() -> study.phenotype().flatMap(this::phenotype));
        }
        if (!StudySums.kinds(study).contains(sum.id().getKind())) {
            return refuse(STUDY, "the study has no sum of kind " + sum.id().getKind(), "start a new run");
        }
        boolean corrected = study.training().hasControl() && sum.id().getKind() == SumKind.TRAIN;
        if (sum.asked().getControlSha256().isEmpty() == corrected) {
            return refuse(STUDY, "the invitation's control variate is not what the study asks for", RUN_AGAIN);
        }
        long expected = ModelShape.shared(study).parameters();
        return sum.asked().getParameterCount() == expected
                ? study.finetune().flatMap(plan -> missingColumn("[finetune.target]"))
                : refuse(
                        STUDY,
                        "the model has " + sum.asked().getParameterCount() + " parameters, the study's [model] "
                                + expected,
                        "initialise the model from this very study (commissure site model init)");
    }

    private Optional<Refusal> published(Study study, PublishedVectors vectors) {
        if (!vectors.kinds().contains(sum.id().getKind())) {
            return refuse(
                    STUDY,
                    "a study of kind " + study.study().kind().orElse("") + " has no sum of kind "
                            + sum.id().getKind(),
                    RUN_AGAIN);
        }
        return sum.asked().getParameterCount() == vectors.published()
                ? Optional.empty()
                : refuse(
                        STUDY,
                        "the published vector does not have the length that the study gives it",
                        "start a new run from the study alone");
    }

    private Optional<Refusal> phenotype(PhenotypePlan plan) {
        Optional<String> model = PhenotypeCohort.modelProblem(plan);
        if (model.isPresent()) {
            return refuse(STUDY, model.get(), "correct phenotype.features.embedding.model in the study");
        }
        Optional<Refusal> missing = missingColumn("[phenotype]");
        if (missing.isPresent()) {
            return missing;
        }
        SealedCohorts.Split split = split();
        return PhenotypeCohort.problem(split.subjects(), plan, split.commonestRejection())
                .map(problem -> new Refusal(
                        COHORT,
                        problem,
                        "run `commissure cohort check` at the site with --require and --numeric, or change the study's"
                                + " [phenotype]"));
    }

    /** @param section of the study that asks for columns */
    private Optional<Refusal> missingColumn(String section) {
        return site.cohorts()
                .missingColumn(sum.study())
                .flatMap(column -> refuse(
                        COHORT,
                        "this site's participants.tsv has no column " + column,
                        "add the column at the site, or change the study's " + section));
    }

    private Optional<Refusal> regional(RegionalPlan plan) {
        Optional<String> model = RegionalWork.problem(plan);
        if (model.isPresent()) {
            return refuse(STUDY, "the study's model cannot be simulated: " + model.get(), "correct the study");
        }
        SealedCohorts.Split split = split();
        return RegionalCohort.problem(split.subjects(), plan, split.commonestRejection())
                .map(problem -> new Refusal(
                        COHORT,
                        problem,
                        "run `commissure cohort check` at the site, or change the study's [regional.statistics]"));
    }

    private Optional<Refusal> cohort() {
        SealedCohorts.Split split = split();
        int minimum = site.policy().cohort().minimumPatients();
        if (split.internal().size() + split.external().size() < minimum
                || split.internal().isEmpty()
                || split.external().isEmpty()) {
            return refuse(
                    "cohort.minimum_patients",
                    "too few patients of this site's cohort are admitted for the study",
                    "run `commissure cohort check` at the site");
        }
        Optional<SealStore.Seal> seal = site.seals().find(sum.id().getRunId());
        if (seal.isPresent() && !SealedCohorts.fits(seal.get(), split)) {
            return refuse(
                    COHORT,
                    "this site's cohort has changed since it was sealed for the run",
                    "restore the data folder as it was, or start a new run");
        }
        return Optional.empty();
    }

    private Optional<Refusal> budget() {
        return PrivacyCharge.planned(sum, site).flatMap(charge -> PrivacyCharge.overBudget(charge, site));
    }

    /**
     * A released model is evaluated once: a second sum over other sites would tell one site's scores by its difference.
     * An attempt after an aborted one is no second evaluation, since nothing was opened. Nor is that of another run's
     * initial model, if it was an initial model before too.
     */
    private static Optional<Refusal> evaluatedBefore(SumInProgress sum, SiteServices site) {
        if (sum.id().getKind() != SumKind.EVALUATE) {
            return Optional.empty();
        }
        return site.sums().evaluationsWith(sum.asked().getModelSha256()).stream()
                .map(row -> SumInProgress.restore(row, site))
                .filter(before ->
                        before.asked().getModelSha256().equals(sum.asked().getModelSha256()))
                .map(SumInProgress::id)
                .filter(before -> before.getRunId().equals(sum.id().getRunId())
                        || before.getRound() + sum.id().getRound() > 0)
                .findFirst()
                .flatMap(before -> refuse(
                        EVALUATION,
                        "the model was evaluated already, in round " + before.getRound() + " of run "
                                + before.getRunId() + "; a released model is evaluated once",
                        "read that round's evaluation"));
    }

    /** What mode distributed asks beyond the rest. */
    private Optional<Refusal> distributed(Study study) {
        double clipNorm = sum.asked().getClipNorm();
        boolean training = sum.id().getKind() == SumKind.TRAIN;
        if (study.privacy().mode() != Study.PrivacyMode.DISTRIBUTED || !training) {
            return clipNorm == 0
                    ? Optional.empty()
                    : refuse(STUDY, "the invitation's clip norm is for another sum", RUN_AGAIN);
        }
        boolean fits = study.privacy().adaptiveClipping()
                ? clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY
                : clipNorm == study.privacy().clipNorm();
        if (!fits) {
            return refuse(STUDY, "the invitation's clip norm is not the study's", RUN_AGAIN);
        }
        return split().internal().size() <= study.secureAggregation().maximumWeight()
                ? Optional.empty()
                : refuse(
                        COHORT,
                        "this site has more internal patients than the secure sum has room for",
                        "raise secure_aggregation.maximum_weight in the study");
    }

    private static String localOnly(UserError problem) {
        LOG.error("invitation refused: {}; remedy: {}", problem.getMessage(), problem.remedy());
        return "its policy or its data folder cannot be read";
    }

    private static Optional<Refusal> refuse(String rule, String reason, String remedy) {
        return Optional.of(new Refusal(rule, reason, remedy));
    }
}
