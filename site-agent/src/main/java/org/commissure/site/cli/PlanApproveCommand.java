package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.PlanPage;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.commissure.site.plan.StewardKey;
import org.commissure.site.plan.TermsChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = {
            "Approve a plan, bound to its tasks, this agent's code, the data as they are now, the purpose, an epsilon over"
                    + " all its runs, and a day. If any of them changes, the site refuses until you approve again.",
            "Where the policy asks for two stewards, each approves with a key of their own; the second one's terms are"
                    + " the first one's unless options say otherwise, and then both must be the same."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site plans approve 3f2a --home /srv/commissure",
            "  commissure site plans approve 3f2a --task evaluate --until 2027-03-31 --home /srv/commissure",
            "  commissure site plans approve 3f2a --key anna.key --home /srv/commissure"
        })
final class PlanApproveCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SiteHomeOption home = new SiteHomeOption();

    @Mixin
    private StewardNameOption steward = new StewardNameOption();

    @Parameters(paramLabel = "PLAN", description = "first digits of its hash")
    private String name = "";

    @Option(
            names = "--task",
            split = ",",
            paramLabel = "TASK",
            description = "train, evaluate, or both (default: both)")
    private List<String> tasks = List.of();

    @Option(
            names = "--epsilon",
            paramLabel = "EPSILON",
            description = "what all runs of the plan together may spend here (default: what the study costs when every"
                    + " round counts once; an aborted attempt whose update was masked costs once more)")
    private @Nullable Double epsilon;

    @Option(names = "--until", paramLabel = "DAY", description = "last day, UTC (default: the plan's own end)")
    private @Nullable String until;

    @Option(names = "--key", paramLabel = "FILE", description = "your steward's key, from 'site stewards new'")
    private @Nullable Path key;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        StewardDesk desk = StewardDesk.open(home.home(), Clock.systemUTC());
        SignedPlan plan = desk.book().named(name);
        ApprovalTerms terms = new TermsChoice(
                        tasks,
                        epsilon == null ? OptionalDouble.empty() : OptionalDouble.of(epsilon),
                        Optional.ofNullable(until))
                .of(desk.proposal(plan), desk.state(plan));
        PlanState state = desk.approve(
                plan, terms, steward.name(), Optional.ofNullable(key).map(StewardKey::read));
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, PlanPage.headline(plan, state));
        } else {
            out.println(
                    state.status() == PlanState.Status.APPROVED
                            ? "approved plan " + plan.id() + ":"
                            : "noted; plan " + plan.id() + " needs another steward, with the same terms:");
            terms.text().lines().skip(1).forEach(line -> out.println("  " + line));
            out.flush();
        }
        return 0;
    }
}
