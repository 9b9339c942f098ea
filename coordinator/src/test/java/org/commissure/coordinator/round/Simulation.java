package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;

/**
 * One run of the coordinator's real {@link RunMachine} with sites that speak the real protocol, in
 * virtual time on one thread: the same faults give the same run, event by event.
 */
final class Simulation {
    private static final int MOST_EVENTS = 5_000;
    private static final long START = 1_000_000_000L;
    /** What the coordinator's clock resolves. Coarse, so that schedules share configurations. */
    private static final long TICK = 120_000;

    private static final ByteString MODEL = SignedMessages.sha256(ByteString.copyFromUtf8("model"));

    private record Due(long time, long order, Runnable what) {}

    private final SimulatedCrypto crypto;
    private final SimulatedFaults faults;
    private final SimulatedInvariants invariants = new SimulatedInvariants();
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::time).thenComparingLong(Due::order));
    private final List<SimulatedSite> sites = new ArrayList<>();
    private final List<RunEvent> journal = new ArrayList<>();
    private final Map<SumId, Map<String, ByteString>> spool = new HashMap<>();
    private final Map<SumId, Transcript> opened = new HashMap<>();
    private RunState run;
    private boolean coordinatorUp = true;
    private int coordinatorLife = 1;
    private long now;
    private long order;

    Simulation(SimulatedCrypto crypto, int n, int attempts, SimulatedFaults faults) {
        this.crypto = crypto;
        this.faults = faults;
        Map<String, ByteString> certificates = new TreeMap<>();
        for (int i = 1; i <= n; i++) {
            SimulatedSite site = new SimulatedSite(i);
            sites.add(site);
            certificates.put(site.name, certificate(i));
        }
        String study = Studies.text(1, attempts, 240).replace("grace_seconds = 1\n", "grace_seconds = 120\n");
        RunEvent.RunStarted first = new RunEvent.RunStarted(
                clock(), "run", "test", study, MODEL, 10, certificates, certificates.keySet(), MODEL);
        Transition begun = RunMachine.start(first);
        journal.add(first);
        run = begun.state();
        execute(begun.commands());
    }

    /** Until the run has ended. */
    RunState play() {
        return play(run -> run.outcome().terminal());
    }

    /** Until the first sum has ended, with its last attempt. */
    RunState playFirstSum() {
        return play(run -> run.outcome().terminal() || run.sum().round() > 0);
    }

    private RunState play(Predicate<RunState> end) {
        for (int events = 0; !end.test(run); events++) {
            assertThat(events).as("events of a run that does not end").isLessThan(MOST_EVENTS);
            Due next = queue.poll();
            assertThat(next)
                    .as("something to come while the run is at %s", run.phase().label())
                    .isNotNull();
            now = next.time();
            next.what().run();
        }
        assertThat(RunMachine.replay(journal)).isEqualTo(run);
        return run;
    }

    SimulatedInvariants invariants() {
        return invariants;
    }

    /** What was opened of one attempt; empty where it was aborted. */
    Optional<Transcript> opened(SumKind kind, int round, int attempt) {
        return Optional.ofNullable(opened.get(new Sum(round, kind, attempt).id("run")));
    }

    private ByteString certificate(int site) {
        return ByteString.copyFrom(Certificates.der(crypto.sites.get(site - 1).certificate()));
    }

    private long clock() {
        return START + now / TICK * TICK;
    }

    private void after(long delay, Runnable what) {
        queue.add(new Due(now + delay, order++, what));
    }

    private void handle(RunEvent event) {
        if (!coordinatorUp) {
            return;
        }
        Transition transition = RunMachine.apply(run, event);
        if (!transition.unchanged(run)) {
            journal.add(event);
        }
        run = transition.state();
        if (!run.outcome().terminal() && faults.coordinatorCrashes()) {
            crashCoordinator();
        } else {
            execute(transition.commands());
        }
    }

    private void execute(List<Command> commands) {
        for (Command command : commands) {
            switch (command) {
                case Command.Send send -> send(send.site(), send.message());
                case Command.Deliver deliver -> send(deliver.site(), deliver.message(SimulatedCrypto.WHOLE_MESSAGES));
                case Command.ArmDeadline arm ->
                    timer(arm.atUnixMs(), () -> new RunEvent.DeadlineReached(clock(), arm.sum(), arm.phase()));
                case Command.ArmGrace arm ->
                    timer(arm.atUnixMs(), () -> new RunEvent.GraceExpired(clock(), arm.site(), arm.sinceUnixMs()));
                case Command.Aggregate aggregate -> inThisLife(faults.delay(), () -> aggregate(aggregate));
                case Command.BeginSum begin -> inThisLife(0, () -> handle(new RunEvent.SumStarted(clock(), MODEL)));
                case Command.ArmBegin begin -> timer(begin.atUnixMs(), () -> new RunEvent.SumStarted(clock(), MODEL));
                case Command.Append append -> {}
                case Command.DiscardUploads discard ->
                    spool.remove(discard.sum().id("run"));
                case Command.WriteRun write -> {}
                case Command.Note note -> {}
            }
        }
    }

    private void timer(long atUnixMs, java.util.function.Supplier<RunEvent> event) {
        // The clock shows the beginning of its tick: it has reached a time once a tick began there.
        long due = Math.ceilDiv(atUnixMs - START, TICK) * TICK;
        inThisLife(Math.max(0, due - now), () -> handle(event.get()));
    }

    private void inThisLife(long delay, Runnable what) {
        int life = coordinatorLife;
        after(delay, () -> {
            if (coordinatorUp && life == coordinatorLife) {
                what.run();
            }
        });
    }

    private void aggregate(Command.Aggregate command) {
        Transcript transcript = command.transcript();
        SumId id = transcript.config().getSum();
        int[] sum = crypto.open(transcript, spool.getOrDefault(id, Map.of()));
        invariants.releases(transcript, sum, Quorum.survivorsNeeded(run.plan().study(), transcript.config()));
        opened.put(id, transcript);
        boolean training = command.sum().kind() == SumKind.TRAIN;
        ByteString model = training ? SignedMessages.sha256(ByteString.copyFromUtf8("next")) : run.modelSha256();
        handle(new RunEvent.SumComputed(clock(), command.sum(), MODEL, model, training ? null : Script.SCORE));
    }

    private void crashCoordinator() {
        coordinatorUp = false;
        coordinatorLife++;
        after(faults.absence(), () -> {
            coordinatorUp = true;
            RunState before = run;
            run = RunMachine.replay(journal);
            assertThat(run).isEqualTo(before);
            handle(new RunEvent.Restarted(clock()));
            sites.stream().filter(site -> site.up).forEach(this::connect);
        });
    }

    private void connect(SimulatedSite site) {
        int life = site.life;
        after(faults.delay(), () -> {
            if (site.up && site.life == life) {
                handle(new RunEvent.SiteConnected(clock(), site.name, certificate(site.number)));
            }
        });
    }

    private void send(String to, Message message) {
        SimulatedSite site =
                sites.stream().filter(s -> s.name.equals(to)).findFirst().orElseThrow();
        int life = site.life;
        after(faults.delay(), () -> {
            if (site.up && site.life == life) {
                receive(site, message);
            }
        });
    }

    private void receive(SimulatedSite site, Message message) {
        if (message instanceof RoundInvitation invitation) {
            Sum sum = run.sum();
            after(faults.delay(), () -> {
                if (sum.is(invitation.getSum(), "run") && run.sum().equals(sum)) {
                    handle(new RunEvent.InvitationAnswered(clock(), sum, site.name, true, ""));
                }
            });
            return;
        }
        Optional<SumId> about = SimulatedSite.sumOf(message);
        if (about.isEmpty()) {
            site.hears(message);
            return;
        }
        SumId sum = about.get();
        if (site.isOver(sum) || (!site.knows(sum) && !(message instanceof SecureSumConfig))) {
            return; // late words about an attempt that is over
        }
        Step step = SimulatedSite.stepOf(message);
        SecureSumConfig config = message instanceof SecureSumConfig first ? first : site.config(sum);
        SimulatedCrypto.SiteOutput done = crypto.step(site.number, site.saved(sum), message);
        assertThat(done.refusal()).as("a refusal among honest parties").isEmpty();
        say(site, sum, config, step, done);
    }

    private void say(
            SimulatedSite site, SumId sum, SecureSumConfig config, Step step, SimulatedCrypto.SiteOutput done) {
        SimulatedFaults.Fate fate = faults.answer(site.number, step);
        if (fate == SimulatedFaults.Fate.CRASH_BEFORE_SAVING) {
            crash(site);
            return;
        }
        site.save(sum, config, done.saved());
        if (fate == SimulatedFaults.Fate.CRASH_AFTER_SAVING) {
            crash(site);
            return;
        }
        if (fate == SimulatedFaults.Fate.SILENT) {
            return;
        }
        Signed answer = java.util.Objects.requireNonNull(done.answer());
        invariants.says(sum, site.number, step, answer);
        if (done.upload() != null) {
            invariants.uploads(sum, done.upload(), SimulatedCrypto.vector(site.name, config));
        }
        switch (fate) {
            case LOST -> {
                after(0, () -> handle(new RunEvent.SiteDisconnected(clock(), site.name)));
                after(faults.absence(), () -> connect(site));
            }
            case LATE -> after(600_000, () -> arrive(site, sum, step, answer, done.upload()));
            case TWICE -> {
                after(faults.delay(), () -> arrive(site, sum, step, answer, done.upload()));
                after(faults.delay(), () -> arrive(site, sum, step, answer, done.upload()));
            }
            default -> after(faults.delay(), () -> arrive(site, sum, step, answer, done.upload()));
        }
    }

    private void crash(SimulatedSite site) {
        site.up = false;
        site.life++;
        after(0, () -> handle(new RunEvent.SiteDisconnected(clock(), site.name)));
        after(faults.absence(), () -> {
            site.up = true;
            connect(site);
        });
    }

    /** As {@link SiteFrames} reads an answer: what is late is ignored, what does not verify drops its author. */
    private void arrive(
            SimulatedSite site,
            SumId sum,
            Step step,
            Signed answer,
            @org.jspecify.annotations.Nullable ByteString upload) {
        if (!coordinatorUp
                || !run.sum().is(sum, "run")
                || !(run.phase() instanceof Exchanging phase)
                || phase.step() != step
                || !phase.waitingFor(run).contains(site.name)) {
            return;
        }
        if (upload != null) {
            assertThat(SimulatedCrypto.fits(answer, upload)).isTrue();
            spool.computeIfAbsent(sum, s -> new HashMap<>()).put(site.name, upload);
        }
        SimulatedCrypto.Verdict verdict = crypto.check(phase.transcript(), step, answer);
        assertThat(verdict.refusal()).as("%s of %s", step, site.name).isEmpty();
        handle(new RunEvent.SiteAnswered(clock(), run.sum(), site.name, step, answer));
    }
}
