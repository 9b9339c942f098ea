package org.commissure.coordinator.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.coordinator.report.ReportVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0: every number follows from the log and the sums; 1: one does not. */
@Command(
        name = "verify",
        description = {
            "Builds a run's report again from the signed log and the opened sums beside it, and compares every",
            "number of report.json, then report.html and the model card; names what differs. Needs no network.",
            "The log must verify and extend the checkpoint that is kept beside the report. Not in the log, so",
            "not compared: the seconds of a round and the bytes that a site sent."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0: the report verifies",
            "1: a number, a file or the log is not as it should be",
            "2: wrong usage",
            "3: there is no report or no log, or the kind of study cannot be recomputed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator report verify runs/run-1 --log log",
            "  commissure coordinator report verify runs/run-1 --log log --authority 3b1f… --json"
        })
final class ReportVerifyCommand implements Callable<Integer> {
    @Mixin
    private ReportFolderOptions report = new ReportFolderOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        ReportVerification result = report.verify();
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("ok", result.ok());
            facts.put("compared", result.compared());
            facts.put("unchecked", ReportVerification.UNCHECKED);
            facts.put("differences", result.differences());
            facts.put("log", result.log());
            Json.print(facts);
        } else {
            print(result);
        }
        return result.ok() ? 0 : Main.NO;
    }

    private static void print(ReportVerification result) {
        if (result.ok()) {
            System.out.println("verified: " + result.compared()
                    + " values of report.json follow from the log and the opened sums, and the page and the card from"
                    + " them");
            System.out.println("log:        " + result.log().origin() + ", as of "
                    + result.log().entries() + " entries");
            System.out.println("authority:  " + result.log().authoritySha256());
            System.out.println("unchecked:  " + String.join(", ", ReportVerification.UNCHECKED));
            return;
        }
        System.out.println("NOT verified: " + result.differences().size()
                + (result.differences().size() == 1 ? " difference" : " differences"));
        result.differences()
                .forEach(difference -> System.out.println("  " + difference.where() + ": stated " + difference.stated()
                        + ", recomputed " + difference.recomputed()));
    }
}
