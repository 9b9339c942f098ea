package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.status.SiteStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show who this site is, when its certificates expire, its cohort, what privacy was spent, and its last"
                    + " sums.",
            "Reads the folder only; works while the site serves. Everything shown stays at the hospital."
        },
        footer = {"", "Example:", "  commissure site status --home /srv/commissure --json"})
final class StatusCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "an enrolled site's folder")
    private Path home = Path.of("");

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        SiteStatus status = SiteStatus.of(new SiteHome(home), Clock.systemUTC());
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, status);
        } else {
            print(status, out);
        }
        return 0;
    }

    private static void print(SiteStatus status, PrintWriter out) {
        out.println("site " + status.site() + " of federation " + status.federation() + ", coordinator "
                + status.coordinator()
                + (status.coordinatorReplicas().isEmpty()
                        ? ""
                        : " or " + String.join(" or ", status.coordinatorReplicas())));
        out.println("  authority fingerprint  " + status.authoritySha256());
        out.println("  TLS certificate        until " + status.tlsCertificateExpires()
                + (status.tlsCertificateExpired() ? "  EXPIRED: enrol again" : ""));
        out.println("  signing certificate    until " + status.signingCertificateExpires());
        SiteStatus.CohortCounts cohort = status.cohort();
        out.println(
                cohort == null
                        ? "  cohort                 no study has named its model yet; see commissure cohort check"
                        : String.format(
                                Locale.ROOT,
                                "  cohort                 %d internal, %d external, %d rejected, %d withdrawn",
                                cohort.internal(),
                                cohort.external(),
                                cohort.rejected(),
                                cohort.withdrawn()));
        SiteStatus.Privacy privacy = status.privacy();
        out.println(String.format(
                Locale.ROOT,
                "  privacy                epsilon %.3f of %.3f spent at delta %.1e, %.3f left, %d charges",
                privacy.epsilonSpent(),
                privacy.epsilonBudget(),
                privacy.delta(),
                privacy.epsilonLeft(),
                privacy.charges()));
        SiteStatus.SeenLog log = status.log();
        if (log != null) {
            out.println("  federation's log       " + log.entries() + " entries witnessed"
                    + (log.refused() == 0
                            ? ""
                            : ", " + log.refused()
                                    + " checkpoints REFUSED: the log was forked or shortened; see commissure audit"
                                    + " witness"));
        }
        List<Map<String, Object>> sums = status.lastSums();
        out.println(sums.isEmpty() ? "  no sum yet" : "  last sums:");
        for (Map<String, Object> sum : sums) {
            out.println("    run " + sum.get("run") + " round " + sum.get("round") + " " + sum.get("kind") + " attempt "
                    + sum.get("attempt") + ": " + sum.get("phase") + note(String.valueOf(sum.get("note"))));
        }
        out.flush();
    }

    private static String note(String note) {
        return note.isEmpty() ? "" : " (" + note + ")";
    }
}
