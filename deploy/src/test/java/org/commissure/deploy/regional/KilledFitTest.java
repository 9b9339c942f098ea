package org.commissure.deploy.regional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogReader;
import org.commissure.protocol.study.RegionalPlan;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of the site that fits, in the middle of its fit. */
@Tag("e2e")
final class KilledFitTest {
    private static final Duration LONG = Duration.ofMinutes(6);
    private static final String ELECTED = "A";

    @Test
    void theNextSiteFitsWhereEnoughAreLeftAndElseTheRunEndsWithTheReason(@TempDir Path folder) throws IOException {
        try (RegionalFederation federation = new RegionalFederation(folder, RegionalFederation.MANY_FITTING_SITES)) {
            RunSummary elected = killed(federation, "reelected");
            assertThat(elected.state()).as(elected.reason()).isEqualTo(RunOutcome.FINISHED);
            RoundSummary fit = elected.history().get(RegionalPlan.FIT_ROUND - 1);
            assertThat(fit.outcome()).isEqualTo(RoundOutcome.RELEASED);
            assertThat(fit.attempts()).isEqualTo(2);
            assertThat(fit.survivors()).containsExactly("B", "E", "F");
            assertThat(federation.published("reelected")).doesNotContain(Float.NaN);

            // Without A, three are left: when the first of them is killed, too few remain for any attempt.
            RunSummary given = killed(federation, "given-up", "B");
            assertThat(given.state()).isEqualTo(RunOutcome.FAILED);
            assertThat(given.reason()).isNotBlank();
            assertThat(given.history()).hasSize(RegionalPlan.FIT_ROUND);
            assertThat(LogReader.read(federation.processes().log()))
                    .filteredOn(logged -> logged.entry().getRunId().equals("given-up"))
                    .extracting(logged -> logged.entry().getAction())
                    .contains(Actions.SUM_ABORTED, Actions.ROUND_ABORTED, Actions.RUN_FINISHED);
        }
    }

    private static RunSummary killed(RegionalFederation federation, String runId) throws IOException {
        return killed(federation, runId, ELECTED);
    }

    private static RunSummary killed(RegionalFederation federation, String runId, String victim) throws IOException {
        StudyTemplate longer =
                RegionalFederation.template().with("budget", "300").with("offspring", "40");
        federation.start(runId, longer);
        String at = "run " + runId + " round " + RegionalPlan.FIT_ROUND + " FIT attempt 1: training";
        federation.processes().site(victim).await(at, LONG);
        federation.processes().site(victim).kill();
        return federation.ended();
    }
}
