package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEngineTest {
    @TempDir
    Path folder;

    /** A journal on a disk that is full after so many events. */
    private static final class FillingDisk implements RunJournal {
        final List<RunEvent> events = new ArrayList<>();
        final int room;

        FillingDisk(int room) {
            this.room = room;
        }

        private void add(RunEvent event) {
            if (events.size() >= room) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
            events.add(event);
        }

        @Override
        public void begin(RunEvent.RunStarted first, List<LogEntry> entries) {
            add(first);
        }

        @Override
        public void append(String runId, RunEvent event, List<LogEntry> entries) {
            add(event);
        }

        @Override
        public List<RunEvent> events(String runId) {
            return newestRun().filter(runId::equals).isPresent() ? List.copyOf(events) : List.of();
        }

        @Override
        public Optional<String> newestRun() {
            return events.stream()
                    .filter(RunEvent.RunStarted.class::isInstance)
                    .map(first -> ((RunEvent.RunStarted) first).runId())
                    .reduce((earlier, later) -> later);
        }

        @Override
        public void written(String runId) {}

        @Override
        public boolean isWritten(String runId) {
            return false;
        }
    }

    private static final class NoLog implements LogPublisher {
        @Override
        public void publish() {}

        @Override
        public ByteString checkpointSha256() {
            return Script.MODEL;
        }
    }

    private static final class Nobody implements Outbound {
        @Override
        public void send(String site, int bytes, Supplier<CoordinatorFrame> frame) {}

        @Override
        public Set<String> connected() {
            return Set.of();
        }
    }

    private static final class NoWork implements RunWork {
        @Override
        public RunEvent open(RunState run, Transcript transcript, long atUnixMs) {
            throw new AssertionError("nothing to open");
        }

        @Override
        public void write(RunState run, RunSummary summary) {}
    }

    private RunEngine engine(RunJournal journal, String name) {
        Clock clock = Clock.systemUTC();
        FederationAuthority authority = FederationAuthority.create(folder.resolve(name), "test", clock);
        SigningIdentity signing = authority.issueSigning(Role.COORDINATOR, "coordinator");
        UploadSpool spool = new UploadSpool(folder.resolve("spool"));
        return new RunEngine(
                journal,
                new NoLog(),
                new Nobody(),
                spool,
                new NoWork(),
                new CoordinatorSums(signing, new CertificateVerifier(authority.certificate(), clock), spool::dealt),
                signing,
                clock);
    }

    private static RunEvent.RunStarted first() {
        return first("run-1", 60);
    }

    private static RunEvent.RunStarted first(String runId, int deadlineSeconds) {
        return new RunEvent.RunStarted(
                System.currentTimeMillis(),
                runId,
                "test",
                Studies.text(1, 1, deadlineSeconds),
                Script.MODEL,
                10,
                Map.of("A", Script.MODEL, "B", Script.MODEL, "C", Script.MODEL),
                Set.of("A"),
                Script.MODEL);
    }

    @Test
    void aDiskThatIsFullAtTheStartRefusesTheRun() {
        try (RunEngine engine = engine(new FillingDisk(0), "a")) {
            assertThatThrownBy(() -> engine.start(first()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("No space left on device");
            assertThat(engine.status()).isEmpty();
        }
    }

    @Test
    void aDiskThatFillsUpDuringARunEndsItAsFailedWithTheCause() throws Exception {
        try (RunEngine engine = engine(new FillingDisk(1), "a")) {
            engine.start(first());
            engine.siteDisconnected("A");
            while (!engine.status().orElseThrow().state().terminal() || !engine.settled("run-1")) {
                Thread.sleep(10);
            }
            assertThat(engine.status().orElseThrow().state()).isEqualTo(RunOutcome.FAILED);
            assertThat(engine.status().orElseThrow().reason()).contains("No space left on device");
        }
    }

    @Test
    void onlyOneRunIsUnderWay() {
        try (RunEngine engine = engine(new FillingDisk(100), "a")) {
            engine.start(first());
            assertThatThrownBy(() -> engine.start(first()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("still under way");
        }
    }

    @Test
    void theDeadlineOfACancelledRunDoesNotEndTheSamePhaseOfTheNext() throws Exception {
        FillingDisk disk = new FillingDisk(100);
        try (RunEngine engine = engine(disk, "a")) {
            engine.start(first("run-1", 1));
            engine.cancel("for another study");
            engine.start(first("run-2", 60));
            Thread.sleep(1500); // past the first one's deadline of inviting
            RunSummary second = engine.status().orElseThrow();
            assertThat(second.runId()).isEqualTo("run-2");
            assertThat(second.phase()).isEqualTo("inviting");
            assertThat(disk.events).noneMatch(RunEvent.DeadlineReached.class::isInstance);
        }
    }

    @Test
    void aRunIsTakenUpFromItsEvents() {
        FillingDisk disk = new FillingDisk(100);
        try (RunEngine engine = engine(disk, "a")) {
            engine.start(first());
        }
        try (RunEngine engine = engine(disk, "b")) {
            engine.resume();
            assertThat(engine.status().orElseThrow().phase()).isEqualTo("inviting");
            assertThat(disk.events.getLast()).isInstanceOf(RunEvent.Restarted.class);
        }
    }
}
