package org.commissure.site.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.ConsentChange;
import org.commissure.privacy.dp.Guarantee;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.status.LedgerReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a site's privacy ledger; works while the site serves, and changes nothing. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = {
            "Show what this site's patients' privacy was spent on, and what it adds up to.",
            "Each charge is one masked update that was about to leave the site, or the noised number of patients of a"
                    + " cohort. Charges are never refunded. One ledger"
                    + " holds every study on the site's patients, and the total is over all of them.",
            "The file is a chain of hashes: an altered line is an error here."
        },
        footer = {
            "",
            "Example:",
            "  commissure site privacy ledger --home /srv/commissure",
            "  commissure site privacy ledger --home /srv/commissure --json",
            "",
            "Keep the head that is printed: a ledger whose last lines were removed has another one."
        })
final class LedgerCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "the site's folder")
    private Path home = Path.of("");

    @Option(
            names = "--delta",
            paramLabel = "DELTA",
            description = "delta of the total, in (0, 1) (default: the largest that the site's policy allows)")
    private @Nullable Double delta;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        SiteHome site = new SiteHome(home);
        if (!Files.exists(site.ledger()) && !Files.exists(site.settings())) {
            throw new UserError(
                    "there is neither a ledger nor an enrolled site at --home " + home,
                    "name the folder that site enrol was given as --home");
        }
        double at = delta == null ? PolicyFile.read(site.policy()).privacy().maximumDelta() : delta;
        if (!(at > 0 && at < 1)) {
            throw new UserError("--delta is " + at, "--delta must be strictly between 0 and 1");
        }
        LedgerReport report = LedgerReport.of(LedgerContents.read(site.ledger()), at);
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, report.facts());
        } else {
            print(report, out);
        }
        return 0;
    }

    private static void print(LedgerReport report, PrintWriter out) {
        LedgerContents ledger = report.ledger();
        Guarantee spent = report.spent();
        for (Charge charge : ledger.charges()) {
            if (charge.mechanism().equals(Charge.COUNT)) {
                out.println(charge.when() + "  number of patients of " + charge.runId() + ", stated once: "
                        + charge.mechanism() + ", scale " + charge.noiseMultiplier() + " patients");
                continue;
            }
            out.println(charge.when() + "  run " + charge.runId() + " round " + charge.round() + " attempt "
                    + charge.attempt() + ": " + charge.steps() + " steps, " + charge.mechanism() + ", sampling rate "
                    + charge.samplingRate() + ", noise multiplier " + charge.noiseMultiplier() + ", clip norm "
                    + charge.clipNorm()
                    + charge.share()
                            .map(share -> ", noise of " + share.sites() + " sites counted"
                                    + (share.countMultiplier().isPresent() ? ", with the count of unclipped" : ""))
                            .orElse(""));
        }
        for (LedgerReport.Run run : report.runs()) {
            out.println((run.run().startsWith("cohort-") ? "" : "run ") + run.run() + ": " + counted(run.charges())
                    + ", by themselves epsilon "
                    + new BigDecimal(String.valueOf(run.epsilon())).setScale(4, RoundingMode.CEILING));
        }
        for (LedgerContents.Repair repair : ledger.repairs()) {
            out.println(repair.when() + "  an unfinished last line of " + repair.bytes() + " bytes was repaired");
        }
        for (ConsentChange change : ledger.consents()) {
            out.println(change.when() + "  consent " + (change.withdrawn() ? "withdrawn" : "given again")
                    + " by patient " + change.patient());
        }
        if (!ledger.consents().isEmpty()) {
            out.println(ledger.withdrawn() + " patients have withdrawn; what was spent on them stays spent");
        }
        out.println(counted(ledger.charges().size()) + "; epsilon at most " + EpsilonCommand.rounded(spent.epsilon())
                + " at delta " + spent.delta() + " for each patient, added or removed");
        out.println("head " + ledger.head());
        out.flush();
    }

    static String counted(int charges) {
        return charges + (charges == 1 ? " charge" : " charges");
    }
}
