package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.coordinator.backup.HomeRestore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A home of a backup. */
@Command(
        name = "restore",
        description = {
            "Makes a new home of a backup: checks every file's hash, verifies the log from its first entry, and checks"
                    + " that log, database and models fit each other. Nothing is ever overwritten.",
            "Restore only where nothing newer survived: to every hospital that saw more, the restored log was set back."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator restore /backup/monday --home /srv/restored --passphrase-file secret")
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What 'coordinator backup' wrote.")
    private Path archive = Path.of("");

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "A folder that does not exist yet.")
    private Path home = Path.of("");

    @Mixin
    private BackupPassphraseOption passphrase = new BackupPassphraseOption();

    @Override
    public Integer call() {
        HomeRestore.Restored restored = HomeRestore.restore(archive, home, passphrase.passphrase());
        System.out.println("restored federation " + restored.manifest().facts().get("federation") + " as of "
                + restored.manifest().created() + " in " + home);
        System.out.println("  log entries  " + restored.logEntries() + ", verified");
        if (!restored.hasKeys()) {
            System.out.println(
                    "  keys         none in the backup: put back authority/, identity/ and operator/ before 'serve'");
        }
        System.out.println(
                "warning: what happened after the backup is not in this log. Every hospital whose witness saw more"
                        + " than " + restored.logEntries()
                        + " entries refuses it, and what is appended to it, with proofs that stay.");
        System.out.println(
                "remedy: if any newer copy survived, serve that one; if none did, tell the hospitals before you"
                        + " serve this one (docs/operations.md, 'Backup').");
        return 0;
    }
}
