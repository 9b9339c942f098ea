package org.commissure.deploy.quickstart;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;

/**
 * The run on one line that is redrawn on a terminal, and as one line per phase elsewhere. A finished
 * round leaves a line behind.
 */
public final class ProgressView {
    private static final int BAR = 20;
    /** More sites than these are counted. */
    private static final int MOST_NAMES = 10;

    private final PrintStream out;
    private final boolean terminal;
    private String lastPhase = "";
    private int roundsSeen;

    public ProgressView(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public void show(RunSummary run) {
        while (roundsSeen < run.history().size() && settled(run, run.history().get(roundsSeen))) {
            note(finished(run.history().get(roundsSeen)));
            roundsSeen++;
        }
        String phase = run.round() + run.sum() + run.phase() + run.attempt();
        if (terminal) {
            out.print("\r\033[K" + line(run));
            out.flush();
        } else if (!phase.equals(lastPhase)) {
            out.println(line(run));
        }
        lastPhase = phase;
    }

    /** True when nothing more will be learnt about {@code round}: its model is scored, or will not be. */
    private static boolean settled(RunSummary run, RoundSummary round) {
        return round.evaluation() != null
                || run.round() > round.round()
                || run.state().terminal();
    }

    /** A line that stays. */
    void note(String text) {
        out.println((terminal ? "\r\033[K" : "") + text);
    }

    static String line(RunSummary run) {
        double share =
                run.rounds() == 0 ? 1 : Math.min(1, (double) run.history().size() / (run.rounds() + 1));
        int full = (int) Math.round(share * BAR);
        return "round " + run.round() + "/" + run.rounds() + " [" + "#".repeat(full) + ".".repeat(BAR - full) + "] "
                + run.sum().toLowerCase(Locale.ROOT) + " " + run.phase()
                + (run.attempt() > 1 ? " (attempt " + run.attempt() + ")" : "") + " | "
                + sites(run)
                + Optional.ofNullable(run.secondsLeft())
                        .map(seconds -> " | " + duration(seconds) + " left")
                        .orElse("");
    }

    private static String sites(RunSummary run) {
        return run.sites().size() <= MOST_NAMES
                ? run.sites().stream().map(ProgressView::site).collect(Collectors.joining(" "))
                : run.sites().size() + " sites, " + run.waitingFor().size() + " awaited";
    }

    private static String site(SiteSummary site) {
        if (!site.connected()) {
            return site.name() + " gone";
        }
        return site.fraction() > 0 && site.fraction() < 1
                ? site.name() + " " + Math.round(site.fraction() * 100) + "%"
                : site.name();
    }

    private static String survivors(List<String> names) {
        return names.isEmpty() ? "-" : names.size() <= MOST_NAMES ? String.join(" ", names) : "" + names.size();
    }

    private static String finished(RoundSummary round) {
        String scored = Optional.ofNullable(round.evaluation())
                .map(score -> String.format(Locale.ROOT, "external R2 %.4f, MSE %.4f", score.r2(), score.mse()))
                .orElse("not evaluated");
        return String.format(
                Locale.ROOT,
                "round %d %s: %s, sites %s, %.0f s",
                round.round(),
                round.outcome().name().toLowerCase(Locale.ROOT),
                scored,
                survivors(round.survivors()),
                round.seconds());
    }

    private static String duration(long seconds) {
        return seconds < 60 ? seconds + " s" : String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }
}
