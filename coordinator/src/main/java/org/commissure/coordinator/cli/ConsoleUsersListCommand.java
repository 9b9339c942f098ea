package org.commissure.coordinator.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
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
        try (Database database = home.openDatabase()) {
            users = new ConsoleUsers(database).users();
        }
        if (json) {
            Json.print(Map.of(
                    "users",
                    users.stream()
                            .map(user -> new TreeMap<>(Map.of(
                                    "name", user.name(),
                                    "role", user.role(),
                                    "disabled", user.disabled(),
                                    "passwordSet", user.changed().toString())))
                            .toList()));
        } else if (users.isEmpty()) {
            System.out.println("nobody may sign in yet: add somebody with 'console users add'");
        } else {
            users.forEach(user -> System.out.println(user.name() + "  " + user.role() + "  password set on "
                    + user.changed() + (user.disabled() ? "  DISABLED" : "")));
        }
        return 0;
    }
}
