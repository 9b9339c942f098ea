package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An administrator with an invitation in hand, and a coordinator that serves. */
@Tag("e2e")
@ExtendWith(FinishedRun.Provider.class)
final class PreflightEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO = 1;

    private final FinishedRun run;
    private final ProcessFederation processes;

    @TempDir
    private Path folder;

    PreflightEndToEndTest(FinishedRun run) {
        this.run = run;
        this.processes = run.processes();
    }

    @Test
    void eachObstacleHasItsRemedyAndOnceAllIsWellTheSameInvitationJoins() throws IOException {
        Path invitation = processes.invite("P");
        Path home = folder.resolve("home");
        Path data = run.tiny().cohort("A");
        Path closed = folder.resolve("closed.json");
        TinyFederation.redirect(invitation, closed, LoopbackPorts.free());

        assertThat(failures(preflight(closed, home, data))).contains("port");
        assertThat(failures(preflight(invitation, home, folder.resolve("no-data"))))
                .containsExactly("data");
        Finished refused = processes
                .launcher()
                .run("site", "join", closed.toString(), "--home", home.toString(), "--data", data.toString());
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.everything()).contains("remedy:").doesNotContain("\tat ");
        assertThat(home.resolve("site.toml")).doesNotExist();

        assertThat(failures(preflight(invitation, home, data))).isEmpty();
        processes.enrol(invitation, home, data, run.tiny().policy()).orThrow();
        assertThat(failures(processes.launcher().run("site", "preflight", "--home", home.toString(), "--json")))
                .isEmpty();
    }

    private Finished preflight(Path invitation, Path home, Path data) {
        return processes
                .launcher()
                .run(
                        "site",
                        "preflight",
                        "--invitation",
                        invitation.toString(),
                        "--home",
                        home.toString(),
                        "--data",
                        data.toString(),
                        "--json");
    }

    /** The checks that fail, each of which must say what to do. */
    private static List<String> failures(Finished preflight) throws IOException {
        List<String> failed = new ArrayList<>();
        for (JsonNode finding : JSON.readTree(preflight.output())) {
            if (!finding.get("ok").asBoolean()) {
                failed.add(finding.get("check").asText());
                assertThat(finding.get("remedy").asText()).isNotBlank();
            }
        }
        // A small machine may have little memory or disk; that is told, and is no matter of this test.
        assertThat(preflight.exit()).as(preflight.everything()).isEqualTo(failed.isEmpty() ? 0 : NO);
        failed.removeAll(List.of("memory", "disk"));
        return failed;
    }
}
