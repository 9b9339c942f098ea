package org.commissure.coordinator.federation;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.X509ExtendedKeyManager;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.CertificateLife;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityKeyManager;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.v1.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator's and the operator's certificates, renewed once two thirds of their life are over. New connections
 * see the new TLS certificate at once, and open ones go on. Members trust the root, so nobody has to be told.
 * Confined to one thread after its start.
 */
final class OwnCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(OwnCertificates.class);

    private final CoordinatorHome home;
    private final Clock clock;
    private final IdentityKeyManager shown;
    private volatile X509Certificate tls;
    private volatile X509Certificate operatorTls;

    OwnCertificates(CoordinatorHome home, Clock clock) {
        this.home = home;
        this.clock = clock;
        TlsIdentity own = new IdentityStore(home.identity()).loadTls();
        this.tls = own.certificate();
        this.operatorTls = new IdentityStore(home.operator()).loadTls().certificate();
        this.shown = new IdentityKeyManager(own);
    }

    /** What the server shows; follows every renewal. */
    X509ExtendedKeyManager keyManager() {
        return shown;
    }

    /** When the TLS certificates end, by their names. May be asked on any thread. */
    Map<String, Instant> ends() {
        return Map.of(
                "tls", tls.getNotAfter().toInstant(),
                "operator-tls", operatorTls.getNotAfter().toInstant());
    }

    /** Renews the TLS certificates that are due. */
    void renewDue(LogOutbox log) {
        if (CertificateLife.isDue(tls, clock.instant())) {
            TlsIdentity renewed = authority()
                    .issueTls(
                            Role.COORDINATOR,
                            CertificateName.COORDINATOR,
                            List.of(home.config().host()));
            new IdentityStore(home.identity()).saveTls(renewed);
            shown.show(renewed);
            tls = renewed.certificate();
            record(log, "coordinator", "tls", tls);
        }
        if (CertificateLife.isDue(operatorTls, clock.instant())) {
            TlsIdentity renewed = authority().issueTls(Role.OPERATOR, CoordinatorHome.OPERATOR, List.of());
            new IdentityStore(home.operator()).saveTls(renewed);
            operatorTls = renewed.certificate();
            record(log, CoordinatorHome.OPERATOR, "tls", operatorTls);
        }
    }

    /**
     * Renews the signing certificates that are due, before anything is signed. Not for a coordinator with an
     * unfinished run, whose messages would change their signer in the middle of a sum.
     */
    static void renewSigning(CoordinatorHome home, Clock clock) {
        renewSigning(new IdentityStore(home.identity()), home, Role.COORDINATOR, CertificateName.COORDINATOR, clock);
        renewSigning(new IdentityStore(home.operator()), home, Role.OPERATOR, CoordinatorHome.OPERATOR, clock);
    }

    private static void renewSigning(IdentityStore store, CoordinatorHome home, Role role, String name, Clock clock) {
        SigningIdentity present = store.loadSigning();
        if (CertificateLife.isDue(present.certificate(), clock.instant())) {
            SigningIdentity renewed =
                    FederationAuthority.open(home.authority(), clock).issueSigning(role, name);
            store.saveSigning(renewed);
            LOG.info("the signing certificate of {} was renewed", name);
        }
    }

    private FederationAuthority authority() {
        return FederationAuthority.open(home.authority(), clock, home.config().tlsLife());
    }

    private void record(LogOutbox log, String who, String purpose, X509Certificate certificate) {
        LOG.info("the {} certificate of {} was renewed until {}", purpose, who, certificate.getNotAfter());
        log.add(LogEntries.of(Actions.CERTIFICATE_RENEWED, Outcome.DONE, clock.instant())
                .actor(CertificateName.COORDINATOR)
                .fact("member", who)
                .fact("purpose", purpose)
                .fact("sha256", Certificates.fingerprint(certificate))
                .fact("until", certificate.getNotAfter().toInstant().toString())
                .build());
    }
}
