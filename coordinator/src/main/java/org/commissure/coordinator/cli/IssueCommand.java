package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.Members;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.RequestFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Grants a request that came by file. */
@Command(
        name = "issue",
        description = {
            "Grants a certificate request that came by file. The sender reads the request's fingerprint to you by",
            "telephone; without --fingerprint it is only shown."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:issued", "1:only shown", "3:refused"},
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator sites issue nyu-request.json --home /srv/commissure --fingerprint HEX"
                + " --out nyu-certificates.json")
final class IssueCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "REQUEST", description = "The request file.")
    private Path request = Path.of("");

    @Option(names = "--fingerprint", paramLabel = "HEX", description = "What the sender read to you.")
    private @Nullable String fingerprint;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write the certificates.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        RequestFile asked = RequestFile.read(request);
        CertificateName name = asked.certificateName();
        Map<String, Object> facts = new TreeMap<>(
                Map.of("name", name.name(), "role", name.role().text(), "requestSha256", asked.fingerprint()));
        if (fingerprint == null) {
            show(
                    facts,
                    name.role().text() + " '" + name.name() + "' asks for certificates\n"
                            + "request fingerprint (compare out of band, then give it after --fingerprint): "
                            + asked.fingerprint());
            return Main.NO;
        }
        try (Members members = Members.of(home.home(), Clock.systemUTC())) {
            CertificateFile issued = members.issue(asked, fingerprint.strip().toLowerCase(Locale.ROOT));
            Path file = out == null ? Path.of("certificates-" + name.name() + ".json") : out;
            issued.write(file);
            facts.put("file", file.toString());
            show(facts, "certificates of " + name.role().text() + " '" + name.name() + "' written to " + file);
        }
        return 0;
    }

    private void show(Map<String, Object> facts, String text) {
        if (json) {
            Json.print(facts);
        } else {
            System.out.println(text);
        }
    }
}
