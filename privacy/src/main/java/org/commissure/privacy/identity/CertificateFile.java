package org.commissure.privacy.identity;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.commissure.protocol.UserError;

/**
 * The coordinator's answer to a {@link RequestFile}: everything that an enrolled member needs. Holds no secret, and
 * is of no use without the keys that were born with the request. The reader compares the root's fingerprint out of
 * band.
 *
 * @param host where the coordinator is reached
 * @param root certificate (DER), as all the others
 * @param coordinatorSigning the certificate that the coordinator signs with
 * @param logVerifierKey C2SP vkey
 */
public record CertificateFile(
        String federationId,
        String role,
        String name,
        String host,
        int port,
        byte[] root,
        byte[] tls,
        byte[] signing,
        byte[] coordinatorSigning,
        String logVerifierKey) {
    private static final String REMEDY = "ask the coordinator's operator for the file again";

    public CertificateFile {
        root = root.clone();
        tls = tls.clone();
        signing = signing.clone();
        coordinatorSigning = coordinatorSigning.clone();
    }

    @Override
    public byte[] root() {
        return root.clone();
    }

    @Override
    public byte[] tls() {
        return tls.clone();
    }

    @Override
    public byte[] signing() {
        return signing.clone();
    }

    @Override
    public byte[] coordinatorSigning() {
        return coordinatorSigning.clone();
    }

    /** What people compare out of band, in lower-case hex. */
    public String rootSha256() {
        return Certificates.fingerprint(certificate(root));
    }

    /** @throws UserError if {@code der} is no certificate */
    public static X509Certificate certificate(byte[] der) {
        try {
            return Certificates.fromDer(der);
        } catch (CertificateException e) {
            throw new UserError("something that is not a certificate came from the coordinator", REMEDY, e);
        }
    }

    /** Replaces {@code file} atomically. */
    public void write(Path file) {
        StrictJson.write(file, "the certificate file", this);
    }

    /** @throws UserError if {@code file} cannot be read or is not a certificate file */
    public static CertificateFile read(Path file) {
        return StrictJson.read(file, "the certificate file", CertificateFile.class, REMEDY);
    }

    static CertificateFile parse(byte[] bytes) {
        return StrictJson.parse(bytes, "the certificate file", CertificateFile.class, REMEDY);
    }

    @Override
    public String toString() {
        return "CertificateFile[" + federationId + ", " + role + " " + name + "]";
    }
}
