package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.Coordinator;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.jspecify.annotations.Nullable;
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
            "  commissure coordinator serve --home /srv/commissure --console-port 8445"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            description = "Serve the console at this port, whatever coordinator.toml says; 0 takes a free one.")
    private @Nullable Integer consolePort;

    @Override
    public Integer call() throws InterruptedException {
        CoordinatorHome folder = home.home();
        OptionalInt console = consolePort == null ? folder.config().consolePort() : OptionalInt.of(consolePort);
        Coordinator coordinator = Coordinator.open(folder, Clock.systemUTC(), console);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(coordinator::close));
        System.out.println(
                "coordinator of " + folder.config().federation() + " is ready on port " + coordinator.port());
        coordinator
                .logPort()
                .ifPresent(port -> System.out.println(
                        "its log is at https://" + folder.config().host() + ":" + port + "/"));
        coordinator
                .consolePort()
                .ifPresent(port -> System.out.println(
                        "its console is at https://" + folder.config().host() + ":" + port + "/"));
        System.out.flush();
        coordinator.awaitTermination();
        return 0;
    }
}
