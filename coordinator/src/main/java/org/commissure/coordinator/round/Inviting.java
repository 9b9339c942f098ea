package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.RoundInvitation;

/**
 * Asks every site whether it takes part. The invitation names the study, byte for byte, and the model.
 *
 * <p>Waits for a reply of every site that is connected, or was a moment ago. Closes early only with
 * enough acceptors or once every enrolled site has replied: an absent site may still make the quorum.
 *
 * <p>Persisted before it speaks: the sum's number, the time and the log's checkpoint.
 *
 * <p>Failures: a refusal is logged with its reason and counts as an answer; a site that stays silent
 * or away is not a party. Fewer acceptors than the quorum at the end → {@link Aborted}. Otherwise →
 * {@link Advertising}.
 *
 * <p>A site that the study requires is awaited until the deadline, also while it is away, and with the policy "wait" until
 * {@code latestUnixMs}.
 *
 * @param latestUnixMs when the phase ends even where a required site is missing; the deadline that sites are told
 * @param replies by site
 */
public record Inviting(long deadlineUnixMs, long latestUnixMs, SortedMap<String, Reply> replies) implements RoundPhase {

    /** @param reason of a refusal, as the site gave it */
    public record Reply(boolean accepted, String reason) {}

    static Transition enter(RunState before, Sum sum, long atUnixMs, ByteString checkpoint) {
        boolean newRound = sum.attempt() == 1 && (sum.round() == 0 || Course.releasesModel(sum.kind()));
        long started = newRound ? atUnixMs : before.roundStartedUnixMs();
        Study study = before.plan().study();
        long deadline = atUnixMs + 1000L * study.deadlines().inviteSeconds();
        long patience = study.quorum()
                .requiredIn(sum.kind())
                .map(required -> required.waitSeconds().orElse(0))
                .orElse(0);
        RunState run = before.withSum(sum, started, checkpoint)
                .withPhase(new Inviting(deadline, deadline + 1000L * patience, Collections.emptySortedMap()));
        return Transition.to(run)
                .plus(RoundLog.sumStarted(run, atUnixMs))
                .plus(run.phase().resume(run));
    }

    /** The message itself; a pure function of the state, so that it is the same again after a crash. */
    RoundInvitation invitation(RunState run) {
        RoundInvitation.Builder invitation = RoundInvitation.newBuilder()
                .setFederationId(run.plan().federationId())
                .setSum(run.sumId())
                .setStudyText(run.plan().file().text())
                .setModelSha256(run.modelSha256())
                .setParameterCount(run.plan().parameterCount())
                .setDeadlineUnixMs(latestUnixMs)
                .setClipNorm(run.announcedClipNorm())
                .setControlSha256(run.announcedControl());
        if (run.plan().study().comparesSingleSites()) {
            invitation.setInitialModelSha256(run.plan().initialModelSha256());
        }
        return invitation.build();
    }

    Inviting with(String site, Reply reply) {
        SortedMap<String, Reply> more = new TreeMap<>(replies);
        more.put(site, reply);
        return new Inviting(deadlineUnixMs, latestUnixMs, Collections.unmodifiableSortedMap(more));
    }

    @Override
    public SortedSet<String> waitingFor(RunState run) {
        SortedSet<String> missing = run.sitesThat(Member::awaited);
        missing.removeAll(replies.keySet());
        missing.addAll(outstanding(run));
        return missing;
    }

    /** Required sites that have not refused and are no parties yet. */
    private SortedSet<String> outstanding(RunState run) {
        SortedSet<String> missing = missing(run);
        missing.removeIf(site -> {
            Reply reply = replies.get(site);
            return reply != null && !reply.accepted();
        });
        return missing;
    }

    private SortedSet<String> missing(RunState run) {
        SortedSet<String> absent = new TreeSet<>(run.sites().keySet());
        absent.removeAll(acceptors(run));
        return Quorum.requiredOf(run, absent);
    }

    @Override
    public boolean complete(RunState run) {
        boolean allReplied = replies.keySet().containsAll(run.sites().keySet());
        return waitingFor(run).isEmpty()
                && (allReplied
                        || Quorum.problem(run.plan().study(), acceptors(run).size())
                                .isEmpty());
    }

    @Override
    public List<Command> ask(RunState run, String site) {
        return replies.containsKey(site) ? List.of() : List.of(new Command.Send(site, invitation(run)));
    }

    @Override
    public List<Command> resume(RunState run) {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.ArmDeadline(run.sum(), label(), deadlineUnixMs));
        run.sitesThat(Member::connected).forEach(site -> commands.addAll(ask(run, site)));
        return commands;
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        SortedSet<String> parties = acceptors(run);
        if (atUnixMs < latestUnixMs && !outstanding(run).isEmpty()) {
            RunState longer = run.withPhase(new Inviting(latestUnixMs, latestUnixMs, replies));
            return Transition.to(longer).plus(new Command.ArmDeadline(run.sum(), label(), latestUnixMs));
        }
        SortedSet<String> missing = missing(run);
        Optional<Transition> end = SumEnd.endWithout(run, missing, atUnixMs);
        if (end.isPresent()) {
            return end.get();
        }
        return Quorum.problem(run.plan().study(), parties.size())
                .map(problem -> SumEnd.abort(run, atUnixMs, problem + refusals()))
                .orElseGet(
                        () -> Advertising.enter(run, parties, atUnixMs).plus(RoundLog.missing(run, atUnixMs, missing)));
    }

    /** Who refused and why, in the sites' own words, so that the operator need not search the log. */
    private String refusals() {
        StringBuilder said = new StringBuilder();
        replies.forEach((site, reply) -> {
            if (!reply.accepted()) {
                said.append("; ")
                        .append(site)
                        .append(" refused the invitation: ")
                        .append(reply.reason());
            }
        });
        return said.toString();
    }

    /** Sites that accepted and have not been given up since. */
    private SortedSet<String> acceptors(RunState run) {
        SortedSet<String> accepted = new TreeSet<>();
        replies.forEach((site, reply) -> {
            if (reply.accepted() && run.awaited(site)) {
                accepted.add(site);
            }
        });
        return accepted;
    }
}
