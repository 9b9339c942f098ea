package org.commissure.site.console;

import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortCheck;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.commissure.site.plan.TermsChoice;

/** What forms do: the same as the commands, through the same desks. Neither answers nor logs repeat what was typed. */
final class Decisions {
    private final ConsoleHome home;
    private final Background<ApprovalTerms> proposals;
    private final Background<CohortCheck> checks;

    Decisions(ConsoleHome home, Background<ApprovalTerms> proposals, Background<CohortCheck> checks) {
        this.home = home;
        this.proposals = proposals;
        this.checks = checks;
    }

    /**
     * @return where the browser goes next, below the base
     * @throws UserError if it cannot be done, or there is no such form
     */
    String post(Ask ask) {
        String[] parts = ask.path().split("/");
        if (parts.length == 3 && parts[0].equals("plans")) {
            SignedPlan plan = home.steward().book().named(parts[1]);
            plan(ask, plan, parts[2]);
            return "plans/" + plan.id();
        }
        switch (ask.path()) {
            case "cohort/again" -> checks.forget(ask.field("rules").orElse(""));
            case "consent/withdraw" -> {
                home.consent().withdraw(patient(ask), ask.field("absent").isPresent());
                home.consent().settle();
                good(ask, "Withdrawn. The patient takes part in no sum from the next one on.");
            }
            case "consent/renew" -> {
                home.consent().renew(patient(ask));
                home.consent().settle();
                good(ask, "Noted. The patient may take part from the next sum on.");
            }
            default -> throw new UserError("there is no such form", "go back to the overview");
        }
        return parts[0];
    }

    private void plan(Ask ask, SignedPlan plan, String action) {
        StewardDesk desk = home.steward();
        switch (action) {
            case "approve" -> approve(ask, desk, plan);
            case "refuse" -> {
                desk.refuse(plan, steward(ask), reason(ask));
                good(ask, "Refused. The coordinator's operator is told within seconds, if the agent is connected.");
            }
            case "revoke" -> {
                desk.revoke(plan, steward(ask), reason(ask));
                good(ask, "The approval is taken back. A round under way ends here at its next step.");
            }
            case "again" -> proposals.forget(plan.hex());
            default -> throw new UserError("there is no such form", "go back to the plan");
        }
    }

    private void approve(Ask ask, StewardDesk desk, SignedPlan plan) {
        String steward = steward(ask);
        if (ask.fields("task").isEmpty()) {
            throw new UserError("no task was ticked", "tick what this site may do, or refuse the plan");
        }
        ApprovalTerms proposal = desk.proposal(plan);
        if (!ConsoleAccess.sha256(proposal.text()).equals(ask.field("seen").orElse(""))) {
            proposals.forget(plan.hex());
            throw new UserError(
                    "the data or the agent's code changed since you read this plan, so nothing was approved",
                    "read it again, and approve what it says now");
        }
        ApprovalTerms terms =
                new TermsChoice(ask.fields("task"), epsilon(ask), ask.field("until")).of(proposal, desk.state(plan));
        PlanState state = desk.approve(plan, terms, steward, Optional.empty());
        good(
                ask,
                state.status() == PlanState.Status.APPROVED
                        ? "Approved. The site takes part from the next invitation on."
                        : "Noted. Another steward must approve the same terms.");
    }

    private static OptionalDouble epsilon(Ask ask) {
        String typed = ask.field("epsilon").orElse("");
        try {
            return OptionalDouble.of(Double.parseDouble(typed));
        } catch (NumberFormatException e) {
            throw new UserError("the privacy budget ε is no number", "write one, for example 2.5");
        }
    }

    private static String steward(Ask ask) {
        return ask.field("steward")
                .filter(name -> name.length() <= 64)
                .map(name -> name.replaceAll("\\p{Cntrl}", " "))
                .orElseThrow(() -> new UserError("a decision needs the name of who decides", "fill in your name"));
    }

    private static String reason(Ask ask) {
        return ask.field("reason").orElseThrow(() -> new UserError("there is no reason", "write one; it is logged"));
    }

    private static String patient(Ask ask) {
        return ask.field("patient")
                .orElseThrow(() -> new UserError("there is no participant id", "write it as in participants.tsv"));
    }

    private static void good(Ask ask, String text) {
        ask.session().say(new Sessions.Notice(true, text, ""));
    }
}
