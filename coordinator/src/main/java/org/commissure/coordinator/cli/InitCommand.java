package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.privacy.identity.Certificates;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a new federation. */
@Command(
        name = "init",
        description = "Makes a federation: its authority, the coordinator's identities, an empty log and database.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator init --home /srv/commissure --federation epilepsy --host fed.example.org",
            "  commissure coordinator init --home /shared/commissure --federation epilepsy --host fed.example.org \\",
            "    --database 'jdbc:postgresql://db.example.org/commissure?sslrootcert=/etc/commissure/db-ca.pem' \\",
            "    --database-user commissure --database-password-file /etc/commissure/db-password",
            "",
            "The root lands in /srv/commissure-root (or --root): take that folder offline. 'serve' does not need it.",
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

    @ArgGroup
    private Origin origin = new Origin();

    static final class Origin {
        @Option(
                names = "--root",
                paramLabel = "DIR",
                description = "Where to make the root (default: the home's name with -root).")
        private @Nullable Path root;

        @Option(
                names = "--issuing",
                paramLabel = "FILE",
                description = "Under a root on another machine: what its 'root sign' wrote.")
        private @Nullable Path issuing;
    }

    @Option(
            names = "--log-port",
            defaultValue = "8444",
            description = "Where members read the log over HTTPS (default: ${DEFAULT-VALUE}); 0 takes a free one.")
    private int logPort;

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            description = "Where people look at the federation in a browser; 0 takes a free one (default: no console).")
    private @Nullable Integer consolePort;

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CoordinatorHome folder = home.home();
        CoordinatorConfig config = new CoordinatorConfig(
                federation,
                host,
                port,
                OptionalInt.of(logPort),
                OptionalInt.empty(),
                OptionalInt.empty(),
                consolePort == null ? OptionalInt.empty() : OptionalInt.of(consolePort),
                database.config());
        Path root = origin.root == null ? folder.defaultRoot() : origin.root;
        String fingerprint = origin.issuing == null
                ? folder.create(config, root, Clock.systemUTC())
                : folder.create(config, Certificates.readPems(origin.issuing), Clock.systemUTC());
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
            if (origin.issuing == null) {
                System.out.println("take the root offline now: " + root + " (needed again in two years)");
            }
        }
        return 0;
    }
}
