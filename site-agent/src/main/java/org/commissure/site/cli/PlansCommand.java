package org.commissure.site.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.site.plan.AgentCode;
import org.commissure.site.plan.PlanPage;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code site plans …}: what a data steward does. */
@Command(
        name = "plans",
        mixinStandardHelpOptions = true,
        description = {
            "Read the plans that the coordinator published, and approve, refuse or revoke them.",
            "Works while the site serves. A plan is named by the first digits of its hash. Without an approval this"
                    + " site trains nothing and evaluates nothing."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PlanApproveCommand.class},
        footer = {
            "",
            "A steward's morning:",
            "  commissure site plans list --home /srv/commissure",
            "  commissure site plans show 3f2a --home /srv/commissure",
            "  commissure site plans approve 3f2a --home /srv/commissure"
        })
final class PlansCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the plans that this site knows, newest first, and where each stands.",
            footer = {"", "Example:", "  commissure site plans list --home /srv/commissure"})
    int list(
            @Mixin SiteHomeOption home,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        StewardDesk desk = desk(home);
        List<SignedPlan> plans = desk.book().plans();
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(
                    out,
                    plans.stream()
                            .map(plan -> PlanPage.headline(plan, desk.state(plan)))
                            .toList());
            return 0;
        }
        if (plans.isEmpty()) {
            out.println("no plan came yet; they come while 'site serve' is connected");
        }
        for (SignedPlan plan : plans) {
            PlanState state = desk.state(plan);
            out.println(plan.id() + "  " + state.status().label() + "  '"
                    + plan.study().study().study().name() + "', purpose '" + plan.purpose() + "', until "
                    + plan.expires() + (state.reason().isEmpty() ? "" : "  (" + state.reason() + ")"));
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = {
                "Show a plan: purpose, legal basis, cost in epsilon, what changed since the plan that was approved last,"
                        + " exactly which fields leave and in which form, and what approving would bind.",
                "Reads every series once, for the commitment to the data."
            },
            footer = {"", "Example:", "  commissure site plans show 3f2a --home /srv/commissure"})
    int show(
            @Mixin SiteHomeOption home,
            @Parameters(paramLabel = "PLAN", description = "first digits of its hash") String name,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        StewardDesk desk = desk(home);
        PlanPage page = PlanPage.of(desk, desk.book().named(name));
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, page.facts());
        } else {
            page.lines().forEach(out::println);
            out.flush();
        }
        return 0;
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = {
                "Show what a plan changes, key by key, against the plan that was approved last or another one.",
                "Exit status 1: something differs."
            },
            footer = {"", "Example:", "  commissure site plans diff 3f2a --against 77c0 --home /srv/commissure"})
    int diff(
            @Mixin SiteHomeOption home,
            @Parameters(paramLabel = "PLAN", description = "first digits of its hash") String name,
            @Option(names = "--against", paramLabel = "PLAN", description = "another plan") @Nullable String against,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        StewardDesk desk = desk(home);
        SignedPlan plan = desk.book().named(name);
        PlanPage.Difference difference = against == null
                ? PlanPage.sinceLastApproval(desk, plan)
                : PlanPage.Difference.between(desk.book().named(against), plan);
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, difference.facts());
        } else {
            difference.lines().forEach(out::println);
            out.flush();
        }
        return difference.changes().isEmpty() && !difference.against().isEmpty() ? 0 : 1;
    }

    @Command(
            name = "refuse",
            mixinStandardHelpOptions = true,
            description = "Refuse a plan. The coordinator's operator and the log get the reason.",
            footer = {
                "",
                "Example:",
                "  commissure site plans refuse 3f2a --reason 'no ethics vote for this purpose' --home /srv/commissure"
            })
    int refuse(
            @Mixin SiteHomeOption home,
            @Mixin StewardNameOption steward,
            @Parameters(paramLabel = "PLAN", description = "first digits of its hash") String name,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "leaves the hospital")
                    String reason) {
        StewardDesk desk = desk(home);
        SignedPlan plan = desk.book().named(name);
        desk.refuse(plan, steward.name(), reason);
        return told("refused plan " + plan.id() + "; the coordinator's operator sees the reason");
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Take an approval back. A round under way ends for this site at its next step; what was uploaded before"
                        + " cannot be called back, and spent epsilon stays spent."
            },
            footer = {
                "",
                "Example:",
                "  commissure site plans revoke 3f2a --reason 'scanner fault' --home /srv/commissure"
            })
    int revoke(
            @Mixin SiteHomeOption home,
            @Mixin StewardNameOption steward,
            @Parameters(paramLabel = "PLAN", description = "first digits of its hash") String name,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "leaves the hospital")
                    String reason) {
        StewardDesk desk = desk(home);
        SignedPlan plan = desk.book().named(name);
        desk.revoke(plan, steward.name(), reason);
        return told("revoked the approval of plan " + plan.id() + "; a round under way ends here at its next step");
    }

    @Command(
            name = "code",
            mixinStandardHelpOptions = true,
            description =
                    "Print the hash of this agent's code, for allowed.code of a policy or 'coordinator plan publish"
                            + " --code'. The same source, built, has the same hash everywhere.",
            footer = {"", "Example:", "  commissure site plans code"})
    int code(@Option(names = "--json", description = "print the facts as JSON") boolean json) {
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("code_sha256", AgentCode.sha256());
            Output.json(Output.of(spec), facts);
            return 0;
        }
        return told(AgentCode.sha256());
    }

    private int told(String line) {
        PrintWriter out = Output.of(spec);
        out.println(line);
        out.flush();
        return 0;
    }

    private static StewardDesk desk(SiteHomeOption home) {
        return StewardDesk.open(home.home(), Clock.systemUTC());
    }
}
