package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.Studies;
import org.commissure.coordinator.storage.TestDatabase;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas in processes of their own, on one home and one PostgreSQL, with three sites. The leader is killed in
 * every phase of a round, one a round, exactly where a state was persisted and nothing was said about it; and once it
 * is stopped for longer than the database bears.
 */
@Timeout(600)
class FailoverTest {
    private static final List<String> PHASES = List.of(
            "inviting", "advertising", "sharing", "collecting", "voting", "unmasking", "aggregating", "released");
    private static final int ROUNDS = PHASES.size() + 1;

    @TempDir
    private Path folder;

    private final Deque<Replica> replicas = new ArrayDeque<>();
    private int started;

    @AfterEach
    void end() {
        replicas.forEach(Replica::close);
    }

    /** Armed for the next phase; leads once all that were started before are gone. */
    private void start(CoordinatorHome home) throws IOException {
        String fault = started < PHASES.size()
                ? "pause:coordinator." + PHASES.get(started) + "@" + (started + 1)
                : "pause:coordinator.inviting@" + ROUNDS;
        replicas.add(Replica.serve(home, started <= PHASES.size() ? fault : "", folder.resolve("replica" + started)));
        started++;
    }

    @Test
    void theOtherReplicaGoesOnWhereverTheLeaderDiesAndEverySumIsExact() throws Exception {
        float[] before = new float[TestFederation.PARAMETERS];
        try (TestFederation federation = new TestFederation(folder, TestDatabase.POSTGRESQL, "A", "B", "C")) {
            federation.coordinator.close();
            start(federation.home);
            replicas.getFirst().await("is ready on port");
            start(federation.home);
            replicas.getLast().await("standing by");
            federation.connectAll();
            String study = Studies.text(ROUNDS, 1, 60).replace("grace_seconds = 1", "grace_seconds = 60");
            federation.start(study, before, "run-1");

            for (int i = 0; i < PHASES.size(); i++) {
                replicas.getFirst().await("fault: paused at coordinator." + PHASES.get(i) + " in round " + (i + 1));
                replicas.removeFirst().kill();
                replicas.getFirst().await("is ready on port");
                start(federation.home);
            }
            stopForTooLong();
            RunSummary summary = awaitEnd(federation);
            assertThat(summary.state()).as(summary.reason()).isEqualTo(RunOutcome.FINISHED);
            assertThat(summary.history()).hasSize(ROUNDS + 1);
            for (RoundSummary round : summary.history().subList(1, ROUNDS + 1)) {
                assertThat(round.outcome()).as("round " + round.round()).isEqualTo(RoundOutcome.RELEASED);
                assertThat(round.survivors()).containsExactly("A", "B", "C");
            }
            assertMeans(
                    before,
                    TestFederation.read(federation.home.runs().resolve("run-1/model.safetensors")),
                    federation.sites);
        }
        LogVerification verification = LogVerifier.verify(folder.resolve("coordinator/log"));
        assertThat(verification.ok()).as(verification.toString()).isTrue();
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .extracting(entry -> entry.entry().getAction())
                .filteredOn("run.resumed"::equals)
                .hasSize(PHASES.size() + 1);
    }

    /** The database ends its session, but its files are open: nobody leads until it is gone, which it is once it wakes up. */
    private void stopForTooLong() throws Exception {
        Replica leader = replicas.removeFirst();
        Replica next = replicas.getFirst();
        try (leader) {
            leader.await("fault: paused at coordinator.inviting in round " + ROUNDS);
            leader.signal("STOP");
            next.await("still holds serve.lock");
            assertThat(next.hasSaid("is ready on port")).isFalse();
            leader.signal("CONT");
            assertThat(leader.exit()).isEqualTo(3);
            assertThat(leader.hasSaid("this replica stops: the session with the leader's lock is lost"))
                    .isTrue();
            next.await("is ready on port");
        }
    }

    private static RunSummary awaitEnd(TestFederation federation) throws Exception {
        Path card = federation.home.runs().resolve("run-1/model-card.md");
        eventually(() -> Files.exists(card));
        return TestCli.status(federation.home);
    }

    /** Every round adds the same weighted mean. */
    private static void assertMeans(float[] before, float[] after, List<FakeSite> sites) {
        double weights = sites.stream().mapToDouble(site -> site.weight).sum();
        double resolution = ROUNDS * (sites.size() * Math.scalb(1.0, -20) / (weights / 64) * 2 + 1e-6);
        for (int i = 0; i < before.length; i++) {
            double mean = 0;
            for (FakeSite site : sites) {
                mean += site.weight * site.update[i] / weights;
            }
            assertThat(after[i]).isCloseTo((float) (before[i] + ROUNDS * mean), within((float) resolution));
        }
    }
}
