package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.Coordinator;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.protocol.UserError;
import org.commissure.protocol.logging.LogFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves until it is stopped. */
@Command(
        name = "serve",
        description = {
            "Serves the federation: enrolment, rounds, uploads, the operator's commands.",
            "Stopping it at any moment, even by SIGKILL, loses nothing: the next 'serve' goes on.",
            "Over PostgreSQL ('init --database') several may serve one home: one leads, and the others stand by,",
            "listening nowhere, until it is gone."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator serve --home /srv/commissure",
            "  commissure coordinator serve --home /srv/commissure --console-port 8445",
            "  commissure coordinator serve --home /srv/commissure --metrics-port 9464 --log-format json"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            description = "Serve the console at this port, whatever coordinator.toml says; 0 takes a free one.")
    private @Nullable Integer consolePort;

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "${env:" + LogFormat.VARIABLE + ":-text}",
            description = "text for people, json: one object a line, for programs; also COMMISSURE_LOG_FORMAT"
                    + " (default: ${DEFAULT-VALUE}).")
    private LogFormat logFormat = LogFormat.TEXT;

    @Override
    public Integer call() throws InterruptedException {
        logFormat.choose();
        Logger log = LoggerFactory.getLogger(ServeCommand.class);
        try {
            serve(log);
            return 0;
        } catch (UserError e) {
            if (logFormat.complain(log, e)) {
                return Main.FAILED;
            }
            throw e;
        }
    }

    private void serve(Logger log) throws InterruptedException {
        CoordinatorHome folder = home.home();
        OptionalInt console = consolePort == null ? folder.config().consolePort() : OptionalInt.of(consolePort);
        Coordinator coordinator = Coordinator.open(folder, Clock.systemUTC(), console, metrics.address());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(coordinator::close));
        String host = folder.config().host();
        logFormat.say(
                log, "coordinator of " + folder.config().federation() + " is ready on port " + coordinator.port());
        coordinator.logPort().ifPresent(port -> logFormat.say(log, "its log is at https://" + host + ":" + port + "/"));
        coordinator
                .consolePort()
                .ifPresent(port -> logFormat.say(log, "its console is at https://" + host + ":" + port + "/"));
        coordinator.metricsPort().ifPresent(port -> logFormat.say(log, "its metrics are at " + metrics.url(port)));
        coordinator.awaitTermination();
    }
}
