package org.commissure.site.console;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.PlanPage;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.SitePolicy;

/**
 * How a steward decides on the page. Where the policy names its stewards by keys, an approval is not made here: a key
 * that a page could use is a key that whoever runs the agent could use, and two stewards would be one. The page then shows
 * the command that its owner runs where the key is. Refusing and revoking need no key, here as on the command line.
 */
final class DecisionForms {
    private final ConsoleHome home;
    private final Ask ask;
    private final PlanPage page;
    private final SignedPlan plan;

    DecisionForms(ConsoleHome home, Ask ask, PlanPage page) {
        this.home = home;
        this.ask = ask;
        this.page = page;
        this.plan = page.plan();
    }

    void write(Markup out) {
        out.element("h2", "Your decision", "id", "decision");
        PlanState.Status status = page.state().status();
        if (!page.state().stewards().isEmpty()) {
            out.element(
                    "p",
                    "Approved so far by " + String.join(" and ", page.state().stewards()) + ".");
        }
        SitePolicy.Approval rule = home.policy().approvalRule();
        if (!home.clock().instant().isBefore(plan.expires())) {
            out.element("p", "This plan has expired; nothing of it can begin any more.");
        } else if (page.objection().isPresent()) {
            out.element("p", "It cannot be approved while your policy refuses it.");
        } else if (!rule.keys().isEmpty()) {
            command(out);
        } else {
            approve(out, rule);
        }
        if (status == PlanState.Status.APPROVED || status == PlanState.Status.HALF_APPROVED) {
            say(
                    out,
                    "revoke",
                    "Take the approval back",
                    "A round under way ends for this site at its next step. What was uploaded before cannot be called back.");
        } else {
            say(
                    out,
                    "refuse",
                    "Refuse",
                    "The coordinator's operator sees the reason, unless your policy keeps it here.");
        }
        readAgain(out, ask, plan);
    }

    private void command(Markup out) {
        out.element(
                "p",
                "Your policy names its stewards by their keys, and a key does not belong on this page. Approve where yours is:");
        out.command("commissure site plans approve " + plan.id() + " --key YOUR.key --home "
                + home.home().directory().toAbsolutePath().normalize());
    }

    private void approve(Markup out, SitePolicy.Approval rule) {
        ApprovalTerms proposal = page.proposal();
        Optional<ApprovalTerms> first = page.state().terms();
        out.open("form", "method", "post", "action", ask.link("plans/" + plan.id() + "/approve"));
        out.open("fieldset").element("legend", "Approve");
        out.element(
                "p",
                "An approval holds for exactly this plan, this agent's code, the data as they are now, the purpose, and what"
                        + " you state here. If one of them changes, the site refuses until you approve again."
                        + (rule.stewards() == 2 ? " Two stewards must approve the same terms." : ""));
        hidden(out, "csrf", ask.session().csrf());
        hidden(out, "seen", ConsoleAccess.sha256(proposal.text()));
        out.open("p");
        List<String> chosen = first.map(ApprovalTerms::tasks).orElse(proposal.tasks());
        for (String task : proposal.tasks()) {
            out.open("label", "class", "check");
            if (chosen.contains(task)) {
                out.empty("input", "type", "checkbox", "name", "task", "value", task, "checked", "checked");
            } else {
                out.empty("input", "type", "checkbox", "name", "task", "value", task);
            }
            out.text(task.equals("train") ? " train on our patients" : " evaluate on our external patients")
                    .close();
        }
        out.close();
        field(
                out,
                "epsilon",
                "Privacy ε that all its runs together may spend here",
                "number",
                Double.toString(first.map(ApprovalTerms::epsilon).orElse(proposal.epsilon())));
        // The terms end at midnight after their last day.
        String until = first.map(ApprovalTerms::expires)
                .orElse(proposal.expires())
                .minus(Duration.ofMillis(1))
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        out.element("p", "It ends with the plan, on " + until + ", or on the day that you state.", "class", "quiet");
        out.open("p").open("label").text("Last day (optional)");
        out.empty("input", "type", "date", "name", "until", "max", until)
                .close()
                .close();
        steward(out);
        out.element("button", "Approve this plan", "type", "submit", "class", "primary")
                .close()
                .close();
    }

    private void say(Markup out, String action, String legend, String consequence) {
        out.open("form", "method", "post", "action", ask.link("plans/" + plan.id() + "/" + action));
        out.open("fieldset").element("legend", legend).element("p", consequence);
        hidden(out, "csrf", ask.session().csrf());
        out.open("p").open("label").text("Reason");
        out.empty("input", "type", "text", "name", "reason", "required", "required", "maxlength", "300");
        out.close().close();
        steward(out);
        out.element("button", legend, "type", "submit", "class", "danger")
                .close()
                .close();
    }

    private static void steward(Markup out) {
        out.open("p").open("label").text("Your name (stays in this hospital)");
        out.empty(
                "input",
                "type",
                "text",
                "name",
                "steward",
                "required",
                "required",
                "maxlength",
                "64",
                "autocomplete",
                "name");
        out.close().close();
    }

    private static void field(Markup out, String name, String label, String type, String value) {
        out.open("p").open("label").text(label);
        out.empty(
                "input", "type", type, "name", name, "value", value, "min", "0", "step", "any", "required", "required");
        out.close().close();
    }

    static void readAgain(Markup out, Ask ask, SignedPlan plan) {
        out.open("form", "method", "post", "action", ask.link("plans/" + plan.id() + "/again"), "class", "inline");
        hidden(out, "csrf", ask.session().csrf());
        out.element("button", "Read the data again", "type", "submit").close();
    }

    static void hidden(Markup out, String name, String value) {
        out.empty("input", "type", "hidden", "name", name, "value", value);
    }
}
