package org.commissure.site.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.retention.KeptFile;
import org.commissure.site.retention.SiteRetention;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code site retention …}. */
@Command(
        name = "retention",
        mixinStandardHelpOptions = true,
        description = {
            "How long files of earlier runs are kept: this site's own tensors and control variates (own/), and vectors and"
                    + " checkpoints of attempts that ended without it (outgoing/).",
            "Files of the newest run always stay. Ledger, receipts and signed entries are never deleted: audits read them."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  commissure site retention apply --home /srv/commissure --older-than 180 --dry-run"
        })
final class SiteRetentionCommand {
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "List those files, with what would be lost with each. Deletes nothing.",
            footer = {"", "Example:", "  commissure site retention show --home /srv/commissure --json"})
    int show(
            @Mixin SiteHomeOption home,
            @Option(
                            names = "--older-than",
                            defaultValue = "180",
                            paramLabel = "DAYS",
                            description = "last written more than so many days ago (default: ${DEFAULT-VALUE})")
                    int days,
            @Mixin FactsOption facts) {
        print(facts, open(home.home()).plan(age(days)), false);
        return 0;
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = "Delete those files that are old enough.",
            footer = {"", "Example:", "  commissure site retention apply --home /srv/commissure --older-than 180"})
    int apply(
            @Mixin SiteHomeOption home,
            @Option(
                            names = "--older-than",
                            defaultValue = "180",
                            paramLabel = "DAYS",
                            description = "last written more than so many days ago (default: ${DEFAULT-VALUE})")
                    int days,
            @Option(names = "--dry-run", description = "print what would go, and delete nothing") boolean dryRun,
            @Mixin FactsOption facts) {
        SiteRetention retention = open(home.home());
        List<KeptFile> files = dryRun
                ? retention.plan(age(days)).stream().filter(KeptFile::goes).toList()
                : retention.apply(age(days));
        print(facts, files, !dryRun);
        return 0;
    }

    private static SiteRetention open(SiteHome home) {
        return new SiteRetention(home, new SumStore(SiteDatabase.open(home.database())), Clock.systemUTC());
    }

    private static Duration age(int days) {
        if (days < 0) {
            throw new UserError("--older-than is " + days, "choose a number of days from 0 on");
        }
        return Duration.ofDays(days);
    }

    private static void print(FactsOption facts, List<KeptFile> files, boolean deleted) {
        long bytes =
                files.stream().filter(KeptFile::goes).mapToLong(KeptFile::bytes).sum();
        facts.print(Map.of("deleted", deleted, "goes_bytes", bytes, "files", files), out -> {
            files.forEach(file -> line(out, file, deleted));
            out.println(
                    String.format(Locale.ROOT, "%s %.1f MB", deleted ? "deleted" : "the rule would free", bytes / 1e6));
        });
    }

    private static void line(PrintWriter out, KeptFile file, boolean deleted) {
        out.println(String.format(
                Locale.ROOT,
                "%s  %.1f MB, %s%s",
                file.file(),
                file.bytes() / 1e6,
                file.modified(),
                file.goes() ? (deleted ? "  deleted; " : "  would go; ") + "lost: " + file.loses() : ""));
    }
}
