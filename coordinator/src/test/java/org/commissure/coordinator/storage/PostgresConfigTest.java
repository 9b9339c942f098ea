package org.commissure.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresConfigTest {
    private static PostgresConfig at(String url) {
        return new PostgresConfig(url, Optional.of("commissure"), Optional.empty());
    }

    @Test
    void beyondThisMachineTheServersCertificateIsVerifiedUnlessTheAddressSaysHow() {
        assertThat(at("jdbc:postgresql://db.example.org/c").sslMode()).hasValue("verify-full");
        assertThat(at("jdbc:postgresql://127.0.0.1,db.example.org/c").sslMode()).hasValue("verify-full");
        assertThat(at("jdbc:postgresql://db.example.org/c?sslmode=verify-ca").sslMode())
                .isEmpty();
        assertThat(at("jdbc:postgresql://127.0.0.1:5433/c").sslMode()).isEmpty();
        assertThat(at("jdbc:postgresql://[::1]:5433/c?sslmode=disable").sslMode())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require"})
    void aConnectionBeyondThisMachineThatProvesNothingIsRefused(String mode) {
        assertThatThrownBy(() -> at("jdbc:postgresql://db.example.org/c?sslmode=" + mode))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("sslmode=" + mode);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example.org/c?password=hunter2",
                "jdbc:postgresql://db.example.org/c?ssl=true&PASSWORD=hunter2",
                "postgres://bob:hunter2@db.example.org/c",
                "jdbc:sqlite:hunter2.db"
            })
    void anAddressThatHoldsAPasswordOrIsNoneIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> at(url)).isInstanceOf(UserError.class).hasMessageNotContaining("hunter2");
    }

    @Test
    void thePasswordComesFromItsFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "secret word\n");
        assertThat(new PostgresConfig("jdbc:postgresql://localhost/c", Optional.empty(), Optional.of(file.toString()))
                        .password())
                .hasValue("secret word");
        PostgresConfig gone =
                new PostgresConfig("jdbc:postgresql://localhost/c", Optional.empty(), Optional.of(file + "x"));
        assertThatThrownBy(gone::password).isInstanceOf(UserError.class).hasMessageContaining("password");
    }

    @Test
    void aWrongPasswordIsRefusedAndNotRepeated(@TempDir Path folder) throws Exception {
        PostgresConfig right = PostgresServer.newDatabase();
        Path file = Files.writeString(folder.resolve("password"), "hunter2");
        PostgresConfig wrong = new PostgresConfig(right.url(), right.user(), Optional.of(file.toString()));
        assertThatThrownBy(() -> Database.open(wrong))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("authentication failed")
                .hasMessageNotContaining("hunter2");
    }
}
