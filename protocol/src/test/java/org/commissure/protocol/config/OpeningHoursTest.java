package org.commissure.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningHoursTest {
    private static final String ZURICH = "Europe/Zurich";

    @Test
    void aWindowOverMidnightBelongsToTheDayOnWhichItBegins() {
        OpeningHours nights = new OpeningHours(ZURICH, List.of("mon-fri 19:00-06:30"));
        assertThat(nights.isOpen(at("2026-11-20T19:00"))).isTrue(); // a Friday
        assertThat(nights.isOpen(at("2026-11-20T18:59"))).isFalse();
        assertThat(nights.isOpen(at("2026-11-21T06:29"))).isTrue(); // Saturday morning is Friday's night
        assertThat(nights.isOpen(at("2026-11-21T06:30"))).isFalse();
        assertThat(nights.isOpen(at("2026-11-21T19:30"))).isFalse();
        assertThat(nights.isOpen(at("2026-11-23T05:00"))).isFalse(); // Monday morning is Sunday's night
        assertThat(nights.opensAfter(at("2026-11-21T12:00")).toLocalDateTime())
                .isEqualTo(LocalDateTime.parse("2026-11-23T19:00"));
    }

    @Test
    void itIsTheHospitalsClockOnTheWallAlsoInSummer() {
        OpeningHours mornings = new OpeningHours(ZURICH, List.of("daily 08:00-09:00"));
        assertThat(mornings.isOpen(Instant.parse("2026-01-15T07:30:00Z"))).isTrue(); // UTC+1
        assertThat(mornings.isOpen(Instant.parse("2026-07-15T06:30:00Z"))).isTrue(); // UTC+2
        assertThat(mornings.isOpen(Instant.parse("2026-07-15T07:30:00Z"))).isFalse();
    }

    @Test
    void daysMayGoOverTheWeekendAndWholeDaysEndAtTwentyFour() {
        OpeningHours weekend = new OpeningHours(ZURICH, List.of("fri-mon 22:00-24:00", "sat,sun 00:00-24:00"));
        assertThat(weekend.isOpen(at("2026-11-23T23:59"))).isTrue();
        assertThat(weekend.isOpen(at("2026-11-24T00:00"))).isFalse();
        assertThat(weekend.isOpen(at("2026-11-22T12:00"))).isTrue();
        assertThat(weekend.isOpen(at("2026-11-24T23:00"))).isFalse();
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        for (String window : List.of(
                "mon 25:00-26:00",
                "mon 08:60-09:00",
                "mon 08:00-08:00",
                "mon 24:00-08:00",
                "monday 08:00-09:00",
                "mon-tue-wed 08:00-09:00",
                ", 08:00-09:00",
                "mon 8:00-9:00",
                "")) {
            assertThatThrownBy(() -> new OpeningHours(ZURICH, List.of(window)))
                    .as(window)
                    .isInstanceOf(HoursException.class)
                    .hasMessageContaining("hours.open");
        }
        assertThatThrownBy(() -> new OpeningHours("Europe/Atlantis", List.of("daily 00:00-24:00")))
                .isInstanceOf(HoursException.class)
                .hasMessageContaining("hours.zone");
        assertThatThrownBy(() -> new OpeningHours(ZURICH, List.of())).isInstanceOf(HoursException.class);
    }

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(ZoneId.of(ZURICH)).toInstant();
    }
}
