package org.commissure.coordinator.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DatabaseFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what the database is. */
@Command(
        name = "show",
        description = "Prints the kind of database, the version of its tables and how many rows each has.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator database show --home /srv/commissure --json")
final class DatabaseShowCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Map<String, Object> facts = DatabaseFacts.tables(database);
            if (json) {
                Json.print(facts);
            } else {
                facts.forEach((name, value) -> System.out.println(name + ": " + value));
            }
            return 0;
        }
    }
}
