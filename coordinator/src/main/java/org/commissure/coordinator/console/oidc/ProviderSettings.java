package org.commissure.coordinator.console.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/**
 * {@code oidc.toml} in the coordinator's home (0600): the provider, and who we are there. One file, so that a change is seen
 * whole or not at all.
 *
 * @param issuer as the provider writes it in its discovery document and in every ID token
 * @param clientSecret what the provider gave us; in no message and no log
 * @param redirectUri where the provider sends people back to, exactly as it is registered there
 * @param label of the button on the sign-in page
 * @param scopes that are asked for, {@code openid} among them
 * @param roleClaim the claim whose values give roles; a dotted path where there is no claim of that whole name; absent: none
 * @param roles {@code VALUE=ROLE}, first that fits
 * @param authorities PEM certificates that are trusted besides the Java runtime's, for the provider only
 */
public record ProviderSettings(
        String issuer,
        String clientId,
        String clientSecret,
        String redirectUri,
        String label,
        List<String> scopes,
        Optional<String> roleClaim,
        List<String> roles,
        Optional<String> authorities) {
    /** The page that the provider sends people back to. */
    public static final String RETURN_PATH = "/oidc";

    private static final String FILE = "oidc.toml";
    private static final String HTTPS = "https";
    private static final int MAXIMUM_LABEL_CHARS = 60;

    /** @throws UserError if a value cannot be meant */
    public ProviderSettings {
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
        URI at = address(issuer, "the issuer");
        if (at.getQuery() != null) {
            throw new UserError("the issuer '" + issuer + "' has a query", "name it as the provider's documents do");
        }
        URI back = address(redirectUri, "the redirect URI");
        if (!RETURN_PATH.equals(back.getPath()) || back.getQuery() != null) {
            throw new UserError(
                    "the redirect URI '" + redirectUri + "' is not the console's",
                    "name the console's own address, such as https://coordinator.example:8445");
        }
        if (clientId.isBlank() || clientSecret.isBlank()) {
            throw new UserError(
                    "the client's id or its secret is empty", "register the console at the provider, which gives both");
        }
        if (label.isBlank() || label.length() > MAXIMUM_LABEL_CHARS) {
            throw new UserError(
                    "the label has " + label.length() + " characters", "choose 1 to " + MAXIMUM_LABEL_CHARS);
        }
        if (!scopes.contains("openid")) {
            throw new UserError("the scopes lack 'openid'", "ask for it: without it there is no ID token");
        }
        if (roleClaim.isEmpty() != roles.isEmpty()) {
            throw new UserError(
                    roles.isEmpty() ? "a role claim without a role" : "roles without the claim that gives them",
                    "name both: --role-claim groups --map brain-officers=officer; or neither");
        }
        roles.forEach(ProviderSettings::role);
    }

    private static URI address(String text, String what) {
        try {
            URI uri = new URI(text);
            if (HTTPS.equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new UserError(what + " '" + text + "' is no https address", "write it as https://HOST[:PORT][/PATH]");
    }

    /** Of one {@code VALUE=ROLE}. The value may hold {@code =}, as names in a directory do. */
    private static ConsoleRole role(String mapping) {
        int at = mapping.lastIndexOf('=');
        if (at < 1) {
            throw new UserError("'" + mapping + "' maps nothing", "write VALUE=ROLE, such as brain-officers=officer");
        }
        return ConsoleRole.of(mapping.substring(at + 1));
    }

    /** What somebody may do whose role claim has these values: by the first line that fits. */
    Optional<ConsoleRole> roleOf(List<String> values) {
        return roles.stream()
                .filter(mapping -> values.contains(mapping.substring(0, mapping.lastIndexOf('='))))
                .findFirst()
                .map(ProviderSettings::role);
    }

    /** Where this home keeps them. */
    public static Path file(Path home) {
        return home.resolve(FILE);
    }

    /** Empty where no provider is set. @throws UserError if the file cannot be read or is wrong */
    public static Optional<ProviderSettings> read(Path home) {
        Path file = file(home);
        try {
            return Optional.of(StrictToml.parse(Files.readString(file), ProviderSettings.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (TomlException e) {
            throw new UserError(file + ": " + e.getMessage(), "set the provider again with 'console oidc set'", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "check its owner and permissions", e);
        }
    }

    /** @throws UserError if the home cannot be written */
    public void write(Path home) {
        try {
            DurableFile.writeSecret(file(home), StrictToml.write(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings that have no TOML form", e);
        } catch (IOException e) {
            throw new UserError(file(home) + " cannot be written", "check permissions and free space", e);
        }
    }

    /** @return whether there were any */
    public static boolean remove(Path home) {
        try {
            return DurableFile.delete(file(home));
        } catch (IOException e) {
            throw new UserError(file(home) + " cannot be deleted", "check permissions", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ProviderSettings[" + issuer + ", " + clientId + ", " + redirectUri + "]";
    }
}
