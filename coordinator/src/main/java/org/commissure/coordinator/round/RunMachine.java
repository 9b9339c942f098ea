package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.commissure.protocol.study.StudyFile;

/**
 * The course of one run as a pure function: no I/O, no clock, no randomness. Applying the same
 * events gives the same states, which is what makes a restart at any moment exact.
 */
public final class RunMachine {
    private RunMachine() {}

    /** The first event of a run. */
    public static Transition start(RunEvent.RunStarted event) {
        SortedMap<String, Member> sites = new TreeMap<>();
        event.sites()
                .forEach((site, certificate) -> sites.put(
                        site,
                        new Member(
                                certificate,
                                event.connected().contains(site) ? new Presence.Connected() : new Presence.Gone())));
        RunPlan plan = new RunPlan(
                event.runId(),
                event.federationId(),
                StudyFile.parse(event.studyText()),
                event.modelSha256(),
                event.parameterCount(),
                event.sharedCount(),
                event.sharedSha256());
        RunState run = new RunState(
                plan,
                RunOutcome.RUNNING,
                "",
                Course.first(plan.study()),
                event.atUnixMs(),
                event.checkpointSha256(),
                new Released(List.of()),
                event.modelSha256(),
                plan.study().privacy().clipNorm(),
                event.controlSha256(),
                0,
                Collections.unmodifiableSortedMap(sites),
                List.of(),
                Optional.empty(),
                Optional.empty());
        Transition begun = Inviting.enter(run, run.sum(), event.atUnixMs(), event.checkpointSha256());
        List<Command> commands = new ArrayList<>();
        commands.add(RoundLog.runStarted(run, event.atUnixMs()));
        commands.addAll(begun.commands());
        return new Transition(begun.state(), commands);
    }

    /** Replays a run from its first event. */
    public static RunState replay(List<RunEvent> events) {
        RunState run = start((RunEvent.RunStarted) events.getFirst()).state();
        for (RunEvent event : events.subList(1, events.size())) {
            run = apply(run, event).state();
        }
        return run;
    }

    /** One step; an event that does not fit the state leaves it unchanged with a note. */
    public static Transition apply(RunState run, RunEvent event) {
        boolean ofConnections = event instanceof RunEvent.SiteConnected
                || event instanceof RunEvent.SiteDisconnected
                || event instanceof RunEvent.Restarted;
        if (run.outcome().terminal() && !ofConnections) {
            return Transition.note(run, "ignored: " + event.getClass().getSimpleName() + " after the run ended");
        }
        return switch (event) {
            case RunEvent.SiteConnected e -> connected(run, e);
            case RunEvent.SiteDisconnected e -> disconnected(run, e);
            case RunEvent.Restarted e -> restarted(run, e);
            case RunEvent.RunStarted e -> Transition.note(run, "ignored: the run has started before");
            case RunEvent.GraceExpired e -> graceExpired(run, e);
            case RunEvent.SumStarted e -> sumStarted(run, e);
            case RunEvent.DeadlineReached e -> deadlineReached(run, e);
            case RunEvent.InvitationAnswered e -> invitationAnswered(run, e);
            case RunEvent.SiteAnswered e -> answered(run, e);
            case RunEvent.SiteDropped e -> dropped(run, e);
            case RunEvent.SumComputed e -> computed(run, e);
            case RunEvent.SumFailed e ->
                !(run.phase() instanceof Released)
                                && !(run.phase() instanceof Aborted)
                                && run.sum().equals(e.sum())
                        ? SumEnd.abort(run, e.atUnixMs(), e.reason())
                        : Transition.note(run, "ignored: a failure of " + e.sum() + " which is over");
            case RunEvent.SumWithheld e ->
                run.phase() instanceof Aggregating && run.sum().equals(e.sum())
                        ? SumEnd.withhold(run, e.atUnixMs(), e.reason())
                        : Transition.note(run, "ignored: a rule about " + e.sum() + " which is over");
            case RunEvent.RunCancelled e -> SumEnd.stop(run, e.atUnixMs(), RunOutcome.CANCELLED, e.reason());
            case RunEvent.RunPaused e -> paused(run, e);
            case RunEvent.RunContinued e -> continued(run, e);
            case RunEvent.RunBroken e -> SumEnd.stop(run, e.atUnixMs(), RunOutcome.FAILED, e.reason());
        };
    }

