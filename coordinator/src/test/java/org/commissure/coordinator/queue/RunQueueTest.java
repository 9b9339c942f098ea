package org.commissure.coordinator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.coordinator.console.access.SteppingClock;
import org.commissure.coordinator.round.CoordinatorSums;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.round.Outbound;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunState;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.RunWork;
import org.commissure.coordinator.round.Studies;
import org.commissure.coordinator.round.Transcript;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.QueuedRuns;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The queue over a real engine and database; runs get no further than their first invitations. */
@Timeout(60)
class RunQueueTest {
    private static final ByteString HASH = ByteString.copyFromUtf8("model-of-32-bytes-for-this-test!");
    private static final String STUDY = Studies.text(1, 1, 3600);
    private static final RunQueue.Terms AT_ONCE = new RunQueue.Terms(Instant.EPOCH, Optional.of(0));

    @TempDir
    private Path folder;

    private final SteppingClock clock = new SteppingClock(); // Thursday, 00:00 UTC
    private final Set<String> approved = new TreeSet<>();
    private final Starts starts = new Starts();
    private Database database;
    private LogOutbox outbox;
    private RunEngine engine;
    private RunQueue queue;
    private Path model;

    /** Starts runs in the engine; refuses as long as it is told to. */
    private final class Starts implements RunQueue.Starter {
        final List<String> begun = new ArrayList<>();
        String refusal = "";

        @Override
        public String check(String studyText, Path given, String wantedId, Path scratch) {
            return wantedId;
        }

        @Override
        public void startQueued(String studyText, Path given, String runId) {
            if (!refusal.isEmpty()) {
                throw new UserError(refusal, "enrol more sites");
            }
            assertThat(given).hasContent("model of " + runId);
            engine.start(new RunEvent.RunStarted(
                    clock.millis(),
                    runId,
                    "net",
                    studyText,
                    HASH,
                    10,
                    Map.of("A", HASH, "B", HASH, "C", HASH),
                    Set.of("A"),
                    HASH));
            begun.add(runId);
        }
    }

    private static final class Elsewhere implements LogPublisher, Outbound, RunWork {
        @Override
        public void publish() {}

        @Override
        public ByteString checkpointSha256() {
            return HASH;
        }

        @Override
        public void send(String site, int bytes, Supplier<CoordinatorFrame> frame) {}

        @Override
        public Set<String> connected() {
            return Set.of();
        }

        @Override
        public RunEvent open(RunState run, Transcript transcript, long atUnixMs) {
            throw new AssertionError("nothing to open");
        }

        @Override
        public void write(RunState run, RunSummary summary) {}
    }

    @BeforeEach
    void open() {
        FederationAuthority authority =
                FederationAuthority.create(folder.resolve("ca" + System.nanoTime()), "net", clock);
        SigningIdentity signing = authority.issueSigning(Role.COORDINATOR, "coordinator");
        Elsewhere elsewhere = new Elsewhere();
        database = Database.open(folder.resolve("coordinator.db"));
        outbox = new LogOutbox(database, signing, authority.certificate());
        UploadSpool spool = new UploadSpool(folder.resolve("spool"));
        engine = new RunEngine(
                new RunStore(database, outbox),
                elsewhere,
                elsewhere,
                spool,
                elsewhere,
                new CoordinatorSums(signing, new CertificateVerifier(authority.certificate(), clock), spool::dealt),
                signing,
                clock);
        engine.resume();
        queue = new RunQueue(
                new QueuedRuns(database, outbox),
                engine,
                starts,
                study -> approved,
                () -> Set.of("A", "B", "C"),
                folder.resolve("queue"),
                elsewhere,
                clock);
        queue.open();
        model = folder.resolve("incoming");
    }

    @AfterEach
    void close() {
        engine.close();
        database.close();
    }

    private void add(String runId, String study, RunQueue.Terms terms) throws IOException {
        queue.add(study, Files.writeString(model, "model of " + runId), runId, terms);
    }

    private List<String> order() {
        return queue.list().stream().map(QueuedRun::runId).toList();
    }

    private void endRun() throws InterruptedException {
        engine.cancel("its end");
        while (!engine.idle()) {
            Thread.sleep(5);
        }
    }

