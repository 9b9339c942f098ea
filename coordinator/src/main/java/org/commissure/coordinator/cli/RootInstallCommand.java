package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Renews the issuing authority. */
@Command(
        name = "install",
        description = {
            "Renews the issuing authority with what the root signed.",
            "Works while 'serve' runs; certificates issued before stay valid to their end, and nobody else has to do"
                    + " anything."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator root install --home /srv/commissure --issuing issuing.pem")
final class RootInstallCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--issuing", required = true, paramLabel = "FILE", description = "What 'root sign' wrote.")
    private Path issuing = Path.of("");

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CoordinatorHome folder = home.home();
        var checked = folder.config();
        List<X509Certificate> chain = Certificates.readPems(issuing);
        FederationAuthority renewed =
                FederationAuthority.install(folder.authority(), chain.getFirst(), chain.getLast(), Clock.systemUTC());
        String until = renewed.issuing().getNotAfter().toInstant().toString();
        if (json) {
            Json.print(new TreeMap<>(Map.of("until", until)));
        } else {
            System.out.println("the issuing authority is good until " + until);
        }
        return 0;
    }
}
