package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.oidc.ProviderFlow;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.Database;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.SecretFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code console oidc set}. */
@Command(
        name = "set",
        description = {
            "Sets the OpenID provider, in the place of an earlier one. The provider is asked first: nothing is changed where"
                    + " it does not answer, its certificate is not trusted, or it is another issuer than named.",
            "Settings and secret are kept in oidc.toml of the home (0600), and are in a backup with a passphrase. Whoever"
                    + " came in by a claim signs in anew; users with a binding keep it."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator console oidc set --home /srv/commissure \\",
            "    --issuer https://login.example.org --client-id commissure \\",
            "    --client-secret-file secret.txt --label \"Sign in with the University\"",
            "%nRoles by the claim 'groups', and by a claim inside another one:%n",
            "    --role-claim groups --map brain-officers=officer --map brain=viewer",
            "    --role-claim realm_access.roles --map fl-admin=administrator",
            "%nA provider under an authority of your own:%n",
            "    --ca-file hospital-ca.pem"
        })
final class ConsoleOidcSetCommand implements Callable<Integer> {
    private static final List<String> USUAL_SCOPES = List.of("openid", "profile", "email");

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = "--issuer",
            required = true,
            paramLabel = "URL",
            description = "The provider's name, https, exactly as its discovery document writes it.")
    private String issuer = "";

    @Option(
            names = "--client-id",
            required = true,
            paramLabel = "ID",
            description = "What the provider calls this console.")
    private String clientId = "";

    @Option(
            names = "--client-secret-file",
            required = true,
            paramLabel = "FILE",
            description = "Its first line is the client's secret. It is copied; delete the file afterwards.")
    private Path secretFile = Path.of("");

    @Option(
            names = "--console-url",
            paramLabel = "URL",
            description =
                    "How browsers reach the console (default: host and console_port of coordinator.toml). The redirect"
                            + " URI is this with /oidc.")
    private @Nullable String consoleUrl;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            defaultValue = "Sign in with OpenID Connect",
            description = "What stands on the button (default: ${DEFAULT-VALUE}).")
    private String label = "";

    @Option(
            names = "--role-claim",
            paramLabel = "CLAIM",
            description = "The claim whose values give roles, of the ID token or else of UserInfo.")
    private @Nullable String roleClaim;

    @Option(
            names = "--map",
            paramLabel = "VALUE=ROLE",
            description =
                    "Whoever has VALUE in that claim comes in as ROLE: viewer, officer, coordinator or administrator."
                            + " Repeat it; the first that fits counts.")
    private List<String> map = new ArrayList<>();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "Ask for this scope besides openid, profile and email; some providers want one for groups.")
    private List<String> scopes = new ArrayList<>();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "PEM certificates of authorities to trust for the provider, besides the Java runtime's.")
    private @Nullable Path authorities;

    @Override
    public Integer call() {
        CoordinatorConfig config = home.home().config();
        Set<String> asked = new LinkedHashSet<>(USUAL_SCOPES);
        asked.addAll(scopes);
        ProviderSettings settings = new ProviderSettings(
                issuer,
                clientId,
                new String(SecretFile.firstLine(secretFile, "client secret")),
                consoleAddress(config) + ProviderSettings.RETURN_PATH,
                label,
                List.copyOf(asked),
                Optional.ofNullable(roleClaim),
                map,
                Optional.ofNullable(authorities).map(ConsoleOidcSetCommand::text));
        ProviderFlow.check(settings);
        try (Database database = home.openDatabase()) {
            settings.write(home.home().folder());
            new ConsoleIdentities(database).removeGranted();
        }
        System.out.println("people may sign in to the console through " + issuer);
        System.out.println("its redirect URI, to be registered there exactly so: " + settings.redirectUri());
        if (settings.roles().isEmpty()) {
            System.out.println("nobody has a role by it yet: 'console users add --email', or set a --role-claim");
        }
        return 0;
    }

    private String consoleAddress(CoordinatorConfig config) {
        if (consoleUrl != null) {
            return consoleUrl.replaceFirst("/$", "");
        }
        int port = config.consolePort().orElse(0);
        if (port == 0) {
            throw new UserError(
                    "coordinator.toml has no console_port, so the console's address is not known",
                    "name it: --console-url https://" + config.host() + ":8445");
        }
        return "https://" + config.host() + ":" + port;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserError("the file " + file + " cannot be read", "check its name and permissions", e);
        }
    }
}
