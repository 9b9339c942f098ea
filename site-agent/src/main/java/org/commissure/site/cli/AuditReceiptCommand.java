package org.commissure.site.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.BundleKind;
import org.commissure.privacy.audit.LogBundle;
import org.commissure.privacy.audit.Receipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0: written; 1: the log does not verify, or proves no such thing. */
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description = {
            "Writes, for each released sum that a site took part in, one file that proves without any",
            "network that the site's masked update (by its SHA-256) was one of n in that sum.",
            "'audit verify FILE' checks it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: written", "1: nothing to prove, or the log does not verify", "2: wrong usage", "3: failed"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure audit receipt log --organisation NYU --out receipts",
            "  commissure audit receipt log --organisation NYU --run run-1 --round 2 --out receipts --json"
        })
final class AuditReceiptCommand implements Callable<Integer> {
    @Mixin
    private AuditLog log = new AuditLog();

    @Option(names = "--organisation", required = true, paramLabel = "NAME", description = "The site.")
    private String organisation = "";

    @Option(names = "--run", paramLabel = "ID", description = "Only this run.")
    private Optional<String> run = Optional.empty();

    @Option(names = "--round", paramLabel = "N", description = "Only this round.")
    private OptionalInt round = OptionalInt.empty();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the receipts.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        AuditLog.Opened opened = log.open();
        if (!log.requireVerified(opened, json)) {
            return 1;
        }
        List<Receipt> receipts = Receipt.of(organisation, opened.entries()).stream()
                .filter(receipt -> run.filter(id -> !id.equals(receipt.run())).isEmpty())
                .filter(receipt -> round.isEmpty() || round.getAsInt() == receipt.round())
                .toList();
        ObjectNode facts = AuditText.JSON.createObjectNode().put("count", receipts.size());
        ArrayNode each = facts.putArray("receipts");
        for (Receipt receipt : receipts) {
            Path file = out.resolve(name(receipt));
            AuditLog.write(file, LogBundle.of(opened.requireFolder(), BundleKind.RECEIPT, receipt.entries()));
            each.add(AuditText.asJson(receipt).put("file", file.toString()));
        }
        log.print(json ? AuditText.pretty(facts) : receipts.size() + " receipts in " + out);
        return receipts.isEmpty() ? 1 : 0;
    }

    private static String name(Receipt receipt) {
        return "receipt-%s-%s-round-%d-%s.json"
                .formatted(
                        receipt.site().replaceAll("[^A-Za-z0-9._-]", "_"),
                        receipt.run().replaceAll("[^A-Za-z0-9._-]", "_"),
                        receipt.round(),
                        receipt.sum().toLowerCase(Locale.ROOT));
    }
}
