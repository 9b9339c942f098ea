package org.commissure.site.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private Instant now = Instant.parse("2026-11-01T10:00:00Z");

    private final Sessions sessions = new Sessions(
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            },
            new SecureRandom());

    @Test
    void aSessionEndsWhenItWasIdleTooLong() {
        Sessions.Session session = sessions.begin();
        now = now.plus(Sessions.IDLE).minusSeconds(1);
        assertThat(sessions.find(session.id())).contains(session);
        now = now.plus(Sessions.IDLE).minusSeconds(1); // it was used in between
        assertThat(sessions.find(session.id())).contains(session);
        now = now.plus(Sessions.IDLE).plusSeconds(1);
        assertThat(sessions.find(session.id())).isEmpty();
    }

    @Test
    void sessionsAreBoundedAndTheOldestGoes() {
        Sessions.Session first = sessions.begin();
        for (int i = 0; i < 32; i++) {
            sessions.begin();
        }
        assertThat(sessions.find(first.id())).isEmpty();
    }

    @Test
    void aNoticeIsSaidOnce() {
        Sessions.Session session = sessions.begin();
        session.say(new Sessions.Notice(true, "done", ""));
        assertThat(session.takeNotice()).isPresent();
        assertThat(session.takeNotice()).isEmpty();
        assertThat(session.csrf()).isNotEqualTo(session.id()).hasSize(64);
    }
}
