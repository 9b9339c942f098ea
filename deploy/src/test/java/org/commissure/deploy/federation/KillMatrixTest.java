package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One federation that lives through a SIGKILL of its coordinator in every phase of a round and of a
 * site at every one of its steps, one kill a round. Processes are held still exactly where they shall
 * die: after a state was persisted, before anything was said about it.
 */
@Tag("e2e")
@Order(1) // long
final class KillMatrixTest {
    private static final List<String> COORDINATOR_PHASES = List.of(
            "inviting", "advertising", "sharing", "collecting", "voting", "unmasking", "aggregating", "released");
    private static final List<String> SITE_STEPS =
            List.of("invited", "advertised", "shared", "training", "uploading", "voted", "unmasked");
    private static final int ROUNDS = COORDINATOR_PHASES.size() + SITE_STEPS.size();
    private static final String VICTIM = "C";
    private static final Duration ROUND = Duration.ofSeconds(90);
    private static final String RUN_ID = "matrix";

    @Test
    void everyRoundEndsExactOrAbortsCleanlyWhereverAProcessDies(@TempDir Path folder) throws IOException {
        try (TinyFederation tiny = TinyFederation.enrolled(folder)) {
            ProcessFederation processes = tiny.processes();
            processes.coordinator().stop();
            startCoordinatorArmed(processes, 0);
            TinyFederation.SITES.stream().filter(site -> !site.equals(VICTIM)).forEach(processes::startSite);
            startVictimArmed(processes, 0);
            tiny.awaitConnected();
            // Long enough for a process to start on a busy machine: who is late for a round cannot be killed in it.
            processes.startRun(
                    RUN_ID, tiny.study(TinyFederation.template().with("reconnect_grace_seconds", "30"), ROUNDS));

            for (int i = 0; i < COORDINATOR_PHASES.size(); i++) {
                killWherePaused(processes.coordinator(), "coordinator." + COORDINATOR_PHASES.get(i), i + 1, tiny);
                startCoordinatorArmed(processes, i + 1);
            }
            for (int i = 0; i < SITE_STEPS.size(); i++) {
                killWherePaused(processes.site(VICTIM), "site." + SITE_STEPS.get(i), siteRound(i), tiny);
                startVictimArmed(processes, i + 1);
            }
            assertThat(processes.watch().until(run -> run.state().terminal(), ROUND))
                    .as("the run ends; last seen: %s", processes.watch().newest())
                    .isTrue();
            check(processes, processes.watch().newest().orElseThrow());
        }
    }

    private static int siteRound(int step) {
        return COORDINATOR_PHASES.size() + step + 1;
    }

    private static void startCoordinatorArmed(ProcessFederation processes, int next) {
        processes.startCoordinator(
                next < COORDINATOR_PHASES.size()
                        ? Map.of(
                                "COMMISSURE_FAULT",
                                "pause:coordinator." + COORDINATOR_PHASES.get(next) + "@" + (next + 1))
                        : Map.of());
    }

    private static void startVictimArmed(ProcessFederation processes, int next) {
        processes.startSite(
                VICTIM,
                next < SITE_STEPS.size()
                        ? Map.of("COMMISSURE_FAULT", "pause:site." + SITE_STEPS.get(next) + "@" + siteRound(next))
                        : Map.of());
    }

    private static void killWherePaused(ServerProcess process, String point, int round, TinyFederation tiny)
            throws IOException {
        process.await("fault: paused at " + point + " in round " + round, ROUND);
        if (point.equals("coordinator.aggregating")) {
            MaskedVectors.assertTheyTellNothing(
                    tiny.processes().coordinatorHome().resolve("spool"));
        }
        process.kill();
    }

    private static void check(ProcessFederation processes, RunSummary run) throws IOException {
        assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(run.history()).hasSize(ROUNDS + 1);
        String model = run.history().getFirst().modelSha256();
        for (RoundSummary round : run.history()) {
            if (round.outcome() == RoundOutcome.RELEASED) {
                assertThat(round.survivors()).as("round " + round.round()).hasSizeGreaterThanOrEqualTo(3);
                assertThat(round.modelSha256()).as("round " + round.round()).isNotEqualTo(model);
            } else {
                assertThat(round.modelSha256()).as("round " + round.round()).isEqualTo(model);
            }
            model = round.modelSha256();
        }
        // A killed coordinator costs no round: it goes on where its journal ends.
        assertThat(run.history().subList(1, COORDINATOR_PHASES.size() + 1))
                .allMatch(round -> round.outcome() == RoundOutcome.RELEASED);
        // A killed site costs at most itself: the three others are enough.
        assertThat(run.history()).allMatch(round -> round.outcome() != RoundOutcome.ABORTED);
        assertModelsAreThere(processes, run);
        Finished verified =
                processes.launcher().run("audit", "verify", processes.log().toString());
        assertThat(verified.exit()).as(verified.everything()).isZero();
    }

    private static void assertModelsAreThere(ProcessFederation processes, RunSummary run) throws IOException {
        try (Stream<Path> models = Files.list(processes.run(RUN_ID).resolve("models"))) {
            List<String> names =
                    models.map(file -> file.getFileName().toString()).toList();
            for (RoundSummary round : run.history()) {
                assertThat(names).contains(round.modelSha256() + ".safetensors");
            }
        }
    }
}
