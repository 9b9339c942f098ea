package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Passphrase;
import org.commissure.site.backup.SiteRestore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Make a site's home of a backup. The folder must not exist, be empty, or hold nothing but a ledger.jsonl"
                    + " that survived: that is replaced by one that goes on from it, never by an older one.",
            "Where the newest ledger is lost, what was charged after the backup is forgotten here; the federation's log"
                    + " still has it."
        },
        footer = {
            "",
            "Example:",
            "  commissure site restore /backup/monday --home /srv/commissure --passphrase-file secret"
        })
final class RestoreCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "what 'site backup' wrote")
    private Path archive = Path.of("");

    @Mixin
    private SiteHomeOption home = new SiteHomeOption();

    @Option(
            names = "--passphrase-file",
            required = true,
            paramLabel = "FILE",
            description = "its first line opens the backup")
    private Path passphrase = Path.of("");

    @Override
    public Integer call() {
        SiteRestore.Restored restored =
                SiteRestore.restore(archive, home.home().directory(), Passphrase.firstLine(passphrase));
        PrintWriter out = Output.of(spec);
        out.println("restored site " + restored.manifest().facts().get("site") + " as of "
                + restored.manifest().created() + ", with " + LedgerCommand.counted(restored.charges())
                + " in its ledger");
        out.println(
                "warning: charges after that moment are not in this ledger. Compare with the federation's log before"
                        + " the agent serves: commissure audit query LOG");
        out.println("note: the witness begins anew, under a new key which the log will show");
        out.flush();
        return 0;
    }
}
