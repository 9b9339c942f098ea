package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentRefusedException;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationRoot;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The root's one signature. */
@Command(
        name = "sign",
        description = "Certifies an issuing authority for three years. The only thing that the root's key is for.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator root sign --root /media/root --request issuing.p10 --out issuing.pem")
final class RootSignCommand implements Callable<Integer> {
    @Mixin
    private RootFolderOption root = new RootFolderOption();

    @Option(names = "--request", required = true, paramLabel = "FILE", description = "What 'root request' wrote.")
    private Path request = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where to write the certificate and, after it, the root's (PEM).")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            byte[] der = Files.readAllBytes(request);
            FederationRoot opened = FederationRoot.open(root.folder(), root.passphrase(), Clock.systemUTC());
            X509Certificate issuing = opened.signIssuing(der);
            DurableFile.write(
                    out,
                    Certificates.pem(List.of(issuing, opened.certificate())).getBytes(StandardCharsets.US_ASCII));
            String fingerprint = HexFormat.of().formatHex(EnrolmentToken.hash(der));
            String until = issuing.getNotAfter().toInstant().toString();
            if (json) {
                Json.print(
                        new TreeMap<>(Map.of("issuing", out.toString(), "requestSha256", fingerprint, "until", until)));
            } else {
                System.out.println("request " + fingerprint + " signed until " + until);
                System.out.println("take " + out + " back to the coordinator");
            }
            return 0;
        } catch (EnrolmentRefusedException e) {
            throw new UserError(String.valueOf(e.getMessage()), "write the request again with 'root request'", e);
        } catch (IOException e) {
            throw new UserError("a file cannot be read or written: " + e.getMessage(), "check the paths", e);
        }
    }
}
