package org.commissure.privacy.identity;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.commissure.protocol.UserError;

/**
 * The file that a coordinator hands a hospital so that it can enrol. Holds a one-time secret: it is
 * written readable by its owner only, and {@link #toString} leaves the token out.
 *
 * @param host where the coordinator is reached
 * @param authoritySha256 of the authority's certificate (DER), 64 lower-case hex digits; what the
 *     hospital compares out of band
 * @param token see {@link EnrolmentToken#encode}
 * @param expiresUnixMs when the token ends
 */
public record Invitation(
        String federationId,
        String site,
        String host,
        int port,
        String authoritySha256,
        String token,
        long expiresUnixMs) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String REMEDY = "ask the coordinator for a new invitation and do not edit it";

    /** @throws UserError if a value cannot be used */
    public Invitation {
        CertificateName.requirePlain("the federation's id", federationId);
        CertificateName.requirePlain("the site's name", site);
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new UserError("the coordinator's address '" + host + ":" + port + "' cannot be used", REMEDY);
        }
        if (!SHA256.matcher(authoritySha256).matches()) {
            throw new UserError("the authority's fingerprint is not 64 lower-case hex digits", REMEDY);
        }
        EnrolmentToken.decode(token);
    }

    /** Replaces {@code file} atomically, mode 0600. */
    public void write(Path file) {
        StrictJson.write(file, "the invitation", this);
    }

    /** @throws UserError if {@code file} cannot be read or is not an invitation */
    public static Invitation read(Path file) {
        return StrictJson.read(file, "the invitation", Invitation.class, REMEDY);
    }

    static Invitation parse(byte[] bytes) {
        return StrictJson.parse(bytes, "the invitation", Invitation.class, REMEDY);
    }

    @Override
    public String toString() {
        return "Invitation[federation " + federationId + ", site " + site + ", " + host + ":" + port + "]";
    }
}
