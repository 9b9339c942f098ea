package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.coordinator.support.CoordinatorSupport;
import org.commissure.privacy.support.SupportBundle;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One file for whoever helps. */
@Command(
        name = "support-bundle",
        description = {
            "Writes facts for whoever helps into one ZIP: versions, configuration, sizes, tables' versions and rows,"
                    + " runs' events by kind, metrics, threads, and the last lines of logs that you name.",
            "Not in it: keys, passwords, tokens, anything of a patient, models, updates. Its MANIFEST.json names every"
                    + " file and why it is there. Read it before you send it.",
            "Works while the coordinator serves, and on a home that is damaged."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator support-bundle --home /srv/commissure --dry-run",
            "  journalctl -u commissure-coordinator --since -1d > serve.log",
            "  commissure coordinator support-bundle --home /srv/commissure --log serve.log --out support.zip"
        })
final class SupportBundleCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--out", paramLabel = "FILE", description = "A file that does not exist yet.")
    private @Nullable Path out;

    @Option(names = "--log", paramLabel = "FILE", description = "A log of 'serve'; its last 2,000 lines, redacted.")
    private List<Path> logs = List.of();

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "9464",
            description = "Where the serving process exports metrics (default: ${DEFAULT-VALUE}).")
    private int metricsPort;

    @Option(names = "--dry-run", description = "Say what would be in it, and write nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the files as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (out == null && !dryRun) {
            throw new UserError("there is no --out", "name the file to write, or give --dry-run");
        }
        SupportBundle bundle = CoordinatorSupport.of(home.home(), logs, metricsPort, System.getenv());
        List<SupportBundle.Entry> entries =
                out == null || dryRun ? bundle.plan() : bundle.write(out, Clock.systemUTC());
        if (json) {
            Json.print(Map.of("files", entries));
            return 0;
        }
        System.out.println(dryRun ? "would write:" : "wrote " + out + ":");
        entries.forEach(entry -> System.out.println(String.format("  %-20s %s", entry.name(), entry.why())));
        return 0;
    }
}
