package org.commissure.site.cli;

import java.io.PrintWriter;
import org.commissure.models.meanfield.scoring.ScoringListener;

/** How many simulations are done, and about how long the rest takes. Thread-safe. */
final class SimulationProgress implements ScoringListener {
    private final ProgressLines lines;

    SimulationProgress(PrintWriter err) {
        this.lines = new ProgressLines(err);
    }

    @Override
    public void simulated(int done, int all) {
        lines.at("simulation", done, all);
    }
}
