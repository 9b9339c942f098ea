package org.commissure.privacy.identity;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.commissure.protocol.UserError;

/**
 * Two certificate requests on their way to the coordinator by file, where the network must not be used or a person
 * and not a site asks. Holds no secret: whoever changes it changes the fingerprint, which the coordinator's operator
 * compares with the sender out of band before granting it.
 *
 * @param role as {@link Role#text}
 * @param tlsRequest PKCS#10, DER
 * @param signingRequest PKCS#10, DER
 */
public record RequestFile(String federationId, String role, String name, byte[] tlsRequest, byte[] signingRequest) {
    private static final String REMEDY = "ask the sender to write a new request file";

    /** @throws UserError if a value cannot be used */
    public RequestFile {
        tlsRequest = tlsRequest.clone();
        signingRequest = signingRequest.clone();
        var unused = certificateName(federationId, role, name);
    }

    public static RequestFile of(String federationId, Role role, String name, EnrolmentRequests requests) {
        return new RequestFile(federationId, role.text(), name, requests.tlsRequestDer(), requests.signingRequestDer());
    }

    @Override
    public byte[] tlsRequest() {
        return tlsRequest.clone();
    }

    @Override
    public byte[] signingRequest() {
        return signingRequest.clone();
    }

    /** Whose certificates are asked for. */
    public CertificateName certificateName() {
        return certificateName(federationId, role, name);
    }

    private static CertificateName certificateName(String federationId, String role, String name) {
        Role wanted = Role.of(role)
                .filter(known -> known != Role.COORDINATOR)
                .orElseThrow(() -> new UserError("nobody can request the role '" + role + "'", REMEDY));
        return new CertificateName(federationId, wanted, name);
    }

    /** What people compare out of band, in lower-case hex. */
    public String fingerprint() {
        return fingerprint(tlsRequest, signingRequest);
    }

    /** SHA-256 over both SHA-256s. */
    static String fingerprint(byte[] tlsRequest, byte[] signingRequest) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] tls = digest.digest(tlsRequest);
            byte[] signing = digest.digest(signingRequest);
            digest.update(tls);
            return HexFormat.of().formatHex(digest.digest(signing));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Replaces {@code file} atomically. */
    public void write(Path file) {
        StrictJson.write(file, "the request", this);
    }

    /** @throws UserError if {@code file} cannot be read or is not a request */
    public static RequestFile read(Path file) {
        return StrictJson.read(file, "the request", RequestFile.class, REMEDY);
    }

    static RequestFile parse(byte[] bytes) {
        return StrictJson.parse(bytes, "the request", RequestFile.class, REMEDY);
    }

    @Override
    public String toString() {
        return "RequestFile[" + federationId + ", " + role + " " + name + "]";
    }
}