    private static Transition connected(RunState before, RunEvent.SiteConnected event) {
        RunState run = before.withSite(event.site(), new Member(event.signingCertificate(), new Presence.Connected()));
        Transition back = Transition.to(run);
        if (run.outcome().terminal()) {
            return back.plus(SumEnd.farewell(run, event.site()));
        }
        Optional<RunState.LastResult> last =
                run.lastResult().filter(r -> r.parties().contains(event.site()));
        if (last.isPresent()) {
            back = back.plus(Released.tell(last.get(), event.site()));
        }
        return settle(back.plus(run.phase().ask(run, event.site())), event.atUnixMs());
    }

    private static Transition disconnected(RunState run, RunEvent.SiteDisconnected event) {
        Member member = run.sites().get(event.site());
        if (member == null || !member.connected()) {
            return Transition.to(run);
        }
        if (run.outcome().terminal()) {
            return Transition.to(
                    run.withSite(event.site(), new Member(member.signingCertificate(), new Presence.Gone())));
        }
        return Transition.to(away(run, event.site(), member, event.atUnixMs()))
                .plus(armGrace(run, event.site(), event.atUnixMs()));
    }

    private static RunState away(RunState run, String site, Member member, long sinceUnixMs) {
        return run.withSite(site, new Member(member.signingCertificate(), new Presence.Away(sinceUnixMs)));
    }

    private static Command armGrace(RunState run, String site, long sinceUnixMs) {
        long grace = run.plan().study().deadlines().reconnectGrace().toMillis();
        return new Command.ArmGrace(site, sinceUnixMs, sinceUnixMs + grace);
    }

    private static Transition graceExpired(RunState run, RunEvent.GraceExpired event) {
        Member member = run.sites().get(event.site());
        if (member == null || !member.presence().equals(new Presence.Away(event.sinceUnixMs()))) {
            return Transition.to(run);
        }
        RunState gone = run.withSite(event.site(), new Member(member.signingCertificate(), new Presence.Gone()));
        return settle(
                Transition.to(gone).plus(RoundLog.graceOver(run, event.atUnixMs(), event.site())), event.atUnixMs());
    }

    /** Every connection is lost with the process; the phase's own work is taken up where it stood. */
    private static Transition restarted(RunState before, RunEvent.Restarted event) {
        RunState run = before;
        List<Command> commands = new ArrayList<>();
        for (var entry : before.sites().entrySet()) {
            if (entry.getValue().awaited()) {
                run = away(run, entry.getKey(), entry.getValue(), event.atUnixMs());
                commands.add(armGrace(run, entry.getKey(), event.atUnixMs()));
            }
        }
        if (!run.outcome().terminal()) {
            commands.add(RoundLog.resumed(run, event.atUnixMs()));
        }
        commands.addAll(run.phase().resume(run));
        return Transition.to(run).plus(commands);
    }

    private static Transition sumStarted(RunState run, RunEvent.SumStarted event) {
        if (!(run.phase() instanceof Released) && !(run.phase() instanceof Aborted)) {
            return Transition.note(run, "ignored: " + run.sum() + " is under way already");
        }
        Optional<RunHold> hold = RunHold.of(run, event.atUnixMs());
        if (hold.isPresent()) {
            return Transition.note(run, "no sum begins: " + hold.get().reason())
                    .plus(hold.get().opening().<List<Command>>map(List::of).orElse(List.of()));
        }
        return SumEnd.next(run)
                .map(sum ->
                        settle(Inviting.enter(run, sum, event.atUnixMs(), event.checkpointSha256()), event.atUnixMs()))
                .orElseGet(() -> Transition.note(run, "ignored: no sum is due"));
    }

    private static Transition paused(RunState run, RunEvent.RunPaused event) {
        if (run.pause().isPresent()) {
            return Transition.note(run, "ignored: the run is paused already");
        }
        RunState next = run.withPause(Optional.of(new RunState.Pause(event.reason(), event.atUnixMs())));
        return Transition.to(next).plus(RoundLog.paused(run, event));
    }

    private static Transition continued(RunState run, RunEvent.RunContinued event) {
        if (run.pause().isEmpty()) {
            return Transition.note(run, "ignored: the run is not paused");
        }
        Transition on = Transition.to(run.withPause(Optional.empty())).plus(RoundLog.continued(run, event));
        boolean between = run.phase() instanceof Released || run.phase() instanceof Aborted;
        return between ? on.plus(new Command.BeginSum()) : on;
    }

