package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks the root for an issuing authority. */
@Command(
        name = "request",
        description = {
            "Makes the key of an issuing authority in the coordinator's folder and writes a PKCS#10 request for it.",
            "Before 'init', or to renew; until 'root install' the present authority goes on issuing."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator root request --home /srv/commissure --out issuing.p10")
final class RootRequestCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write the request.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        byte[] request = FederationAuthority.request(home.home().authority(), Clock.systemUTC());
        try {
            DurableFile.write(out, request);
        } catch (IOException e) {
            throw new UserError(out + " cannot be written: " + e.getMessage(), "check its folder", e);
        }
        String fingerprint = HexFormat.of().formatHex(EnrolmentToken.hash(request));
        if (json) {
            Json.print(new TreeMap<>(Map.of("request", out.toString(), "requestSha256", fingerprint)));
        } else {
            System.out.println("request written to " + out + "; take it to the root: 'root sign'");
            System.out.println("request fingerprint (compare there): " + fingerprint);
        }
        return 0;
    }
}
