package org.commissure.coordinator.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.Members;
import org.commissure.coordinator.report.SealedPatients;
import org.commissure.coordinator.storage.SiteRegistry.EnrolledSite;
import org.commissure.privacy.identity.Certificates;
import org.commissure.protocol.v1.Denial;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who is enrolled and who is denied. */
@Command(
        name = "list",
        description = {
            "Shows enrolled sites with their certificates' fingerprints, and everybody who was ever revoked.",
            "The number of a site's patients is what it last signed into the log, with the noise that it drew once for that"
                    + " cohort; within the margin in 95 of 100 cohorts. A site whose policy forbids it states none."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator sites list --home /srv/commissure --json")
final class SitesListCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Map<String, SealedPatients> sealed = SealedPatients.bySite(home.home().log());
        try (Members members = Members.of(home.home(), Clock.systemUTC())) {
            if (json) {
                Json.print(new TreeMap<>(Map.of(
                        "sites",
                        members.sites().stream()
                                .map(site -> facts(site, sealed.get(site.name())))
                                .toList(),
                        "revoked",
                        members.denials().stream().map(SitesListCommand::facts).toList())));
            } else {
                print(members.sites(), members.denials(), sealed);
            }
        }
        return 0;
    }

    private static Map<String, Object> facts(EnrolledSite site, @Nullable SealedPatients sealed) {
        Map<String, Object> facts = new TreeMap<>(Map.of(
                "site",
                site.name(),
                "tlsSha256",
                HexFormat.of().formatHex(site.tlsSha256().toByteArray()),
                "tlsUntil",
                site.tlsExpires().toString(),
                "signingSha256",
                Certificates.fingerprint(site.signingCertificate()),
                "signingUntil",
                site.signingCertificate().getNotAfter().toInstant().toString()));
        facts.put("sealedPatients", sealed);
        return facts;
    }

    private static Map<String, Object> facts(Denial denial) {
        return new TreeMap<>(Map.of(
                "name",
                denial.getName(),
                "role",
                denial.getRole(),
                "since",
                Instant.ofEpochMilli(denial.getSinceUnixMs()).toString(),
                "reason",
                denial.getReason(),
                "readmitted",
                denial.getReadmittedUnixMs() != 0));
    }

    private static void print(List<EnrolledSite> sites, List<Denial> denials, Map<String, SealedPatients> sealed) {
        for (EnrolledSite site : sites) {
            SealedPatients patients = sealed.get(site.name());
            System.out.println(site.name());
            System.out.println("  TLS      "
                    + HexFormat.of().formatHex(site.tlsSha256().toByteArray()) + " until " + site.tlsExpires());
            System.out.println("  signing  " + Certificates.fingerprint(site.signingCertificate()) + " until "
                    + site.signingCertificate().getNotAfter().toInstant());
            System.out.println("  patients " + (patients == null ? "not stated" : patients.words()));
        }
        for (Denial denial : denials) {
            System.out.println(denial.getRole() + " " + denial.getName() + " revoked on "
                    + Instant.ofEpochMilli(denial.getSinceUnixMs()) + ": " + denial.getReason()
                    + (denial.getReadmittedUnixMs() == 0 ? "" : " (readmitted)"));
        }
        if (sites.isEmpty() && denials.isEmpty()) {
            System.out.println("no site is enrolled yet");
        }
    }
}
