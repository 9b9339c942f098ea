package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One of four sites behind a cable of its own, which is slow, torn out, or dead in one direction; real processes. */
@Tag("e2e")
@Order(1) // long
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NetworkFaultsTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String FAR = "D";
    private static final List<String> NEAR = List.of("A", "B", "C");

    @TempDir
    static Path folder;

    private static SiteNetwork network;
    private static TinyFederation tiny;
    private static ProcessFederation processes;

    @BeforeAll
    static void theFarSiteConnectsThroughItsCable() {
        network = SiteNetwork.make();
        tiny = new TinyFederation(folder);
        processes = tiny.processes();
        processes.initialise("tiny", network.address(), LoopbackPorts.free());
        processes.startCoordinator();
        TinyFederation.SITES.parallelStream().forEach(site -> processes.join(site, tiny.cohort(site), tiny.policy()));
        NEAR.forEach(processes::startSite);
        processes.startSite(network.launcher(processes.launcher()), FAR);
        tiny.awaitConnected();
    }

    @AfterAll
    static void close() {
        if (tiny != null) {
            tiny.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    @Order(1)
    void aSiteBehindAMegabitASecondIsInEverySum() {
        network.slow();
        RunSummary end = run("slow", template());
        network.full();
        assertThat(survivors(end)).containsExactlyElementsOf(TinyFederation.SITES);
    }

    @Test
    @Order(2)
    void aSiteWithDelayAndLossIsInEverySum() {
        Optional<String> problem = network.delayAndLose();
        if (problem.isPresent()) {
            System.out.println("skipped: delay and loss, because the kernel has no netem: " + problem.get());
            return;
        }
        RunSummary end = run("lossy", template());
        network.full();
        assertThat(survivors(end)).containsExactlyElementsOf(TinyFederation.SITES);
    }

    @Test
    @Order(3)
    void aCableThatIsTornOutInTheMiddleOfTrainingCostsTheSiteTheRoundAndItComesBack() {
        processes.startRun(
                "cut", tiny.study(template().with("local_steps", "6000").with("noise_multiplier", "80.0"), 1));
        assertThat(processes
                        .watch()
                        .until(run -> run.sum().equals("TRAIN") && run.phase().equals("collecting"), LIMIT))
                .isTrue();
        int connections = connections();
        network.cut();
        RunSummary end = end();
        network.mend();
        assertThat(survivors(end)).containsExactlyElementsOf(NEAR);
        awaitMoreThan(connections);
        assertThat(survivors(run("after-the-cut", template()))).containsExactlyElementsOf(TinyFederation.SITES);
    }

    @Test
    @Order(4)
    void aConnectionThatIsDeadInOneDirectionHoldsNoRoundUpAndIsReplaced() {
        int connections = connections();
        network.halfOpen();
        RunSummary end = run("half-open", template());
        network.wholeAgain();
        assertThat(survivors(end)).containsExactlyElementsOf(NEAR);
        awaitMoreThan(connections);
        assertThat(survivors(run("after-half-open", template()))).containsExactlyElementsOf(TinyFederation.SITES);
    }

    private static StudyTemplate template() {
        return TinyFederation.template()
                .with("invite_seconds", "10")
                .with("keys_seconds", "10")
                .with("vote_seconds", "10")
                .with("unmask_seconds", "10");
    }

    private static RunSummary run(String id, StudyTemplate template) {
        processes.startRun(id, tiny.study(template, 1));
        return end();
    }

    private static RunSummary end() {
        assertThat(processes.watch().until(run -> run.state().terminal(), LIMIT))
                .as("last seen: %s", processes.watch().newest())
                .isTrue();
        RunSummary end = processes.watch().newest().orElseThrow();
        assertThat(end.state()).as(end.reason()).isEqualTo(RunOutcome.FINISHED);
        return end;
    }

    private static List<String> survivors(RunSummary end) {
        RoundSummary last = end.history().getLast();
        return last.survivors();
    }

    /** How often the far site has reached the coordinator. */
    private static int connections() {
        return processes.coordinator().said().split("site " + FAR + " connected", -1).length - 1;
    }

    private static void awaitMoreThan(int connections) {
        assertThat(Waiting.until(() -> connections() > connections, LIMIT))
                .as("site %s comes back: %s", FAR, processes.site(FAR).said())
                .isTrue();
    }
}
