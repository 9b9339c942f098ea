package org.commissure.coordinator.storage;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.SecretFile;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * {@code [database]} of {@code coordinator.toml}: a PostgreSQL server that keeps the state instead of a file.
 *
 * @param url {@code jdbc:postgresql://HOST[:PORT]/DATABASE}, with the driver's parameters but no password. Beyond this
 *     machine TLS with the server's certificate verified is the default, and less is refused
 * @param user the driver's default if absent
 * @param passwordFile holds the password alone; absent: the environment's {@value #PASSWORD_VARIABLE}, or what the
 *     driver finds itself ({@code ~/.pgpass}, a client certificate named in the URL)
 */
public record PostgresConfig(String url, Optional<String> user, Optional<String> passwordFile) {
    /** The environment variable with the password. */
    static final String PASSWORD_VARIABLE = "COMMISSURE_DATABASE_PASSWORD";

    private static final Set<String> VERIFYING = Set.of("verify-full", "verify-ca");

    /** @throws UserError if the address cannot be meant, holds a password, or would send data in clear */
    public PostgresConfig {
        Properties parsed = url.startsWith("jdbc:postgresql:") ? Driver.parseURL(url, null) : null;
        if (parsed == null) {
            // Not repeated: there may be a password in it.
            throw new UserError(
                    "the address of the database is not one of PostgreSQL",
                    "write it as jdbc:postgresql://HOST:5432/DATABASE");
        }
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.contains("password=") || lower.contains("user=")) {
            throw new UserError(
                    "the address of the database names a user or a password",
                    "take them out: the user stands in database.user, the password in a file that"
                            + " database.password_file names, or in " + PASSWORD_VARIABLE);
        }
        String mode = PGProperty.SSL_MODE.getOrDefault(parsed);
        if (mode != null && !VERIFYING.contains(mode) && !isLocal(parsed)) {
            throw new UserError(
                    "sslmode=" + mode + " does not prove which server the coordinator's state goes to",
                    "use sslmode=verify-full (the default here) and name the server's authority with sslrootcert=FILE");
        }
    }

    /** Whether every host of the address is this machine. */
    private static boolean isLocal(Properties parsed) {
        String hosts = PGProperty.PG_HOST.getOrDefault(parsed);
        for (String host : hosts == null ? new String[0] : hosts.split(",")) {
            try {
                if (!InetAddress.getByName(host).isLoopbackAddress()) {
                    return false;
                }
            } catch (UnknownHostException e) {
                return false;
            }
        }
        return true;
    }

    /** The driver's {@code sslmode}, unless the address states one. */
    Optional<String> sslMode() {
        Properties parsed = parsed();
        return PGProperty.SSL_MODE.getOrDefault(parsed) != null || isLocal(parsed)
                ? Optional.empty()
                : Optional.of("verify-full");
    }

    /** Whether the address itself states {@code property}. */
    boolean states(PGProperty property) {
        return parsed().containsKey(property.getName());
    }

    private Properties parsed() {
        Properties parsed = Driver.parseURL(url, null);
        if (parsed == null) {
            throw new IllegalStateException("an address that was parsed before");
        }
        return parsed;
    }

    /** The password, or empty where the driver is to find it. @throws UserError if the file cannot be read */
    Optional<String> password() {
        if (passwordFile.isPresent()) {
            return Optional.of(new String(SecretFile.firstLine(Path.of(passwordFile.get()), "database password")));
        }
        @Nullable String given = System.getenv(PASSWORD_VARIABLE);
        return Optional.ofNullable(given);
    }
}
