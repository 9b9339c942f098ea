package org.commissure.coordinator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunHold;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.jspecify.annotations.Nullable;

/** A run's status in words: one line, or a page for a terminal. */
final class ProgressView {
    private static final int BAR = 20;

    private ProgressView() {}

    /** Where the run is; the same text as long as nothing a reader cares about has changed. */
    static String line(RunSummary run) {
        StringBuilder line = new StringBuilder(head(run));
        if (run.hold() != null) {
            line.append(", ").append(hold(run.hold()));
        }
        if (!run.waitingFor().isEmpty()) {
            line.append(", waiting for ").append(String.join(" ", run.waitingFor()));
        }
        if (!run.history().isEmpty()) {
            line.append("; ").append(round(run.history().getLast()));
        }
        return line.toString();
    }

    static List<String> page(RunSummary run) {
        List<String> page = new ArrayList<>();
        page.add("run " + run.runId() + "  " + run.study() + "  " + run.state()
                + (run.reason().isEmpty() ? "" : ": " + run.reason()));
        page.add(head(run) + "   "
                + (run.hold() == null ? "time left: " + duration(run.secondsLeft()) : hold(run.hold())));
        for (SiteSummary site : run.sites()) {
            page.add(String.format(
                    Locale.ROOT,
                    "  %-16s %-12s %s %-28s %8.1f MB%s",
                    site.name(),
                    site.connected() ? "connected" : "away",
                    bar(site.fraction()),
                    site.activity(),
                    site.bytesReceived() / 1e6,
                    run.waitingFor().contains(site.name()) ? "  ← awaited" : ""));
        }
        run.history().forEach(round -> page.add("  " + round(round)));
        return page;
    }

    private static String head(RunSummary run) {
        String kind = run.sum().toLowerCase(Locale.ROOT);
        return "round " + run.round() + "/" + run.rounds() + " " + kind + ", " + run.phase()
                + (run.attempt() > 1 ? " (attempt " + run.attempt() + ")" : "");
    }

    private static String hold(RunHold hold) {
        return hold.kind() + " (" + hold.reason() + ")" + (hold.until() == null ? "" : " until " + hold.until());
    }

    private static String round(RoundSummary round) {
        String survivors = round.survivors().isEmpty() ? "" : ", survivors " + String.join(" ", round.survivors());
        EvaluationSummary e = round.evaluation();
        String score = e == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", R² %.4f (parcel mean %.4f, interpolation %.4f)",
                        e.r2(),
                        e.r2ParcelMean(),
                        e.r2Interpolation());
        return String.format(
                Locale.ROOT,
                "round %d %s in %.1f s%s%s",
                round.round(),
                round.outcome().name().toLowerCase(Locale.ROOT),
                round.seconds(),
                survivors,
                score);
    }

    private static String bar(double fraction) {
        int full = (int) Math.round(Math.clamp(fraction, 0.0, 1.0) * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    private static String duration(@Nullable Long seconds) {
        return seconds == null ? "not known yet" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
