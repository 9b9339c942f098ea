package org.commissure.coordinator.cli;

import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From a file into PostgreSQL. */
@Command(
        name = "move",
        description = {
            "Moves the coordinator's state from the home's file into an empty database of PostgreSQL, so that two replicas"
                    + " can serve the home. No coordinator may serve meanwhile; make a backup before.",
            "All tables are copied in one transaction and compared before it is committed. Then coordinator.toml names"
                    + " the server, and the file is kept as coordinator.db.moved."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure coordinator database move --home /srv/commissure \\",
            "    --database 'jdbc:postgresql://db.example.org/commissure?sslrootcert=/etc/commissure/db-ca.pem' \\",
            "    --database-user commissure --database-password-file /etc/commissure/db-password"
        })
final class DatabaseMoveCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Option(names = "--json", description = "Print how many rows each table has, as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PostgresConfig server = database.config()
                .orElseThrow(() -> new UserError(
                        "--database is missing", "name the server: --database jdbc:postgresql://HOST/DATABASE"));
        CoordinatorHome from = home.home();
        SortedMap<String, Long> rows = from.moveDatabase(server);
        if (json) {
            Json.print(rows);
            return 0;
        }
        System.out.println("the coordinator's state is in " + server.url() + " now");
        rows.forEach((table, count) -> System.out.printf("  %-16s %d rows%n", table, count));
        System.out.println("the file of before is " + from.movedDatabaseFile());
        return 0;
    }
}
