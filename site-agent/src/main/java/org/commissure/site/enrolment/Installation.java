package org.commissure.site.enrolment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Passphrase;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.UserError;

/**
 * Puts granted certificates beside the keys that wait for them. The grant is durable first, and applied afterwards:
 * after a crash in between, the next start of the agent applies it again, so that a site never has the keys of one
 * enrolment and the certificates of another.
 */
final class Installation {
    private static final String GRANT = "granted.json";

    private Installation() {}

    /** Checks a grant against the pinned root, for the keys that wait in {@code home}. */
    static void check(CertificateFile grant, String site, String rootSha256, Clock clock) {
        if (!grant.rootSha256().equals(rootSha256)) {
            throw broken("sent another root (" + grant.rootSha256() + ") than the expected one (" + rootSha256 + ")");
        }
        CertificateVerifier verifier = new CertificateVerifier(CertificateFile.certificate(grant.root()), clock);
        try {
            CertificateName tls = verifier.verify(CertificateFile.certificate(grant.tls()), Role.SITE, Purpose.TLS);
            CertificateName signing =
                    verifier.verify(CertificateFile.certificate(grant.signing()), Role.SITE, Purpose.SIGNING);
            var unused = verifier.verify(
                    CertificateFile.certificate(grant.coordinatorSigning()), Role.COORDINATOR, Purpose.SIGNING);
            if (!tls.equals(signing) || !tls.name().equals(site)) {
                throw broken("issued certificates for another site than " + site);
            }
        } catch (CertificateRefusedException e) {
            throw broken("issued a certificate that does not verify: " + e.getMessage());
        }
    }

    private static UserError broken(String what) {
        return new UserError(
                "the coordinator " + what, "do not go on; tell the coordinator's operator and the privacy officer");
    }

    /** Makes {@code grant} the site's identity. It has been checked, and its keys wait in {@code home}. */
    static void apply(SiteHome home, CertificateFile grant, Passphrase passphrase) {
        grant.write(home.identity().resolve(GRANT));
        complete(home, passphrase);
    }

    /** Finishes what {@link #apply} began; does nothing where it had finished. */
    static void complete(SiteHome home) {
        complete(home, Passphrase.ofProcess());
    }

    private static void complete(SiteHome home, Passphrase passphrase) {
        Path file = home.identity().resolve(GRANT);
        if (!Files.exists(file)) {
            return;
        }
        CertificateFile grant = CertificateFile.read(file);
        IdentityStore store = new IdentityStore(home.identity(), passphrase);
        try {
            if (store.hasWaiting()) {
                EnrolmentRequests requests = store.loadWaiting(grant.name());
                X509Certificate root = CertificateFile.certificate(grant.root());
                store.saveAuthority(root);
                store.saveTls(requests.tlsIdentity(CertificateFile.certificate(grant.tls()), root));
                store.saveSigning(requests.signingIdentity(CertificateFile.certificate(grant.signing())));
                DurableFile.write(home.coordinatorSigning(), grant.coordinatorSigning());
                DurableFile.write(home.logVerifierKey(), grant.logVerifierKey().getBytes(StandardCharsets.UTF_8));
            }
            store.deleteWaiting();
            Files.delete(file);
        } catch (IOException e) {
            throw new UserError(
                    "the site's folder " + home.directory() + " cannot be written: " + e.getMessage(),
                    "check the disk and the folder's permissions, and start again",
                    e);
        }
    }
}
