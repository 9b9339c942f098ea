package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.preflight.Finding;
import org.commissure.site.preflight.Preflight;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "preflight",
        mixinStandardHelpOptions = true,
        description = {
            "Check everything a site needs: the coordinator's name, port and proxy, its certificate, the clock, disk,"
                    + " memory, GPU, and the data folder. Each failure comes with its remedy.",
            "Changes nothing and does not spend the invitation. Reads HTTPS_PROXY and NO_PROXY as 'serve' does."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:something is not; see the remedies", "3:the check itself failed"},
        footer = {
            "",
            "Example:",
            "  commissure site preflight --invitation invitation.json --home /srv/commissure --data /data/bids",
            "  commissure site preflight --home /srv/commissure --json"
        })
final class PreflightCommand implements Callable<Integer> {
    private static final int NO = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--home",
            required = true,
            paramLabel = "DIR",
            description = "the site's folder, made or to be made")
    private Path home = Path.of("");

    @Option(names = "--invitation", paramLabel = "FILE", description = "before enrolment: what the operator sent")
    private @Nullable Path invitation;

    @Option(names = "--data", paramLabel = "DIR", description = "before enrolment: the data folder")
    private @Nullable Path data;

    @Option(names = "--json", description = "print the findings as JSON")
    private boolean json;

    @Override
    public Integer call() {
        List<Finding> findings = preflight().run(Clock.systemUTC());
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, findings);
        } else {
            print(findings, out);
        }
        return findings.stream().allMatch(Finding::ok) ? 0 : NO;
    }

    private Preflight preflight() {
        if (invitation == null) {
            return Preflight.of(new SiteHome(home));
        }
        if (data == null) {
            throw new UserError("there is no --data", "name the folder that holds participants.tsv after --data");
        }
        return Preflight.of(Invitation.read(invitation), home, data);
    }

    static void print(List<Finding> findings, PrintWriter out) {
        for (Finding finding : findings) {
            out.println(String.format(
                    Locale.ROOT, "  %-4s %-12s %s", finding.ok() ? "ok" : "FAIL", finding.check(), finding.found()));
            if (!finding.ok()) {
                out.println("       remedy:      " + finding.remedy());
            }
        }
        out.flush();
    }
}
