package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a new federation. */
@Command(
        name = "init",
        description = "Makes a federation: its authority, the coordinator's identities, an empty log and database.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure coordinator init --home /srv/commissure --federation epilepsy --host fed.example.org",
            "",
            "Keep authority/ in a backup that only you can read: whoever has it can enrol sites."
        })
final class InitCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--federation", required = true, paramLabel = "ID", description = "The federation's name for ever.")
    private String federation = "";

    @Option(names = "--host", required = true, paramLabel = "NAME", description = "How sites reach the coordinator.")
    private String host = "";

    @Option(names = "--port", defaultValue = "8443", description = "The gRPC port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--log-port",
            defaultValue = "8444",
            description = "Where members read the log over HTTPS (default: ${DEFAULT-VALUE}); 0 takes a free one.")
    private int logPort;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CoordinatorHome folder = home.home();
        String fingerprint = folder.create(
                new CoordinatorConfig(federation, host, port, OptionalInt.of(logPort)), Clock.systemUTC());
        if (json) {
            Json.print(new TreeMap<>(Map.of(
                    "federation", federation,
                    "home", folder.folder().toString(),
                    "authoritySha256", fingerprint,
                    "host", host,
                    "port", port)));
        } else {
            System.out.println("federation " + federation + " made in " + folder.folder());
            System.out.println("authority fingerprint (read it to every site): " + fingerprint);
        }
        return 0;
    }
}
