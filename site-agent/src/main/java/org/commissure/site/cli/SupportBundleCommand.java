package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.support.SupportBundle;
import org.commissure.protocol.UserError;
import org.commissure.site.support.SiteSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "support-bundle",
        mixinStandardHelpOptions = true,
        description = {
            "Write facts for whoever helps into one ZIP: versions, settings, sizes, status, preflight, metrics, threads,"
                    + " and the last lines of logs that you name.",
            "Not in it: keys, passwords, tokens, the cohort (ids, folder, series, counts), updates. Its MANIFEST.json"
                    + " names every file and why it is there. Read it before you send it.",
            "Works while the agent serves, and on a home that is damaged."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site support-bundle --home /srv/commissure --dry-run",
            "  journalctl -u commissure-site --since -1d > serve.log",
            "  commissure site support-bundle --home /srv/commissure --log serve.log --out support.zip"
        })
final class SupportBundleCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SiteHomeOption home = new SiteHomeOption();

    @Option(names = "--out", paramLabel = "FILE", description = "a file that does not exist yet")
    private @Nullable Path out;

    @Option(names = "--log", paramLabel = "FILE", description = "a log of 'serve'; its last 2,000 lines, redacted")
    private List<Path> logs = List.of();

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "9465",
            description = "where the serving process exports metrics (default: ${DEFAULT-VALUE})")
    private int metricsPort;

    @Option(names = "--dry-run", description = "say what would be in it, and write nothing")
    private boolean dryRun;

    @Option(names = "--json", description = "print the files as JSON")
    private boolean json;

    @Override
    public Integer call() {
        if (out == null && !dryRun) {
            throw new UserError("there is no --out", "name the file to write, or give --dry-run");
        }
        SupportBundle bundle = SiteSupport.of(home.home(), logs, metricsPort, System.getenv());
        List<SupportBundle.Entry> entries =
                out == null || dryRun ? bundle.plan() : bundle.write(out, Clock.systemUTC());
        PrintWriter print = Output.of(spec);
        if (json) {
            Output.json(print, Map.of("files", entries));
            return 0;
        }
        print.println(dryRun ? "would write:" : "wrote " + out + ":");
        entries.forEach(entry -> print.println(String.format("  %-20s %s", entry.name(), entry.why())));
        print.flush();
        return 0;
    }
}
