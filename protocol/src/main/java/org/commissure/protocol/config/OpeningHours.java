package org.commissure.protocol.config;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table {@code [hours]}: when a hospital takes part, or when the sums of a study may begin, by the clock on the wall,
 * summer time included.
 *
 * @param zone an IANA time zone such as {@code Europe/Zurich}
 * @param open windows such as {@code "mon-fri 19:00-06:30"}; one that ends before it begins lasts over
 *     midnight and belongs to the day on which it begins. {@code daily} is every day, {@code 24:00} midnight
 *     at the end of the day.
 */
public record OpeningHours(String zone, List<String> open) {
    private static final Pattern WINDOW =
            Pattern.compile("([a-z,-]+) (\\d{2}):(\\d{2})-(\\d{2}):(\\d{2})", Pattern.CASE_INSENSITIVE);
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int MINUTES_A_DAY = 24 * 60;

    /** Minutes after midnight of the day on which it begins; {@code until} may lie in the next day. */
    private record Window(Set<DayOfWeek> days, int from, int until) {}

    /** @throws HoursException naming what is wrong */
    public OpeningHours {
        open = List.copyOf(open);
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new HoursException(
                    "hours.zone", "is '" + zone + "'", "write an IANA time zone, for example \"Europe/Zurich\"");
        }
        if (open.isEmpty()) {
            throw new HoursException("hours.open", "is empty", "name a window, or leave [hours] out for any time");
        }
        open.forEach(OpeningHours::window);
    }

    /** As a sentence names them. */
    public String words() {
        return String.join(", ", open) + " " + zone;
    }

    public boolean isOpen(Instant when) {
        ZonedDateTime local = when.atZone(ZoneId.of(zone));
        int minute = local.toLocalTime().toSecondOfDay() / 60;
        return windows()
                .anyMatch(window ->
                        window.days.contains(local.getDayOfWeek()) && minute >= window.from && minute < window.until
                                || window.days.contains(local.getDayOfWeek().minus(1))
                                        && minute + MINUTES_A_DAY < window.until);
    }

    /** The next time at which a window begins. */
    public ZonedDateTime opensAfter(Instant when) {
        ZonedDateTime local = when.atZone(ZoneId.of(zone));
        return Stream.iterate(local.toLocalDate(), day -> day.plusDays(1))
                .limit(8)
                .flatMap(day -> windows()
                        .filter(window -> window.days.contains(day.getDayOfWeek()))
                        .map(window ->
                                day.atStartOfDay().plusMinutes(window.from).atZone(ZoneId.of(zone))))
                .filter(start -> start.isAfter(local))
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalStateException("every window begins at least once in eight days"));
    }

    private Stream<Window> windows() {
        return open.stream().map(OpeningHours::window);
    }

    private static Window window(String text) {
        Matcher parts = WINDOW.matcher(text);
        if (!parts.matches()) {
            throw bad(text, "write days and times, for example \"mon-fri 19:00-06:30\" or \"daily 00:00-24:00\"");
        }
        int from = minutes(text, parts.group(2), parts.group(3));
        int until = minutes(text, parts.group(4), parts.group(5));
        if (from == until || from == MINUTES_A_DAY) {
            throw bad(text, "let it last longer than nothing; \"00:00-24:00\" is the whole day");
        }
        Set<DayOfWeek> days = days(text, parts.group(1).toLowerCase(Locale.ROOT));
        return new Window(days, from, until > from ? until : until + MINUTES_A_DAY);
    }

    private static int minutes(String text, String hour, String minute) {
        int minutes = Integer.parseInt(hour) * 60 + Integer.parseInt(minute);
        if (minutes > MINUTES_A_DAY || Integer.parseInt(minute) > 59) {
            throw bad(text, "hours go from 00:00 to 24:00");
        }
        return minutes;
    }

    private static Set<DayOfWeek> days(String text, String names) {
        if (names.equals("daily")) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : names.split(",", -1)) {
            String[] ends = part.split("-", -1);
            int first = DAYS.indexOf(ends[0]);
            int last = DAYS.indexOf(ends[ends.length - 1]);
            if (first < 0 || last < 0 || ends.length > 2) {
                throw bad(
                        text, "days are " + String.join(", ", DAYS) + " and daily; \"fri-mon\" goes over the weekend");
            }
            days.add(DayOfWeek.of(last + 1));
            for (DayOfWeek day = DayOfWeek.of(first + 1); day != DayOfWeek.of(last + 1); day = day.plus(1)) {
                days.add(day);
            }
        }
        return days;
    }

    private static HoursException bad(String text, String remedy) {
        return new HoursException("hours.open", "has the window \"" + text + "\"", remedy);
    }
}
