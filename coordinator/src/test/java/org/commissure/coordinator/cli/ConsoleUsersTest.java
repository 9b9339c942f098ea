package org.commissure.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleUsersTest {
    @TempDir
    private Path folder;

    private CoordinatorHome home;

    @BeforeEach
    void create() {
        home = new CoordinatorHome(folder.resolve("home"));
        var unused = home.create(new CoordinatorConfig("test", "localhost", 0), Clock.systemUTC());
    }

    private String[] users(String... arguments) {
        String[] all = new String[arguments.length + 4];
        all[0] = "console";
        all[1] = "users";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[all.length - 2] = "--home";
        all[all.length - 1] = home.folder().toString();
        return all;
    }

    private String password(String text) throws IOException {
        return Files.writeString(folder.resolve("password"), text + "\n").toString();
    }

    private ConsoleUsers.User anna() {
        try (Database database = Database.open(home.databaseFile())) {
            return new ConsoleUsers(database).user("anna").orElseThrow();
        }
    }

    @Test
    void aUserIsAddedChangedAndRemoved() throws Exception {
        String first = password("the first password");
        assertThat(Main.run(users("add", "anna", "--role", "officer", "--password-file", first)))
                .isZero();
        assertThat(anna().role()).isEqualTo("officer");
        assertThat(Passwords.matches("the first password".toCharArray(), anna().passwordHash()))
                .isTrue();
        assertThat(Main.run(users("password", "anna", "--password-file", password("the second password"))))
                .isZero();
        assertThat(Passwords.matches("the second password".toCharArray(), anna().passwordHash()))
                .isTrue();
        assertThat(Main.run(users("role", "anna", "--role", "administrator"))).isZero();
        assertThat(anna().role()).isEqualTo("administrator");
        assertThat(Main.run(users("disable", "anna"))).isZero();
        assertThat(anna().disabled()).isTrue();
        assertThat(TestCli.output(users("list"))).contains("DISABLED");
        assertThat(Main.run(users("enable", "anna"))).isZero();
        assertThat(anna().disabled()).isFalse();
        assertThat(Main.run(users("list", "--json"))).isZero();
        assertThat(Main.run(users("remove", "anna"))).isZero();
        assertThat(TestCli.error(users("remove", "anna"))).contains("there is no user 'anna'");
    }

    @Test
    void whatCannotBeMeantIsRefusedWithARemedy() throws Exception {
        String good = password("a password for the tests");
        assertThat(TestCli.error(users("add", "anna", "--role", "king", "--password-file", good)))
                .contains("no role 'king'", "viewer, officer, coordinator or administrator");
        assertThat(TestCli.error(users("add", "an na", "--role", "viewer", "--password-file", good)))
                .contains("no name for a user");
        assertThat(TestCli.error(users("add", "anna", "--role", "viewer", "--password-file", password("short"))))
                .contains("the password has 5 characters");
        assertThat(Main.run(users(
                        "add", "anna", "--role", "viewer", "--password-file", password("a password for the tests"))))
                .isZero();
        assertThat(TestCli.error(users("add", "anna", "--role", "viewer", "--password-file", good)))
                .contains("there is a user 'anna' already");
        assertThat(TestCli.error(
                        "console",
                        "users",
                        "list",
                        "--home",
                        folder.resolve("none").toString()))
                .contains("is not a coordinator's home");
    }

    @Test
    void aPasswordIsNeverTakenFromTheCommandLineOrAskedWhereNobodyTypes() {
        assertThat(TestCli.error(users("add", "anna", "--role", "viewer"))).contains("--password-file");
    }
}
