package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Scores;
import org.commissure.models.training.TrainingEvent;
import org.commissure.models.training.TrainingListener;
import org.commissure.models.training.TrainingOutcome;
import org.commissure.models.training.TrainingPlan;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.PooledCohort;

/** Tells a run to the terminal, a line at a time. */
final class TrainingReport implements TrainingListener {
    private final PrintWriter out;

    TrainingReport(PrintWriter out) {
        this.out = out;
    }

    void start(
            PooledCohort pooled,
            PooledCohort.Division division,
            String name,
            ModelConfiguration configuration,
            TrainingPlan plan) {
        for (Admission site : pooled.sites()) {
            say(
                    "%s: %d patients, %d not admitted",
                    site.folder(), site.admitted().size(), site.rejected().size());
        }
        say(
                "training on %d patients, %d held out; %s with %,d parameters, %d tokens a window, %d steps of %d windows",
                division.training().size(),
                division.heldOut().size(),
                name,
                configuration.layout().parameterCount(),
                configuration.tokens(),
                plan.steps(),
                plan.batchSize());
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Progress p ->
                say(
                        "step %d of %d  loss %.4f  %,.0f tokens/s  %s left",
                        p.step(), p.steps(), p.loss(), p.tokensPerSecond(), text(p.left()));
            case TrainingEvent.Evaluated e -> say("step %d  held out: %s", e.step(), text(e.scores()));
            case TrainingEvent.Resumed r -> say("going on after step %d", r.step());
            case TrainingEvent.Saved s -> say("step %d  checkpoint written", s.step());
            case TrainingEvent.Stepped s -> {}
        }
    }

    void end(Path folder, TrainingOutcome outcome) {
        say("wrote %s (%s)", folder, outcome.device());
        outcome.best().ifPresent(best -> say("best R² on held-out patients: %.4f at step %d", best.r2(), best.step()));
    }

    static String text(Scores scores) {
        return String.format(
                Locale.ROOT,
                "R² %.4f (interpolation %.4f, parcel mean %.4f), mean squared error %.4f",
                scores.r2(),
                scores.r2Interpolation(),
                scores.r2ParcelMean(),
                scores.meanSquaredError());
    }

    private static String text(Duration left) {
        return left.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d min", left.toHours(), left.toMinutesPart())
                : String.format(Locale.ROOT, "%d min %02d s", left.toMinutes(), left.toSecondsPart());
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
