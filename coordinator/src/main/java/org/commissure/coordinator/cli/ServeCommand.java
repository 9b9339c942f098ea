package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.Coordinator;
import org.commissure.coordinator.federation.CoordinatorHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves until it is stopped. */
@Command(
        name = "serve",
        description = {
            "Serves the federation: enrolment, rounds, uploads, the operator's commands.",
            "Stopping it at any moment, even by SIGKILL, loses nothing: the next 'serve' goes on."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator serve --home /srv/commissure")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Override
    public Integer call() throws InterruptedException {
        CoordinatorHome folder = home.home();
        Coordinator coordinator = Coordinator.open(folder, Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(coordinator::close));
        System.out.println(
                "coordinator of " + folder.config().federation() + " is ready on port " + coordinator.port());
        coordinator
                .logPort()
                .ifPresent(port -> System.out.println(
                        "its log is at https://" + folder.config().host() + ":" + port + "/"));
        System.out.flush();
        coordinator.awaitTermination();
        return 0;
    }
}
