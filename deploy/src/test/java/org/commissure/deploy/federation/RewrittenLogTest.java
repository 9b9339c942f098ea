package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that was set back to an older backup and tells another story from there on; real processes. */
@Tag("e2e")
final class RewrittenLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SITE = "A";

    @Test
    void aSiteRefusesTheShortenedLogAndTheForkedOneAndKeepsTheProofs(@TempDir Path folder) throws IOException {
        try (TinyFederation tiny = new TinyFederation(folder)) {
            ProcessFederation processes = tiny.processes();
            processes.initialise("tiny", LoopbackPorts.free());
            processes.startCoordinator();
            processes.join(SITE, tiny.cohort(SITE), tiny.policy());
            processes.coordinator().stop();
            Path backup = folder.resolve("backup");
            FolderCopy.copy(processes.coordinatorHome(), backup);

            processes.startCoordinator();
            processes.startSite(SITE);
            processes.site(SITE).await("connected to the coordinator", PATIENCE);
            long before = witnessed(processes);
            processes.invite("B");
            processes.invite("C");
            assertThat(Waiting.until(() -> witnessed(processes) >= before + 2, PATIENCE))
                    .as("the site saw both invitations")
                    .isTrue();
            assertThat(witness(processes).exit()).isZero();

            processes.coordinator().kill();
            Files.move(processes.coordinatorHome(), folder.resolve("rewritten"));
            Files.move(backup, processes.coordinatorHome());
            processes.startCoordinator();
            processes.site(SITE).await("the log was shortened", PATIENCE);
            for (String site : new String[] {"E", "F", "G", "H", "I", "J", "K", "L"}) {
                processes.invite(site);
            }
            processes.site(SITE).await("the log was forked", PATIENCE);

            Finished told = witness(processes);
            assertThat(told.exit()).isEqualTo(1);
            assertThat(told.output()).contains("REFUSED: ").contains("the log was forked or shortened");
            assertThat(status(processes).get("log").get("refused").asInt()).isGreaterThanOrEqualTo(2);
        }
    }

    private static Finished witness(ProcessFederation processes) {
        return processes
                .launcher()
                .run("audit", "witness", "--home", processes.siteHome(SITE).toString());
    }

    private static long witnessed(ProcessFederation processes) {
        return status(processes).path("log").path("entries").asLong();
    }

    private static JsonNode status(ProcessFederation processes) {
        try {
            return JSON.readTree(processes
                    .launcher()
                    .run("site", "status", "--home", processes.siteHome(SITE).toString(), "--json")
                    .orThrow()
                    .output());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