    private static Transition deadlineReached(RunState run, RunEvent.DeadlineReached event) {
        if (!run.sum().equals(event.sum()) || !run.phase().label().equals(event.phase())) {
            return Transition.to(run);
        }
        return settle(run.phase().close(run, event.atUnixMs()), event.atUnixMs());
    }

    private static Transition invitationAnswered(RunState run, RunEvent.InvitationAnswered event) {
        if (!run.sum().equals(event.sum())
                || !(run.phase() instanceof Inviting inviting)
                || inviting.replies().containsKey(event.site())
                || !run.sites().containsKey(event.site())) {
            return late(run, event.site(), "invitation reply", event.sum());
        }
        RunState next =
                run.withPhase(inviting.with(event.site(), new Inviting.Reply(event.accepted(), event.reason())));
        Transition replied = Transition.to(next);
        if (!event.accepted()) {
            replied = replied.plus(RoundLog.refused(run, event));
        }
        return settle(replied, event.atUnixMs());
    }

    private static Transition answered(RunState run, RunEvent.SiteAnswered event) {
        if (!run.sum().equals(event.sum())
                || !(run.phase() instanceof Exchanging phase)
                || phase.step() != event.step()) {
            return late(run, event.site(), event.step().label(), event.sum());
        }
        OptionalInt index = phase.transcript().index(event.site());
        if (index.isEmpty()
                || !phase.members().contains(index.getAsInt())
                || phase.answers().containsKey(index.getAsInt())
                || phase.transcript().dropped().containsKey(index.getAsInt())) {
            return late(run, event.site(), event.step().label(), event.sum());
        }
        RunState next =
                run.withPhase(phase.with(phase.transcript().with(event.step(), index.getAsInt(), event.message())));
        Transition taken = Transition.to(next);
        if (event.step() == Step.MASKED_HEADER) {
            taken = taken.plus(RoundLog.uploaded(run, event));
        }
        return settle(taken, event.atUnixMs());
    }

    private static Transition dropped(RunState run, RunEvent.SiteDropped event) {
        if (!run.sum().equals(event.sum())) {
            return late(run, event.site(), event.step(), event.sum());
        }
        Command entry = RoundLog.dropped(run, event.atUnixMs(), event.site(), event.step() + ": " + event.reason());
        if (run.phase() instanceof Inviting inviting && run.sites().containsKey(event.site())) {
            RunState next = run.withPhase(inviting.with(event.site(), new Inviting.Reply(false, event.reason())));
            return settle(Transition.to(next).plus(entry), event.atUnixMs());
        }
        if (!(run.phase() instanceof Exchanging phase)) {
            return late(run, event.site(), event.step(), event.sum());
        }
        OptionalInt index = phase.transcript().index(event.site());
        if (index.isEmpty() || phase.transcript().dropped().containsKey(index.getAsInt())) {
            return late(run, event.site(), event.step(), event.sum());
        }
        RunState next = run.withPhase(phase.with(phase.transcript().drop(index.getAsInt(), event.reason())));
        Transition out = Transition.to(next).plus(entry);
        if (next.connected(event.site())) {
            out = out.plus(SumEnd.tell(next, event.site(), phase.label(), event.reason()));
        }
        return settle(out, event.atUnixMs());
    }

    private static Transition computed(RunState run, RunEvent.SumComputed event) {
        if (!(run.phase() instanceof Aggregating phase) || !run.sum().equals(event.sum())) {
            return Transition.note(run, "ignored: a result of " + event.sum() + ", which is over");
        }
        return phase.transcript().config().getSumCheck()
                ? settle(Challenging.enter(run, phase.transcript(), event), event.atUnixMs())
                : SumEnd.release(run, phase.transcript(), event);
    }

    private static Transition late(RunState run, String site, String what, Sum sum) {
        return Transition.note(
                run,
                "ignored: " + what + " of " + site + " for " + sum + "; the run is at " + run.sum() + ", "
                        + run.phase().label());
    }

    /** Closes phases as long as nothing more can come into the present one. */
    private static Transition settle(Transition so, long atUnixMs) {
        Transition settled = so;
        while (!settled.state().outcome().terminal() && settled.state().phase().complete(settled.state())) {
            Transition closed = settled.state().phase().close(settled.state(), atUnixMs);
            settled = new Transition(closed.state(), settled.commands()).plus(closed.commands());
        }
        return settled;
    }
}
