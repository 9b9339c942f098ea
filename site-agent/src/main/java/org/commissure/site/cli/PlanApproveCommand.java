package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.protocol.UserError;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.commissure.site.plan.StewardKey;
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
        ApprovalTerms terms = terms(desk, plan);
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

    private ApprovalTerms terms(StewardDesk desk, SignedPlan plan) {
        ApprovalTerms proposal = desk.proposal(plan);
        Optional<ApprovalTerms> first = desk.state(plan).terms();
        double asked =
                epsilon != null ? epsilon : first.map(ApprovalTerms::epsilon).orElse(proposal.epsilon());
        if (!(asked >= 0 && Double.isFinite(asked))) {
            throw new UserError("--epsilon is " + asked, "give a number of 0 or more");
        }
        List<String> wanted = tasks.isEmpty() ? first.map(ApprovalTerms::tasks).orElse(proposal.tasks()) : tasks;
        for (String task : wanted) {
            if (!proposal.tasks().contains(task)) {
                throw new UserError("--task is '" + task + "'", "known are " + String.join(", ", proposal.tasks()));
            }
        }
        return new ApprovalTerms(
                proposal.plan(),
                wanted.stream().distinct().sorted().toList().reversed(),
                proposal.purpose(),
                proposal.code(),
                proposal.data(),
                asked,
                until == null ? first.map(ApprovalTerms::expires).orElse(proposal.expires()) : end(until));
    }

    private static Instant end(String day) {
        try {
            return LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new UserError("--until is '" + day + "'", "write a day, for example 2027-06-30", e);
        }
    }
}
