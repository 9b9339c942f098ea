package org.commissure.coordinator.console.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private static final char[] PASSWORD = "correct horse battery staple".toCharArray();

    @Test
    void aHashOfTheReferenceImplementationIsRead() {
        // printf 'correct horse battery staple' | argon2 0123456789abcdef -id -t 2 -k 19456 -p 1 -l 32 -e
        String stored =
                "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0";
        assertThat(Passwords.matches(PASSWORD, stored)).isTrue();
        assertThat(Passwords.matches("correct horse battery stapel".toCharArray(), stored))
                .isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDifferAndBothMatch() {
        String first = Passwords.hash(PASSWORD);
        String second = Passwords.hash(PASSWORD);
        assertThat(first).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(second);
        assertThat(Passwords.matches(PASSWORD, first)).isTrue();
        assertThat(Passwords.matches(PASSWORD, second)).isTrue();
    }

    @Test
    void aShortPasswordIsRefused() {
        assertThatThrownBy(() -> Passwords.hash("fourteen chars".toCharArray()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("14 characters");
    }

    @Test
    void weakerParametersInTheDatabaseAreNotAccepted() {
        String weak = Passwords.hash(PASSWORD).replace("m=19456", "m=8");
        assertThatThrownBy(() -> Passwords.matches(PASSWORD, weak)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRandomPasswordIsLongEnoughAndNeverTheSame() {
        assertThat(Passwords.random())
                .hasSizeGreaterThanOrEqualTo(Passwords.MINIMUM_CHARS)
                .isNotEqualTo(Passwords.random());
        Passwords.matchNobody(PASSWORD);
    }
}
