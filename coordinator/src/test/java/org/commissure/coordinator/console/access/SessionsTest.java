package org.commissure.coordinator.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class SessionsTest {
    @Parameter
    private TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    private Path folder;

    private final SteppingClock clock = new SteppingClock();
    private Database database;
    private ConsoleUsers users;
    private Sessions sessions;

    @BeforeEach
    void open() {
        database = kind.open(folder);
        users = new ConsoleUsers(database);
        sessions = new Sessions(users, new ConsoleIdentities(database), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private String signIn(String name, String role) {
        ConsoleUsers.User user = new ConsoleUsers.User(name, role, "hash", Instant.ofEpochMilli(1));
        users.add(user);
        return sessions.begin(user);
    }

    @Test
    void aSessionKnowsItsPersonAndRole() {
        String token = signIn("anna", "officer");
        assertThat(sessions.find(token, true))
                .hasValueSatisfying(session -> assertThat(session)
                        .returns("anna", Sessions.Session::person)
                        .returns(ConsoleRole.OFFICER, Sessions.Session::role));
        assertThat(sessions.find(token + "x", true)).isEmpty();
    }

    @Test
    void halfAnHourOfQuietEndsIt() {
        String token = signIn("anna", "viewer");
        clock.forward(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(token, true)).isPresent();
        clock.forward(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(token, false)).isPresent();
        clock.forward(Duration.ofSeconds(1));
        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void whatAPageAsksByItselfDoesNotKeepItAlive() {
        String token = signIn("anna", "viewer");
        for (int i = 0; i < 3; i++) {
            clock.forward(Duration.ofMinutes(9));
            assertThat(sessions.find(token, false)).isPresent();
        }
        clock.forward(Duration.ofMinutes(3));
        assertThat(sessions.find(token, false)).isEmpty();
    }

    @Test
    void eightHoursEndItHoweverBusyItIs() {
        String token = signIn("anna", "viewer");
        Instant end = clock.instant().plus(Sessions.ABSOLUTE);
        while (clock.instant().plus(Duration.ofMinutes(20)).isBefore(end)) {
            clock.forward(Duration.ofMinutes(20));
            assertThat(sessions.find(token, true)).isPresent();
        }
        clock.forward(Duration.ofMinutes(20));
        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void aNewPasswordEndsTheSessionsOfTheOldOne() {
        String token = signIn("anna", "viewer");
        users.setPassword("anna", "other", Instant.ofEpochMilli(2));
        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void aRemovedUserIsSignedOutAtOnce() {
        String token = signIn("anna", "viewer");
        users.remove("anna");
        assertThat(sessions.find(token, true)).isEmpty();
    }

    @Test
    void signingOutEndsThatSessionOnly() {
        String first = signIn("anna", "viewer");
        String second = signIn("anna", "viewer");
        sessions.end(first);
        assertThat(sessions.find(first, true)).isEmpty();
        assertThat(sessions.find(second, true)).isPresent();
    }

    @Test
    void theEleventhSessionOfAPersonEndsTheOneUnusedLongest() {
        String first = signIn("anna", "viewer");
        clock.forward(Duration.ofSeconds(1));
        String second = signIn("anna", "viewer");
        for (int i = 0; i < 9; i++) {
            signIn("anna", "viewer");
        }
        assertThat(sessions.find(first, true)).isEmpty();
        assertThat(sessions.find(second, true)).isPresent();
    }
}
