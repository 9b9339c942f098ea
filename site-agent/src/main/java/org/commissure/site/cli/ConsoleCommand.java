package org.commissure.site.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.commissure.site.console.ConsoleAccess;
import org.commissure.site.console.ConsoleAddress;
import org.commissure.site.console.SiteConsole;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        description = {
            "Open the site's console in this process, for a home whose agent does not run, or print the address of the"
                    + " console that runs.",
            "What is asked, what would leave, approve or refuse, the cohort, consent, ledger, receipts, log, certificates and"
                    + " policy, as pages. Listens on loopback only; the address holds a token, which the file console.url of"
                    + " the home (0600) keeps. Beside a running agent, 'site serve --console-port' shows more: its connection."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site console --home /srv/commissure",
            "  commissure site console --url --home /srv/commissure"
        })
final class ConsoleCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SiteHomeOption home = new SiteHomeOption();

    @Option(names = "--url", description = "print the address that opens the console started last, and end")
    private boolean onlyUrl;

    @Option(names = "--port", paramLabel = "PORT", description = "0 takes any free one (default: ${DEFAULT-VALUE})")
    private int port = ConsoleAddress.DEFAULT_PORT;

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "127.0.0.1 or ::1, nothing else (default: ${DEFAULT-VALUE})")
    private String address = "127.0.0.1";

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Output.of(spec);
        if (onlyUrl) {
            out.println(ConsoleAccess.address(home.home()));
            out.flush();
            return 0;
        }
        CountDownLatch stop = new CountDownLatch(1);
        try (SiteConsole console =
                SiteConsole.start(home.home(), new ConsoleAddress(address, port), Clock.systemUTC(), Optional::empty)) {
            Runtime.getRuntime().addShutdownHook(new Thread(console::close, "stop"));
            out.println("the site's console, until Ctrl-C: " + console.url());
            out.flush();
            stop.await();
        }
        return 0;
    }
}
