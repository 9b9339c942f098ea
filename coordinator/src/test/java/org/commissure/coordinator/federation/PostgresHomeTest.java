package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.coordinator.storage.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home whose state is in PostgreSQL, made by the command. */
class PostgresHomeTest {
    @TempDir
    private Path folder;

    private String[] init(String home, PostgresConfig database) {
        List<String> arguments = new ArrayList<>(List.of(
                "init", "--home", folder.resolve(home).toString(), "--federation", "net", "--host", "localhost"));
        arguments.addAll(List.of("--database", database.url()));
        arguments.addAll(List.of("--database-user", database.user().orElseThrow()));
        arguments.addAll(
                List.of("--database-password-file", database.passwordFile().orElseThrow()));
        return arguments.toArray(String[]::new);
    }

    @Test
    void itsStateIsThereItsPasswordIsNotAndAnotherFederationIsRefused() throws Exception {
        PostgresConfig database = PostgresServer.newDatabase();
        assertThat(TestCli.run(init("first", database))).isZero();
        Path home = folder.resolve("first");
        assertThat(home.resolve("coordinator.db")).doesNotExist();
        assertThat(Files.readString(home.resolve("coordinator.toml")))
                .contains("database.url = '" + database.url() + "'")
                .doesNotContain(Files.readString(Path.of(database.passwordFile().orElseThrow()))
                        .strip());
        assertThat(new CoordinatorHome(home).config().database()).hasValue(database);
        assertThat(TestCli.run(
                        "invite",
                        "--home",
                        home.toString(),
                        "--site",
                        "A",
                        "--out",
                        folder.resolve("a.json").toString()))
                .isZero();
        assertThat(TestCli.error(init("second", database))).contains("holds a federation already");
        assertThat(folder.resolve("second/coordinator.toml")).doesNotExist();
    }
}
