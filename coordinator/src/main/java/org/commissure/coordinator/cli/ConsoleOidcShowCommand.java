package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.oidc.ProviderFlow;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code console oidc show}. */
@Command(
        name = "show",
        description = "Prints through which OpenID provider people may sign in; never the client's secret.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator console oidc show --home /srv/commissure --json",
            "  commissure coordinator console oidc show --check --home /srv/commissure"
        })
final class ConsoleOidcShowCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = "--check",
            description = "Ask the provider whether it can be used so; fails with the reason if not.")
    private boolean check;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Path folder = home.home().folder();
        var unused = home.home().config(); // says so where this is no home
        Optional<ProviderSettings> settings = ProviderSettings.read(folder);
        Map<String, Object> facts = settings.map(ConsoleOidcShowCommand::facts).orElseGet(() -> Map.of("set", false));
        if (json) {
            Json.print(facts);
        } else if (settings.isEmpty()) {
            System.out.println("no OpenID provider is set: people sign in with passwords");
        } else {
            facts.forEach((name, value) -> System.out.println(name + ": " + value));
        }
        if (check && settings.isPresent()) {
            ProviderFlow.check(settings.get());
            if (!json) {
                System.out.println("the provider answers and can be used");
            }
        }
        return 0;
    }

    private static Map<String, Object> facts(ProviderSettings settings) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("set", true);
        facts.put("issuer", settings.issuer());
        facts.put("clientId", settings.clientId());
        facts.put("redirectUri", settings.redirectUri());
        facts.put("label", settings.label());
        facts.put("scopes", settings.scopes());
        settings.roleClaim().ifPresent(claim -> facts.put("roleClaim", claim));
        facts.put("roles", settings.roles());
        facts.put("ownAuthorities", settings.authorities().isPresent());
        return facts;
    }
}
