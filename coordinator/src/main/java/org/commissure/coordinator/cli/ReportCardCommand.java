package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.coordinator.report.ReportVerification;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model card of a run, once it follows from the log. */
@Command(
        name = "card",
        description = {
            "Prints a run's model card, after building report and card again from the signed log and the opened sums as",
            "'report verify' does: what the model is, data by site as noised counts, training, epsilon, evaluation with",
            "intervals and the worst site, limits, lineage and hashes. A card that does not follow is not printed.",
            "Research use, not for clinical decisions."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0: the card follows from the log and is printed",
            "1: something does not follow; 'report verify' names it",
            "2: wrong usage",
            "3: there is no report or no log, or the kind of study cannot be recomputed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator report card runs/run-1 --log log",
            "  commissure coordinator report card runs/run-1 --log log --json"
        })
final class ReportCardCommand implements Callable<Integer> {
    @Mixin
    private ReportFolderOptions report = new ReportFolderOptions();

    @Option(names = "--json", description = "Print model-card.json.")
    private boolean json;

    @Override
    public Integer call() {
        ReportVerification result = report.verify();
        if (!result.ok()) {
            System.err.println("NOT verified: " + result.differences().size() + " differences; the first is at "
                    + result.differences().getFirst().where());
            return Main.NO;
        }
        Path card = report.folder().resolve(json ? ReportVerification.CARD_JSON : ReportVerification.CARD);
        try {
            System.out.print(Files.readString(card));
        } catch (IOException e) {
            throw new UserError(
                    "there is no " + card, "a run of an earlier version has none; run the command without --json", e);
        }
        return 0;
    }
}
