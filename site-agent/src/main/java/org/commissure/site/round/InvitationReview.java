package org.commissure.site.round;

import java.util.Locale;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.ModelShape;
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

    private final SumInProgress sum;
    private final SiteServices site;

    InvitationReview(SumInProgress sum, SiteServices site) {
        this.sum = sum;
        this.site = site;
    }

    /** The first objection; its words travel to the coordinator and into the log. */
    Optional<Refusal> refusal() {
        if (!sum.asked().getFederationId().equals(site.federation())) {
            return refuse("the invitation is for another federation", "the coordinator must invite its own sites");
        }
        try {
            Study study = sum.study();
            return model(study)
                    .or(() -> site.policy().refusal(study, sum.id().getKind()))
                    .or(this::cohort)
                    .or(() -> budget(study));
        } catch (StudyException e) {
            return refuse("the study cannot be used: " + e.getMessage(), "correct the study and start a new run");
        } catch (UserError e) {
            // Paths and file contents are the site's own business.
            return refuse(
                    "the site cannot take part at the moment: " + localOnly(e),
                    "ask the site's staff to look at its log");
        }
    }

    /** @throws UserError if the cohort cannot be read */
    SealedCohorts.Split split() {
        return site.cohorts().of(sum.study());
    }

    private Optional<Refusal> model(Study study) {
        if (study.regional().isPresent()) {
            return regional(study.regional().get());
        }
        if (sum.id().getKind() != SumKind.TRAIN && sum.id().getKind() != SumKind.EVALUATE) {
            return refuse("a network's study has no sum of kind " + sum.id().getKind(), "start a new run");
        }
        long expected = ModelShape.layout(study).parameterCount();
        return sum.asked().getParameterCount() == expected
                ? Optional.empty()
                : refuse(
                        "the model has " + sum.asked().getParameterCount() + " parameters, the study's [model] "
                                + expected,
                        "initialise the model from this very study (commissure site model init)");
    }

    private Optional<Refusal> regional(RegionalPlan plan) {
        if (sum.id().getKind() == SumKind.TRAIN) {
            return refuse("a regional study has no sum of kind TRAIN", "start a new run");
        }
        if (sum.asked().getParameterCount() != RegionalVectors.of(plan).published()) {
            return refuse(
                    "the published vector does not have the length that the study's regions and bins give",
                    "start a new run from the study alone");
        }
        Optional<String> model = RegionalWork.problem(plan);
        if (model.isPresent()) {
            return refuse("the study's model cannot be simulated: " + model.get(), "correct the study");
        }
        SealedCohorts.Split split = split();
        return RegionalCohort.problem(split.subjects(), plan, split.commonestRejection())
                .map(problem -> new Refusal(
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
                    "too few patients of this site's cohort are admitted for the study",
                    "run `commissure cohort check` at the site");
        }
        Optional<SealStore.Seal> seal = site.seals().find(sum.id().getRunId());
        if (seal.isPresent() && !SealedCohorts.fits(seal.get(), split)) {
            return refuse(
                    "this site's cohort has changed since it was sealed for the run",
                    "restore the data folder as it was, or start a new run");
        }
        return Optional.empty();
    }

    private Optional<Refusal> budget(Study study) {
        if (!PrivacyCharge.spends(sum.id().getKind()) || study.privacy().mode() == Study.PrivacyMode.NONE) {
            return Optional.empty();
        }
        SitePolicy.Privacy policy = site.policy().privacy();
        double after = site.ledger()
                .after(PrivacyCharge.planned(sum, site), study.privacy().delta())
                .epsilon();
        return after <= policy.epsilonBudget()
                ? Optional.empty()
                : refuse(
                        String.format(
                                Locale.ROOT,
                                "the round would bring this site's spent epsilon to %.3f, over its budget of %.3f",
                                after,
                                policy.epsilonBudget()),
                        "plan more noise, fewer local steps or a smaller sampling rate, or ask the site's privacy"
                                + " officer for a larger privacy.epsilon_budget");
    }

    private static String localOnly(UserError problem) {
        LOG.error("invitation refused: {}; remedy: {}", problem.getMessage(), problem.remedy());
        return "its policy or its data folder cannot be read";
    }

    private static Optional<Refusal> refuse(String reason, String remedy) {
        return Optional.of(new Refusal(reason, remedy));
    }
}
