package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationRoot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a root. */
@Command(
        name = "create",
        description = "Makes the root of a new federation, once. Refused where the folder holds one already.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator root create --root /media/root --federation epilepsy")
final class RootCreateCommand implements Callable<Integer> {
    @Mixin
    private RootFolderOption root = new RootFolderOption();

    @Option(names = "--federation", required = true, paramLabel = "ID", description = "The federation's name for ever.")
    private String federation = "";

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        FederationRoot made = FederationRoot.create(root.folder(), root.passphrase(), federation, Clock.systemUTC());
        String fingerprint = Certificates.fingerprint(made.certificate());
        if (json) {
            Json.print(new TreeMap<>(Map.of("federation", federation, "authoritySha256", fingerprint)));
        } else {
            System.out.println("root of federation " + federation + " made in " + root.folder());
            System.out.println("root fingerprint (read it to every site): " + fingerprint);
        }
        return 0;
    }
}