    @Test
    void runsBeginOneAfterTheOtherInTheirOrder() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            add(id, STUDY, AT_ONCE);
        }
        queue.move("c", 1);
        assertThat(queue.list()).extracting(QueuedRun::position).containsExactly(1, 2, 3);
        queue.look();
        queue.look();
        assertThat(starts.begun).containsExactly("c");
        assertThat(order()).containsExactly("a", "b");
        assertThat(folder.resolve("queue/c")).doesNotExist();
        endRun();
        queue.look();
        endRun();
        queue.look();
        assertThat(starts.begun).containsExactly("c", "a", "b");
        assertThat(order()).isEmpty();
    }

    @Test
    void theQueueIsThereAfterARestartAndWhatWasBegunIsNotBegunAgain() throws Exception {
        add("a", STUDY, AT_ONCE);
        add("b", STUDY, AT_ONCE);
        Files.createDirectories(folder.resolve("queue/half-added"));
        // The process ends after the run has begun and before the queue knows.
        starts.startQueued(STUDY, folder.resolve("queue/a/model.safetensors"), "a");
        close();
        open();
        assertThat(order()).containsExactly("a", "b");
        assertThat(folder.resolve("queue/half-added")).doesNotExist();
        queue.look();
        assertThat(starts.begun).containsExactly("a");
        endRun();
        queue.look();
        assertThat(starts.begun).containsExactly("a", "b");
        assertThat(order()).isEmpty();
    }

    @Test
    void aRunOfAnyNameKeepsItsModelWhileOthersAreChecked() throws Exception {
        add("check", STUDY, AT_ONCE);
        add("next", STUDY, AT_ONCE);
        queue.look();
        assertThat(starts.begun).containsExactly("check");
    }

    @Test
    void aRunThatWaitsForItsTimeLetsOthersPass() throws Exception {
        Instant evening = clock.instant().plus(Duration.ofHours(20));
        add("later", STUDY, new RunQueue.Terms(evening, Optional.of(0)));
        add("now", STUDY, AT_ONCE);
        assertThat(queue.list().getFirst().waiting()).isEqualTo(Waiting.TIME);
        assertThat(queue.list().getFirst().notBefore()).isEqualTo("2026-01-01T20:00:00Z");
        queue.look();
        endRun();
        queue.look();
        assertThat(starts.begun).containsExactly("now");
        clock.forward(Duration.ofHours(20));
        queue.look();
        assertThat(starts.begun).containsExactly("now", "later");
    }

    @Test
    void aRunWaitsUntilAsManySitesAsItsQuorumHaveApprovedItsStudy() throws Exception {
        add("a", STUDY, new RunQueue.Terms(Instant.EPOCH, Optional.empty()));
        approved.addAll(Set.of("A", "C"));
        queue.look();
        QueuedRun waiting = queue.list().getFirst();
        assertThat(waiting.waiting()).isEqualTo(Waiting.APPROVALS);
        assertThat(waiting.why()).isEqualTo("2 of 3 sites have approved its plan; no approval yet of B");
        assertThat(waiting.approvedBy()).containsExactly("A", "C");
        assertThat(starts.begun).isEmpty();
        approved.add("B");
        queue.look();
        assertThat(starts.begun).containsExactly("a");
    }

    @Test
    void aRunBeginsInTheStudysHours() throws Exception {
        add("a", STUDY + "[hours]\nzone = \"UTC\"\nopen = [\"daily 20:00-06:00\"]\n", AT_ONCE);
        clock.forward(Duration.ofHours(7));
        queue.look();
        assertThat(queue.list().getFirst().why()).endsWith("they begin at 2026-01-01T20:00Z");
        assertThat(starts.begun).isEmpty();
        clock.forward(Duration.ofHours(13));
        queue.look();
        assertThat(starts.begun).containsExactly("a");
    }

    @Test
    void aRefusedRunStaysWithTheReasonUntilItIsTriedAgain() throws Exception {
        add("a", STUDY, AT_ONCE);
        starts.refusal = "too few sites";
        queue.look();
        starts.refusal = "";
        queue.look();
        assertThat(queue.list().getFirst().waiting()).isEqualTo(Waiting.REFUSED);
        assertThat(queue.list().getFirst().why()).isEqualTo("too few sites; enrol more sites");
        queue.retry("a");
        queue.look();
        assertThat(starts.begun).containsExactly("a");
    }

    @Test
    void aRemovedRunIsGoneAndTheLogKeepsThatItWasThere() throws Exception {
        add("a", STUDY, AT_ONCE);
        assertThatThrownBy(() -> add("a", STUDY, AT_ONCE)).hasMessageContaining("queued already");
        queue.remove("a", "removed by the operator");
        queue.look();
        assertThat(starts.begun).isEmpty();
        assertThat(folder.resolve("queue/a")).doesNotExist();
        assertThat(outbox.given()).isEqualTo(2);
        for (Runnable change :
                List.<Runnable>of(() -> queue.remove("a", ""), () -> queue.move("a", 1), () -> queue.retry("a"))) {
            assertThatThrownBy(change::run).isInstanceOf(UserError.class).hasMessageContaining("no run 'a' is queued");
        }
    }
}
