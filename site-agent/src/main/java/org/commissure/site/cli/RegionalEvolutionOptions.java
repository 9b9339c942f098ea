package org.commissure.site.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.fit.FitPlan;
import org.commissure.models.meanfield.fit.SearchSettings;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much an evolution strategy computes; the defaults are Kong et al. 2021. */
final class RegionalEvolutionOptions {
    private static final Pattern DURATION = Pattern.compile("([0-9]+)(s|m|h)");

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "wall time such as 90m or 1h: offspring, generations and seeds are scaled to what fits on this"
                            + " machine, and the other sizes below are ignored (default: the published sizes, however long)")
    private @Nullable String budget;

    @Option(names = "--seeds", paramLabel = "N", description = "independent searches (default: ${DEFAULT-VALUE})")
    private int seeds = 10;

    @Option(
            names = "--offspring",
            paramLabel = "N",
            description = "candidates of a generation (default: ${DEFAULT-VALUE})")
    private int offspring = 500;

    @Option(
            names = "--parents",
            paramLabel = "N",
            description = "best of them that make the next one (default: a twelfth, 40 of 500)")
    private int parents;

    @Option(names = "--generations", paramLabel = "N", description = "at most (default: ${DEFAULT-VALUE})")
    private int generations = 500;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "noise realisations averaged in the search (default: ${DEFAULT-VALUE})")
    private int repeats = 3;

    @Mixin
    private RegionalSelectionOptions selection = new RegionalSelectionOptions(500, 1_000);

    @Mixin
    private RegionalWindowOptions windows = new RegionalWindowOptions(SearchSettings.STRIDE);

    /** Absent without a budget. */
    @Nullable
    Duration budget() {
        if (budget == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(budget.toLowerCase(Locale.ROOT));
        if (!matcher.matches() || matcher.group(1).length() > 6) {
            throw new UserError("--budget is '" + budget + "'", "give a time such as 300s, 90m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        if (duration.isZero()) {
            throw new UserError("--budget is '" + budget + "'", "give a time such as 300s, 90m or 1h");
        }
        return duration;
    }

    /** The sizes as given; what a budget scales. */
    FitPlan plan(Timing timing) {
        ScoringSettings scoring = windows.scoring(Haemodynamics.KONG_2021, timing);
        try {
            return new FitPlan(
                    seeds,
                    new SearchSettings(
                            scoring,
                            offspring,
                            parents == 0 ? SearchSettings.parentsOf(offspring) : parents,
                            generations,
                            repeats,
                            0),
                    selection.validated(),
                    selection.settings(scoring.withStride(1), 10, false));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }
}
