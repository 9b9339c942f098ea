package org.commissure.site.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.study.Study;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.LeavingFields;
import org.commissure.site.plan.PlanCost;
import org.commissure.site.plan.PlanPage;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.SitePolicy;

/** One plan: what is asked, what it costs, what leaves, and the decision. */
final class PlanDetailPage implements Page {
    private final ConsoleHome home;
    private final Background<ApprovalTerms> proposals;

    /** @param proposals by plan: what approving would bind needs every series once */
    PlanDetailPage(ConsoleHome home, Background<ApprovalTerms> proposals) {
        this.home = home;
        this.proposals = proposals;
    }

    @Override
    public View view(Ask ask) {
        SignedPlan plan = home.steward().book().named(ask.path().substring("plans/".length()));
        String title = "Plan " + plan.id();
        Background.State<ApprovalTerms> state =
                proposals.of(plan.hex(), () -> home.steward().proposal(plan));
        return switch (state) {
            case Background.Done<ApprovalTerms> done -> whole(ask, plan, title, done.value());
            case Background.Running<ApprovalTerms> running ->
                new View(
                        title,
                        Map.of(
                                "plan_sha256",
                                plan.hex(),
                                "reading_since",
                                running.since().toString()),
                        out -> out.element(
                                "p",
                                "Reading every series once, for what an approval would bind to. This page goes on by itself."),
                        true);
            case Background.Failed<ApprovalTerms> failed ->
                new View(
                        title,
                        Map.of("plan_sha256", plan.hex(), "error", failed.what(), "remedy", failed.remedy()),
                        out -> {
                            out.element("p", "The data cannot be read: " + failed.what(), "class", "notice bad");
                            out.element("p", "What to do: " + failed.remedy());
                            DecisionForms.readAgain(out, ask, plan);
                        });
        };
    }

    private View whole(Ask ask, SignedPlan plan, String title, ApprovalTerms proposal) {
        PlanPage page = PlanPage.of(home.steward(), plan, proposal);
        Study study = plan.study().study();
        SitePolicy.Privacy budget = home.policy().privacy();
        LedgerContents ledger = home.ledger();
        double spent = ledger.spent(budget.maximumDelta()).epsilon();
        double after = PlanCost.after(study, ledger, budget.maximumDelta());
        Map<String, Object> facts = new LinkedHashMap<>(page.facts());
        facts.put("terms_sha256", ConsoleAccess.sha256(proposal.text()));
        facts.put("epsilon_spent", spent);
        facts.put("epsilon_after_one_run", after);
        facts.put("epsilon_budget", budget.epsilonBudget());
        return new View(title, facts, out -> {
            out.open("p");
            out.element(
                    "span",
                    page.state().status().label(),
                    "class",
                    "state " + PlansPage.level(page.state().status()));
            out.text(page.state().reason().isEmpty() ? "" : " " + page.state().reason())
                    .close();
            asked(out, page, study);
            cost(out, study, proposal, spent, after, budget.epsilonBudget());
            leaving(out, page.fields(), study);
            out.element("h2", "What is new").open("pre", "tabindex", "0");
            out.text(String.join("\n", page.difference().lines())).close();
            new DecisionForms(home, ask, page).write(out);
        });
    }

    private static void asked(Markup out, PlanPage page, Study study) {
        SignedPlan plan = page.plan();
        out.element("h2", "What is asked").open("dl");
        out.fact("Study", study.study().name());
        out.fact("Purpose", plan.purpose());
        out.fact("Legal basis", plan.legalBasis());
        out.fact("Until", Figures.time(plan.expires()));
        out.fact(
                "Rounds",
                study.rounds().count() + ", each repeated at most "
                        + study.rounds().maximumAttempts() + " times where hospitals drop out");
        out.fact("Hospitals", "at least " + study.quorum().minimumSites() + " in every sum");
        out.fact("Your policy", page.objection().map(no -> "REFUSES IT: " + no).orElse("allows it"));
        out.fact("Plan's hash", plan.hex());
        out.close();
    }

    private static void cost(
            Markup out, Study study, ApprovalTerms proposal, double spent, double after, double budget) {
        out.element("h2", "What it costs in privacy");
        if (study.privacy().mode() == Study.PrivacyMode.NONE) {
            out.element(
                    "p",
                    "NO DIFFERENTIAL PRIVACY: no noise protects a single patient in what is released.",
                    "class",
                    "notice bad");
            return;
        }
        out.open("dl");
        out.fact(
                "This study alone",
                "ε " + Figures.epsilon(proposal.epsilon()) + " at δ "
                        + Figures.delta(study.privacy().delta()) + ", if every round counts once");
        out.fact("Spent so far", "ε " + Figures.epsilon(spent));
        out.fact("After one run of it", "ε " + Figures.epsilon(after) + " in all");
        out.fact("Your budget", "ε " + Figures.limit(budget) + (after > budget ? ": TOO LITTLE for it" : ": enough"));
        out.close();
    }

    private static void leaving(Markup out, List<LeavingFields.Field> fields, Study study) {
        out.element("h2", "What would leave this hospital");
        for (LeavingFields.Form form : LeavingFields.Form.values()) {
            out.element(
                    "h3",
                    switch (form) {
                        case CLEAR -> "In clear";
                        case MASKED ->
                            "Masked: only the sum over at least "
                                    + study.quorum().minimumSites() + " hospitals can be opened";
                        case NEVER -> "Never leaves";
                    });
            out.open("ul");
            fields.stream()
                    .filter(field -> field.form() == form)
                    .forEach(field -> out.element(
                            "li", field.name() + (field.when().isEmpty() ? "" : " (" + field.when() + ")")));
            out.close();
        }
    }
}
