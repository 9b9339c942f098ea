package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pause and queue with real processes: stewards approve while a run waits, and the coordinator is killed meanwhile. */
@Tag("e2e")
@Timeout(600)
final class QueueEndToEndTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    private static Finished run(ProcessFederation processes, String... command) {
        List<String> all = new ArrayList<>(List.of("coordinator", "run"));
        all.addAll(List.of(command));
        all.addAll(List.of("--home", processes.coordinatorHome().toString()));
        return processes.launcher().run(all);
    }

    @Test
    void aPausedRunAndAQueuedOneSurviveAKillAndTheSecondBeginsOnceApprovedAndTheFirstIsOver() {
        try (TinyFederation tiny = TinyFederation.enrolled(folder)) {
            ProcessFederation processes = tiny.processes();
            TinyFederation.SITES.forEach(processes::startSite);
            tiny.awaitConnected();
            processes.start("first", tiny.study(TinyFederation.template(), 40));
            run(processes, "pause", "--run-id", "first", "--reason", "scanner service")
                    .orThrow();
            Path study = tiny.study(TinyFederation.template(), 1);
            String plan = processes.publishPlan(study, "consent");
            Path model = processes.initialModel(study, folder.resolve("second.safetensors"));
            assertThat(run(
                                    processes,
                                    "start",
                                    "--queue",
                                    "--run-id",
                                    "second",
                                    "--study",
                                    study.toString(),
                                    "--model",
                                    model.toString())
                            .orThrow()
                            .output())
                    .contains("run second is queued at place 1");

            processes.coordinator().kill();
            processes.startCoordinator();
            assertThat(Waiting.until(
                            () -> run(processes, "status", "--run-id", "first")
                                    .output()
                                    .contains("PAUSED (the run is paused: scanner service)"),
                            LONG))
                    .isTrue();
            assertThat(run(processes, "queue", "list").orThrow().output())
                    .contains("second", "APPROVALS: 0 of 3 sites");

            for (String site : List.of("A", "B", "C")) {
                processes.steward(site, plan, "approve", List.of()).orThrow();
            }
            assertThat(Waiting.until(
                            () -> run(processes, "queue", "list").output().contains("TURN"), LONG))
                    .isTrue();
            run(processes, "cancel", "--run-id", "first").orThrow();
            assertThat(Waiting.until(
                            () -> run(processes, "status", "--run-id", "second")
                                    .output()
                                    .contains("FINISHED"),
                            LONG))
                    .isTrue();
            assertThat(run(processes, "queue", "list").orThrow().output()).contains("no run is queued");
        }
    }
}
