package org.commissure.coordinator.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginGuardTest {
    private final SteppingClock clock = new SteppingClock();
    private final LoginGuard guard = new LoginGuard(clock);

    private void fail(int times, String account, String address) {
        for (int i = 0; i < times; i++) {
            assertThat(guard.begin(account, address)).isZero();
        }
    }

    @Test
    void theSixthAttemptAtAnAccountWaitsAMinuteFromWhereverItComes() {
        fail(5, "anna", "10.0.0.1");
        assertThat(guard.begin("anna", "10.0.0.2")).isEqualTo(Duration.ofMinutes(1));
        assertThat(guard.begin("bo", "10.0.0.1")).isZero();
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToAnHour() {
        fail(5, "anna", "10.0.0.1");
        for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(guard.begin("anna", "10.0.0.1")).isEqualTo(Duration.ofMinutes(minutes));
            clock.forward(Duration.ofMinutes(minutes));
            assertThat(guard.begin("anna", "10.0.0.1")).isZero();
        }
    }

    @Test
    void anAttemptWhileWaitingDoesNotLengthenTheWait() {
        fail(5, "anna", "10.0.0.1");
        guard.begin("anna", "10.0.0.1");
        clock.forward(Duration.ofSeconds(59));
        assertThat(guard.begin("anna", "10.0.0.1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anAddressThatTriesManyNamesWaitsToo() {
        for (int i = 0; i < 50; i++) {
            fail(1, "name" + i, "10.0.0.1");
        }
        assertThat(guard.begin("another", "10.0.0.1")).isEqualTo(Duration.ofMinutes(1));
        assertThat(guard.begin("another", "10.0.0.2")).isZero();
    }

    @Test
    void aSuccessForgetsTheAccountsFailures() {
        fail(5, "anna", "10.0.0.1");
        guard.succeeded("anna", "10.0.0.1");
        fail(5, "anna", "10.0.0.1");
    }

    @Test
    void aQuarterOfADayForgets() {
        fail(4, "anna", "10.0.0.1");
        clock.forward(Duration.ofHours(7));
        fail(5, "anna", "10.0.0.1");
    }
}
