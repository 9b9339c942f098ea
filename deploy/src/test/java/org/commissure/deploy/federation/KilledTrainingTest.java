package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site that dies, and one that is restarted, in the middle of a long local training: both are back in the same attempt with their steps. */
@Tag("e2e")
final class KilledTrainingTest {
    private static final Duration CLEANED = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(8);
    private static final String VICTIM = "C";
    /** Stopped and started by its administrator, as {@code systemctl restart} does. */
    private static final String RESTARTED = "D";

    private static final String RUN_ID = "killed";

    @Test
    void aKilledSiteAndARestartedOneGoOnFromTheirCheckpointsAndAreInTheSum(@TempDir Path folder) throws Exception {
        try (TinyFederation tiny = TinyFederation.enrolled(folder)) {
            ProcessFederation processes = tiny.processes();
            TinyFederation.SITES.forEach(processes::startSite);
            tiny.awaitConnected();
            processes.startRun(
                    RUN_ID,
                    tiny.study(
                            TinyFederation.template()
                                    .with("local_steps", "12000")
                                    .with("noise_multiplier", "80.0")
                                    .with("upload_seconds", "900")
                                    .with("reconnect_grace_seconds", "300"),
                            1));
            for (String site : List.of(VICTIM, RESTARTED)) {
                awaitFile(processes.siteHome(site).resolve("outgoing/" + RUN_ID + "-1-TRAIN-1.checkpoint"));
            }
            processes.site(VICTIM).kill();
            processes.site(RESTARTED).stop();
            for (String site : List.of(VICTIM, RESTARTED)) {
                processes.startSite(site);
            }
            for (String site : List.of(VICTIM, RESTARTED)) {
                processes.site(site).await("goes on after step", LONG);
            }

            assertThat(processes.watch().until(run -> run.state().terminal(), LONG))
                    .as("the run ends; last seen: %s", processes.watch().newest())
                    .isTrue();
            RoundSummary round =
                    processes.watch().newest().orElseThrow().history().getLast();
            assertThat(round.outcome()).isEqualTo(RoundOutcome.RELEASED);
            assertThat(round.survivors()).containsExactlyElementsOf(TinyFederation.SITES);
            for (String site : List.of(VICTIM, RESTARTED)) {
                Path outgoing = processes.siteHome(site).resolve("outgoing");
                assertThat(Waiting.until(() -> isEmpty(outgoing), CLEANED))
                        .as("%s is emptied once the site hears of the end", outgoing)
                        .isTrue();
            }
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static void awaitFile(Path file) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + LONG.toNanos(); !Files.exists(file); Thread.sleep(100)) {
            assertThat(System.nanoTime()).as("%s never came", file).isLessThan(end);
        }
    }
}
