package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.commissure.site.receipt.ReceiptBox;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code site receipts …}: proofs of where the site's masked vectors went. */
@Command(
        name = "receipts",
        mixinStandardHelpOptions = true,
        description = {
            "List and verify receipts: files that prove that this site's masked vector, by its SHA-256, was one of n in a"
                    + " released sum.",
            "The serving agent fetches one after each sum and keeps it in the folder 'receipts'. Verifying needs no"
                    + " network; 'audit verify FILE' does the same without the site's folder."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  commissure site receipts list --home /srv/commissure"})
final class ReceiptsCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = {
                "List the receipts that this site keeps, each verified now.",
                "Exit status 1: one does not verify."
            },
            footer = {"", "Example:", "  commissure site receipts list --home /srv/commissure --json"})
    int list(
            @Mixin SiteHomeOption home,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        return print(ReceiptBox.open(home.home()).list(), json);
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Verify receipts against the authority and the log key of this site's enrolment.",
                "Exit status 1: one does not verify."
            },
            footer = {"", "Example:", "  commissure site receipts verify receipt.json --home /srv/commissure"})
    int verify(
            @Mixin SiteHomeOption home,
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "receipts") List<Path> files,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        ReceiptBox box = ReceiptBox.open(home.home());
        return print(files.stream().map(box::check).toList(), json);
    }

    private int print(List<ReceiptBox.Checked> all, boolean json) {
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, all.stream().map(ReceiptBox.Checked::facts).toList());
        } else {
            all.forEach(checked -> out.println(line(checked)));
            out.println(all.size() + " receipts");
            out.flush();
        }
        return all.stream().allMatch(checked -> checked.receipt().isPresent()) ? 0 : 1;
    }

    private static String line(ReceiptBox.Checked checked) {
        return checked.receipt()
                .map(receipt -> "run " + receipt.run() + " round " + receipt.round() + " " + receipt.sum() + " attempt "
                        + receipt.attempt() + ": " + receipt.maskedSha256().substring(0, 12) + " was one of "
                        + receipt.survivors().size() + " (" + String.join(" ", receipt.survivors()) + ")")
                .orElseGet(() -> checked.file() + ": DOES NOT VERIFY: " + checked.problem());
    }
}
