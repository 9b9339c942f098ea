package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.BundleKind;
import org.commissure.privacy.audit.LogBundle;
import org.commissure.privacy.audit.LoggedEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0: written; 1: the log does not verify, or holds no such entry. */
@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        description = {
            "Writes chosen entries into one file that verifies anywhere: with inclusion proofs, the",
            "signed checkpoint and its cosignatures, and the certificates of all signers.",
            "'audit verify FILE' checks it, 'audit query FILE' reads it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: written", "1: no such entry, or the log does not verify", "2: wrong usage", "3: failed"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure audit bundle log --organisation NYU --month 2026-03 --out march.json",
            "  commissure audit bundle log --action privacy.charged --run run-1 --out charges.json"
        })
final class AuditBundleCommand implements Callable<Integer> {
    @Mixin
    private AuditLog log = new AuditLog();

    @Mixin
    private AuditChoice choice = new AuditChoice();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The bundle; replaced if it exists.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        AuditLog.Opened opened = log.open();
        if (!log.requireVerified(opened, json)) {
            return 1;
        }
        List<Long> wanted = choice.query().of(opened.entries()).stream()
                .map(LoggedEntry::index)
                .toList();
        if (!wanted.isEmpty()) {
            AuditLog.write(out, LogBundle.of(opened.requireFolder(), BundleKind.ENTRIES, wanted));
        }
        log.print(
                json
                        ? AuditText.pretty(AuditText.JSON
                                .createObjectNode()
                                .put("entries", wanted.size())
                                .put("file", wanted.isEmpty() ? null : out.toString()))
                        : wanted.isEmpty() ? "no such entry" : wanted.size() + " entries in " + out);
        return wanted.isEmpty() ? 1 : 0;
    }
}
