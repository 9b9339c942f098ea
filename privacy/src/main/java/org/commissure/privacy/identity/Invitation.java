package org.commissure.privacy.identity;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.commissure.privacy.durable.DurableFile;
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
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

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
        try {
            DurableFile.writeSecret(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        } catch (IOException e) {
            throw new UserError(
                    "the invitation cannot be written to " + file + ": " + e.getMessage(),
                    "check the folder's permissions and free space",
                    e);
        }
    }

    /** @throws UserError if {@code file} cannot be read or is not an invitation */
    public static Invitation read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(
                    "the invitation " + file + " cannot be read", "check the path and the file's permissions", e);
        }
        try {
            return JSON.readValue(bytes, Invitation.class);
        } catch (JacksonException e) {
            if (e.getCause() instanceof UserError problem) {
                throw new UserError("the invitation " + file + ": " + problem.getMessage(), problem.remedy());
            }
            // Jackson's own message may quote the file, and so the token.
            throw new UserError("the invitation " + file + " is damaged or not an invitation", REMEDY);
        } catch (IOException e) {
            throw new UserError("the invitation " + file + " cannot be read", REMEDY, e);
        }
    }

    @Override
    public String toString() {
        return "Invitation[federation " + federationId + ", site " + site + ", " + host + ":" + port + "]";
    }
}
