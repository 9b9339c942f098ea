package org.commissure.deploy.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProgressViewTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ProgressView view = new ProgressView(new PrintStream(printed, true, StandardCharsets.UTF_8), false);

    @Test
    void aLineShowsRoundPhaseSitesAndTimeLeft() {
        assertThat(ProgressView.line(run(2, "TRAIN", List.of())))
                .contains("round 2/6", "train collecting", "A 50%", "B gone", "1:15 min left");
    }

    @Test
    void aPhaseIsPrintedOnce() {
        view.show(run(1, "TRAIN", List.of()));
        view.show(run(1, "TRAIN", List.of()));
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    }

    @Test
    void aRoundIsReportedOnlyOnceItsModelIsScored() {
        view.show(run(1, "EVALUATE", List.of(round(null))));
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("released");
        view.show(run(1, "EVALUATE", List.of(round(new EvaluationSummary(.25, .75, 0, 1, -1, 2, 100, 10, 3)))));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("round 1 released: external R2 0.2500");
    }

    @Test
    void aRoundWithoutAScoreIsReportedOnceTheNextBegins() {
        view.show(run(2, "TRAIN", List.of(round(null))));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("round 1 released: not evaluated");
    }

    @Test
    void manySitesAreCountedAndNotNamed() {
        List<SiteSummary> sites = IntStream.range(0, 200)
                .mapToObj(site -> new SiteSummary("site-" + site, true, "", 0, 0))
                .toList();
        RunSummary run = run(2, "TRAIN", List.of());
        assertThat(ProgressView.line(new RunSummary(
                        run.runId(),
                        run.state(),
                        run.reason(),
                        run.study(),
                        run.round(),
                        run.rounds(),
                        run.sum(),
                        run.phase(),
                        run.attempt(),
                        List.of("site-7", "site-9"),
                        run.deadline(),
                        run.secondsLeft(),
                        sites,
                        run.history())))
                .contains("200 sites, 2 awaited")
                .doesNotContain("site-7");
    }

    private static RoundSummary round(@Nullable EvaluationSummary evaluation) {
        return new RoundSummary(1, RoundOutcome.RELEASED, 1, List.of("A", "B", "C"), 4, evaluation, "00");
    }

    private static RunSummary run(int round, String sum, List<RoundSummary> history) {
        return new RunSummary(
                "r",
                RunOutcome.RUNNING,
                "",
                "study",
                round,
                6,
                sum,
                "collecting",
                1,
                List.of(),
                null,
                75L,
                List.of(new SiteSummary("A", true, "training", 0.5, 0), new SiteSummary("B", false, "", 0, 0)),
                history);
    }
}
