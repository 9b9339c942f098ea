package org.commissure.site.enrolment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;
import org.commissure.site.connection.CoordinatorAddress;

/**
 * {@code site.toml}: who this site is and where its coordinator listens; written by enrolment.
 *
 * @param coordinatorReplicas further addresses, {@code HOST:PORT}, of the same coordinator
 * @param data the folder of the cohort
 */
public record SiteSettings(
        String federation,
        String site,
        String coordinatorHost,
        int coordinatorPort,
        Optional<List<String>> coordinatorReplicas,
        String authoritySha256,
        String data) {

    /**
     * Where the coordinator may be found, in the order in which to try.
     *
     * @throws UserError if one is no address
     */
    public List<CoordinatorAddress> addresses() {
        return CoordinatorAddress.all(
                new CoordinatorAddress(coordinatorHost, coordinatorPort), coordinatorReplicas.orElse(List.of()));
    }

    /** The same with further addresses instead of those it has; none keeps those. */
    public SiteSettings withReplicas(List<String> replicas) {
        return replicas.isEmpty()
                ? this
                : new SiteSettings(
                        federation,
                        site,
                        coordinatorHost,
                        coordinatorPort,
                        Optional.of(List.copyOf(replicas)),
                        authoritySha256,
                        data);
    }

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
                # Written by `commissure site enrol`. The addresses and the data folder may be edited.
                federation = %s
                site = %s
                coordinator_host = %s
                coordinator_port = %d
                %sauthority_sha256 = %s
                data = %s
                """.formatted(
                quoted(federation),
                quoted(site),
                quoted(coordinatorHost),
                coordinatorPort,
                coordinatorReplicas
                        .map(replicas -> "coordinator_replicas = ["
                                + replicas.stream().map(SiteSettings::quoted).collect(Collectors.joining(", "))
                                + "]\n")
                        .orElse(""),
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
