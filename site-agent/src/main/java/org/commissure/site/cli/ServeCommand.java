package org.commissure.site.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.commissure.protocol.UserError;
import org.commissure.protocol.logging.LogFormat;
import org.commissure.protocol.metrics.MetricsAddress;
import org.commissure.site.console.ConsoleAddress;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  commissure site serve --home /srv/commissure --console-port 8470",
            "  commissure site serve --home /srv/commissure --metrics-port 9465 --log-format json"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int STOP_SECONDS = 15;

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "an enrolled site's folder")
    private Path home = Path.of("");

    @Mixin
    private ReplicasOption replicas = new ReplicasOption();

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

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "serve metrics for Prometheus (/metrics) and health (/healthz) there, for a collector on this"
                    + " machine (default: none; 0: any free port)")
    private @Nullable Integer metricsPort;

    @Option(
            names = "--metrics-address",
            paramLabel = "IP",
            description = "of loopback, nothing else (default: ${DEFAULT-VALUE})")
    private String metricsAddress = MetricsAddress.LOOPBACK;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "${env:" + LogFormat.VARIABLE + ":-text}",
            description = "text for people, json: one object a line, for programs; also COMMISSURE_LOG_FORMAT (default:"
                    + " ${DEFAULT-VALUE})")
    private LogFormat logFormat = LogFormat.TEXT;

    @Override
    public Integer call() {
        logFormat.choose();
        Logger log = LoggerFactory.getLogger(ServeCommand.class);
        try {
            return serve(
                    new SiteHome(home),
                    replicas.addresses(),
                    Optional.ofNullable(consolePort).map(port -> new ConsoleAddress(consoleAddress, port)),
                    Optional.ofNullable(metricsPort)
                            .map(port -> new MetricsAddress(metricsAddress, port).requireLoopback()));
        } catch (UserError e) {
            if (logFormat.complain(log, e)) {
                return Main.FAILED;
            }
            throw e;
        }
    }

    /**
     * Serves until the process is told to stop.
     *
     * @param replicas further addresses of the coordinator; none: those of {@code site.toml}
     * @param console where a console listens
     * @param metrics where metrics are served
     */
    static int serve(
            SiteHome home, List<String> replicas, Optional<ConsoleAddress> console, Optional<MetricsAddress> metrics) {
        CountDownLatch closed = new CountDownLatch(1);
        try (SiteAgent agent = SiteAgent.open(home, Clock.systemUTC(), replicas);
                OpenConsole opened = OpenConsole.beside(agent, home, console);
                OpenMetrics exported = OpenMetrics.beside(agent, home, metrics)) {
            opened.tell();
            exported.tell();
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
