package org.commissure.site.console;

import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;

/** Who this site is, and whom it believes. */
final class CertificatesPage implements Page {
    private static final List<String> COLUMNS = List.of("Certificate", "From", "Until", "Days left", "SHA-256");

    private final ConsoleHome home;

    CertificatesPage(ConsoleHome home) {
        this.home = home;
    }

    private record Row(String name, Instant from, Instant until, long daysLeft, String sha256) {
        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", name);
            facts.put("from", from.toString());
            facts.put("until", until.toString());
            facts.put("days_left", daysLeft);
            facts.put("sha256", sha256);
            return facts;
        }

        List<String> cells() {
            return List.of(
                    name,
                    Figures.time(from),
                    Figures.time(until),
                    daysLeft < 0 ? "EXPIRED" : Long.toString(daysLeft),
                    sha256);
        }
    }

    @Override
    public View view(Ask ask) {
        IdentityStore store = new IdentityStore(home.home().identity());
        List<Row> rows = List.of(
                row("This site, connection (TLS)", store.loadTls().certificate()),
                row("This site, signatures", store.loadSigning().certificate()),
                row("The coordinator, signatures", coordinator()),
                row("The federation's authority", store.loadAuthority()));
        return new View("Certificates", rows.stream().map(Row::facts).toList(), out -> {
            out.element(
                    "p",
                    "The agent renews its own certificates while it is connected. Compare the authority's SHA-256 with the"
                            + " coordinator's operator by telephone.");
            out.table(
                    "Until when, and by which fingerprint",
                    COLUMNS,
                    rows.stream().map(Row::cells).toList(),
                    "");
            out.element("p", "After an expiry, ask the operator for a new invitation:");
            out.command("commissure site enrol --invitation invitation.json --again --home "
                    + home.home().directory().toAbsolutePath().normalize());
        });
    }

    private Row row(String name, X509Certificate certificate) {
        Instant until = certificate.getNotAfter().toInstant();
        return new Row(
                name,
                certificate.getNotBefore().toInstant(),
                until,
                Math.floorDiv(
                        Duration.between(home.clock().instant(), until).toSeconds(),
                        Duration.ofDays(1).toSeconds()),
                Certificates.fingerprint(certificate));
    }

    private X509Certificate coordinator() {
        try {
            return Certificates.fromDer(Files.readAllBytes(home.home().coordinatorSigning()));
        } catch (IOException | CertificateException e) {
            throw new UserError(
                    home.home().coordinatorSigning() + " cannot be read", "ask the operator, and enrol again", e);
        }
    }
}
