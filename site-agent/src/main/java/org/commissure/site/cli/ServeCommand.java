package org.commissure.site.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.commissure.site.console.ConsoleAddress;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Take part in the federation's rounds until stopped (Ctrl-C or SIGTERM).",
            "Opens one outbound TCP connection; nothing listens here, but with --console-port the site's console, on"
                    + " loopback. HTTPS_PROXY and NO_PROXY are honoured."
                    + " May be killed at any moment: the next start goes on where this one stopped."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site serve --home /srv/commissure",
            "  commissure site serve --home /srv/commissure --console-port 8470"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int STOP_SECONDS = 15;

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "an enrolled site's folder")
    private Path home = Path.of("");

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            description = "also open the site's console there, for people of this machine (default: no console; 0: any"
                    + " free port)")
    private @Nullable Integer consolePort;

    @Option(
            names = "--console-address",
            paramLabel = "IP",
            description = "127.0.0.1 or ::1, nothing else (default: ${DEFAULT-VALUE})")
    private String consoleAddress = "127.0.0.1";

    @Override
    public Integer call() {
        return serve(
                new SiteHome(home),
                Optional.ofNullable(consolePort).map(port -> new ConsoleAddress(consoleAddress, port)));
    }

    /** Serves until the process is told to stop. @param console where a console listens */
    static int serve(SiteHome home, Optional<ConsoleAddress> console) {
        CountDownLatch closed = new CountDownLatch(1);
        try (SiteAgent agent = SiteAgent.open(home, Clock.systemUTC());
                OpenConsole opened = OpenConsole.beside(agent, home, console)) {
            opened.tell();
            Thread main = Thread.currentThread();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                main.interrupt();
                                awaitQuietly(closed);
                            },
                            "stop"));
            agent.run();
        } catch (InterruptedException e) {
            // Asked to stop: the agent is closed by now, and that is a success.
        } finally {
            // Before the process exits for another reason: the hook must not wait for this very thread.
            closed.countDown();
        }
        return 0;
    }

    private static void awaitQuietly(CountDownLatch closed) {
        try {
            if (!closed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the site did not stop in time; the next start takes up what is unfinished");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
