package org.commissure.site.membership;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.DenyListFile;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.RenewResponse;
import org.commissure.protocol.v1.Welcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity of a site that runs, as it is now: certificates are renewed and the deny list grows under it. Whoever
 * asks must ask again each time. Every change is on disk before it is seen. Thread-safe.
 */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Path coordinatorFile;
    private final IdentityStore store;
    private final CertificateVerifier verifier;
    private final DenyListFile denied;
    private volatile TlsIdentity tls;
    private volatile SigningIdentity signing;
    private volatile X509Certificate coordinatorSigning;

    private Membership(Path folder, Path coordinatorFile, Clock clock) {
        this.coordinatorFile = coordinatorFile;
        this.store = new IdentityStore(folder);
        X509Certificate root = store.loadAuthority();
        this.denied = new DenyListFile(folder.resolve("deny-list.pb"), new CertificateVerifier(root, clock));
        this.verifier = new CertificateVerifier(root, clock, denied);
        this.tls = store.loadTls();
        this.signing = store.loadSigning();
        this.coordinatorSigning = readCoordinator();
    }

    /**
     * @param folder of the keys
     * @param coordinatorFile the coordinator's signing certificate, DER
     * @throws UserError if one is missing or damaged
     */
    public static Membership open(Path folder, Path coordinatorFile, Clock clock) {
        return new Membership(folder, coordinatorFile, clock);
    }

    public String site() {
        return signing.name();
    }

    public TlsIdentity tls() {
        return tls;
    }

    public SigningIdentity signing() {
        return signing;
    }

    /** Whose signature invitations, configurations and results must bear. */
    public X509Certificate coordinatorSigning() {
        return coordinatorSigning;
    }

    /** Asks for the newest deny list at every judgement. */
    public CertificateVerifier verifier() {
        return verifier;
    }

    /** Takes over what the coordinator says of itself at the beginning of a connection. */
    public void welcomed(Welcome welcome) {
        if (!welcome.getDenyList().isEmpty()) {
            denyList(welcome.getDenyList());
        }
        ByteString stated = welcome.getCoordinatorSigningCertificate();
        if (stated.isEmpty() || stated.equals(ByteString.copyFrom(Certificates.der(coordinatorSigning)))) {
            return;
        }
        try {
            X509Certificate renewed = Certificates.fromDer(stated.toByteArray());
            var unused = verifier.verify(renewed, Role.COORDINATOR, Purpose.SIGNING);
            DurableFile.write(coordinatorFile, stated.toByteArray());
            coordinatorSigning = renewed;
            LOG.info("the coordinator renewed its signing certificate, until {}", renewed.getNotAfter());
        } catch (CertificateException | CertificateRefusedException | IOException e) {
            LOG.warn("the coordinator's new signing certificate is not taken over: {}", e.getMessage());
        }
    }

    /** Takes over a deny list, unless it is not the coordinator's, or older than the one that is known. */
    public void denyList(ByteString signed) {
        try {
            if (denied.update(signed.toByteArray())) {
                LOG.info(
                        "deny list {} of the federation was taken over",
                        denied.get().sequence());
            }
        } catch (CertificateRefusedException | IOException e) {
            LOG.warn("a deny list is not taken over: {}", e.getMessage());
        }
    }

    /** Fresh keys and the requests for them. */
    EnrolmentRequests newRequests() {
        return EnrolmentRequests.generate(site(), store);
    }

    /**
     * Takes over renewed certificates.
     *
     * @return whether the signing certificate is one of them
     * @throws CertificateRefusedException if one is not this site's, or not for the key that was requested
     */
    boolean renewed(EnrolmentRequests requests, RenewResponse response) throws CertificateRefusedException {
        X509Certificate root = verifier.authority();
        TlsIdentity nextTls = requests.tlsIdentity(checked(response.getTlsCertificate(), Purpose.TLS), root);
        boolean both = !response.getSigningCertificate().isEmpty();
        SigningIdentity nextSigning =
                both ? requests.signingIdentity(checked(response.getSigningCertificate(), Purpose.SIGNING)) : signing;
        if (both) {
            store.saveSigning(nextSigning);
            signing = nextSigning;
        }
        store.saveTls(nextTls);
        tls = nextTls;
        return both;
    }

    private X509Certificate checked(ByteString der, Purpose purpose) throws CertificateRefusedException {
        X509Certificate certificate;
        try {
            certificate = Certificates.fromDer(der.toByteArray());
        } catch (CertificateException e) {
            throw broken("sent something that is no certificate", e);
        }
        if (!verifier.verify(certificate, Role.SITE, purpose).name().equals(site())) {
            throw broken("sent a certificate of another site", null);
        }
        return certificate;
    }

    private static UserError broken(String what, @org.jspecify.annotations.Nullable Exception cause) {
        String remedy = "tell the coordinator's operator and the privacy officer";
        return cause == null
                ? new UserError("the coordinator " + what, remedy)
                : new UserError("the coordinator " + what, remedy, cause);
    }

    /** The certificate that enrolment stored, still valid and of the coordinator's role. */
    private X509Certificate readCoordinator() {
        try {
            X509Certificate certificate = Certificates.fromDer(Files.readAllBytes(coordinatorFile));
            // Its end does not matter: the coordinator shows the present one when the site connects.
            var unused = verifier.verifyAt(
                    certificate, Purpose.SIGNING, certificate.getNotBefore().toInstant());
            return certificate;
        } catch (IOException | CertificateException | CertificateRefusedException e) {
            throw new UserError(
                    "the coordinator's signing certificate in " + coordinatorFile + " cannot be used: "
                            + e.getMessage(),
                    "ask the coordinator's operator for a new invitation and enrol again",
                    e);
        }
    }
}
