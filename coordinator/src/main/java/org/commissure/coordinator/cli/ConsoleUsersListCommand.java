package org.commissure.coordinator.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleIdentities.Identity;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who may sign in. */
@Command(
        name = "list",
        description = "Shows who may sign in to the console, with roles and when each password was set.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users list --home /srv/commissure --json")
final class ConsoleUsersListCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<ConsoleUsers.User> users;
        Map<String, Identity> identities = new HashMap<>();
        try (Database database = home.openDatabase()) {
            users = new ConsoleUsers(database).users();
            new ConsoleIdentities(database).all().forEach(identity -> identities.put(identity.name(), identity));
        }
        if (json) {
            Json.print(Map.of(
                    "users",
                    users.stream()
                            .map(user -> facts(user, identities.get(user.name())))
                            .toList()));
        } else if (users.isEmpty()) {
            System.out.println("nobody may sign in yet: add somebody with 'console users add'");
        } else {
            users.forEach(user -> System.out.println(line(user, identities.get(user.name()))));
        }
        return 0;
    }

    private static Map<String, Object> facts(ConsoleUsers.User user, @Nullable Identity identity) {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("name", user.name());
        facts.put("role", user.role());
        facts.put("disabled", user.disabled());
        if (user.hasPassword()) {
            facts.put("passwordSet", user.changed().toString());
        }
        if (identity != null) {
            facts.put("issuer", identity.issuer());
            identity.subject().ifPresent(subject -> facts.put("subject", subject));
            identity.email().ifPresent(email -> facts.put("email", email));
            facts.put("roleByClaim", identity.granted());
        }
        return facts;
    }

    private static String line(ConsoleUsers.User user, @Nullable Identity identity) {
        return user.name() + "  " + user.role()
                + (user.hasPassword() ? "  password set on " + user.changed() : "")
                + (identity == null ? "" : "  " + person(identity))
                + (user.disabled() ? "  DISABLED" : "");
    }

    private static String person(Identity identity) {
        return "through the provider as "
                + identity.email().or(identity::subject).orElse("")
                + (identity.granted() ? ", role by claim" : "");
    }
}
