package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.backup.HomeBackup;
import org.commissure.privacy.backup.BackupManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One consistent file of the whole home. */
@Command(
        name = "backup",
        description = {
            "Writes the coordinator's home into one file, also while it serves.",
            "With a passphrase the file is encrypted and holds the keys; without one it holds no key and nothing of"
                    + " openings/, and models, reports and hashes of console passwords can be read by who has it.",
            "A later 'serve' from it is a log that was set back: hospitals that saw more refuse it"
                    + " (docs/operations.md)."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator backup --home /srv/commissure --out /backup/monday --passphrase-file secret")
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Mixin
    private BackupPassphraseOption passphrase = new BackupPassphraseOption();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Print what was written as JSON, with every file's hash.")
    private boolean json;

    @Override
    public Integer call() {
        BackupManifest made = HomeBackup.write(home.home(), out, passphrase.passphrase(), Clock.systemUTC());
        if (json) {
            Json.print(made);
            return 0;
        }
        System.out.println("backed up federation " + made.facts().get("federation") + " to " + out);
        System.out.println("  files        " + made.entries().size());
        System.out.println("  log entries  " + made.facts().get("log_entries"));
        System.out.println("  keys         " + made.facts().get("keys"));
        return 0;
    }
}
