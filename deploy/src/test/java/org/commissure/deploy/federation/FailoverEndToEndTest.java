package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.coordinator.storage.PostgresServer;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two coordinators on one home and one PostgreSQL; the one that leads dies while real agents upload. */
@Tag("e2e")
final class FailoverEndToEndTest {
    private static final int ROUNDS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @Test
    void agentsGoOnWithTheReplicaThatTakesOver(@TempDir Path folder) {
        PostgresConfig database = PostgresServer.newDatabase();
        try (TinyFederation tiny = new TinyFederation(folder)) {
            ProcessFederation processes = tiny.processes();
            processes.initialise(
                    "tiny",
                    "127.0.0.1",
                    LoopbackPorts.free(),
                    List.of(
                            "--database",
                            database.url(),
                            "--database-user",
                            database.user().orElseThrow(),
                            "--database-password-file",
                            database.passwordFile().orElseThrow()));
            ServerProcess leader =
                    processes.startCoordinator(Map.of("COMMISSURE_FAULT", "pause:coordinator.collecting@1"));
            ServerProcess other = processes.startReplica();
            try {
                other.await("standing by: another replica leads", LIMIT);
                TinyFederation.SITES.parallelStream()
                        .forEach(site -> processes.join(site, tiny.cohort(site), tiny.policy()));
                TinyFederation.SITES.forEach(processes::startSite);
                tiny.awaitConnected();
                processes.startRun(
                        "run", tiny.study(TinyFederation.template().with("reconnect_grace_seconds", "60"), ROUNDS));
                leader.await("fault: paused at coordinator.collecting in round 1", LIMIT);
                assertThat(other.said()).doesNotContain("is ready on port");
                leader.kill();
                other.await("is ready on port", LIMIT);
                assertThat(processes.watch().until(run -> run.state().terminal(), LIMIT))
                        .as("the run ends; last seen: %s", processes.watch().newest())
                        .isTrue();
                check(processes, processes.watch().newest().orElseThrow());
            } finally {
                other.stop();
            }
        }
    }

    private static void check(ProcessFederation processes, RunSummary run) {
        assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(run.history())
                .extracting(RoundSummary::outcome)
                .containsExactly(RoundOutcome.INITIAL, RoundOutcome.RELEASED, RoundOutcome.RELEASED);
        assertThat(run.history())
                .allSatisfy(round -> assertThat(round.survivors()).containsExactlyElementsOf(TinyFederation.SITES));
        Finished verified =
                processes.launcher().run("audit", "verify", processes.log().toString());
        assertThat(verified.exit()).as(verified.everything()).isZero();
    }
}
