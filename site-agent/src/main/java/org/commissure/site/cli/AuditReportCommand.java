package org.commissure.site.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.LoggedEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0: written; 1: written, and it says that the log does not verify. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes one page for the file: whether the log verifies and who witnessed it, what left",
            "the hospital with purpose and ε, refusals, and every entry asked for. Prints well."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: written", "1: written; the log does not verify", "2: wrong usage", "3: failed"},
        footerHeading = "%nExample:%n",
        footer = "  commissure audit report log --organisation NYU --month 2026-03 --out march.html")
final class AuditReportCommand implements Callable<Integer> {
    @Mixin
    private AuditLog log = new AuditLog();

    @Mixin
    private AuditChoice choice = new AuditChoice();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page; replaced if it exists.")
    private Path out = Path.of("");

    @Override
    public Integer call() {
        AuditLog.Opened opened = log.open();
        List<LoggedEntry> wanted = choice.query().of(opened.entries());
        String page = new AuditPage(choice.title(), opened, wanted).html();
        AuditLog.write(out, page.getBytes(StandardCharsets.UTF_8));
        log.print("the report is " + out);
        return opened.verification().ok() ? 0 : 1;
    }
}
