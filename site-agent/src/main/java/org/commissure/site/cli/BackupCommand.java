package org.commissure.site.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.privacy.backup.BackupManifest;
import org.commissure.privacy.identity.Passphrase;
import org.commissure.site.backup.SiteBackup;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Write this site's home into one encrypted file, also while the agent serves: settings, policy, privacy"
                    + " ledger, keys, plans and decisions, receipts.",
            "Not in it: models, the witness's key, and secrets of sums under way."
        },
        footer = {
            "",
            "Example:",
            "  commissure site backup --home /srv/commissure --out /backup/monday --passphrase-file secret"
        })
final class BackupCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SiteHomeOption home = new SiteHomeOption();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "a file that does not exist yet")
    private Path out = Path.of("");

    @Option(
            names = "--passphrase-file",
            required = true,
            paramLabel = "FILE",
            description =
                    "its first line, of 12 characters or more, encrypts the backup; keep it where the backup is not")
    private Path passphrase = Path.of("");

    @Override
    public Integer call() {
        BackupManifest made = SiteBackup.write(home.home(), out, Passphrase.firstLine(passphrase), Clock.systemUTC());
        Output.of(spec)
                .println("backed up site " + made.facts().get("site") + " to " + out + ", "
                        + made.entries().size() + " files");
        return 0;
    }
}
