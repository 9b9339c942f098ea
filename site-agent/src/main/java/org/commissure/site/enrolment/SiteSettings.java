package org.commissure.site.enrolment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/**
 * {@code site.toml}: who this site is and where its coordinator listens; written by enrolment.
 *
 * @param data the folder of the cohort
 */
public record SiteSettings(
        String federation,
        String site,
        String coordinatorHost,
        int coordinatorPort,
        String authoritySha256,
        String data) {

    /** @throws UserError if the file is missing or has an unknown key */
    public static SiteSettings read(Path file) {
        if (!Files.exists(file)) {
            throw new UserError(
                    "there is no enrolled site at " + file.toAbsolutePath().getParent(),
                    "enrol it first: commissure site enrol --invitation FILE --home DIR --data DIR");
        }
        try {
            return StrictToml.parse(Files.readString(file), SiteSettings.class);
        } catch (TomlException e) {
            throw new UserError(file + ": " + e.getMessage(), "correct the key, or enrol the site again", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "check the file's permissions", e);
        }
    }

    String toToml() {
        return """
                # Written by `commissure site enrol`. The host, the port and the data folder may be edited.
                federation = %s
                site = %s
                coordinator_host = %s
                coordinator_port = %d
                authority_sha256 = %s
                data = %s
                """.formatted(
                        quoted(federation),
                        quoted(site),
                        quoted(coordinatorHost),
                        coordinatorPort,
                        quoted(authoritySha256),
                        quoted(data));
    }

    /** A TOML basic string. */
    private static String quoted(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
