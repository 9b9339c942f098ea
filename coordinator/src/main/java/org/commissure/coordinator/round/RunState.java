package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;

/**
 * Where a run stands. Immutable; follows from its events alone.
 *
 * @param reason why it ended; empty while it runs
 * @param roundStartedUnixMs first invitation of the present round
 * @param checkpointSha256 of the log's checkpoint before the present sum
 * @param modelSha256 the newest released model
 * @param clipNorm L2 bound of a patient's gradient in the next TRAIN sum
 * @param controlSha256 the server's control variate that belongs to it; empty where the study has none
 * @param abortedInARow rounds that ended without a release since the last one that did
 * @param sites every enrolled site by name
 * @param lastResult of the newest opened sum, for sites that missed it
 * @param pause where somebody asked that no further round begins
 */
public record RunState(
        RunPlan plan,
        RunOutcome outcome,
        String reason,
        Sum sum,
        long roundStartedUnixMs,
        ByteString checkpointSha256,
        RoundPhase phase,
        ByteString modelSha256,
        double clipNorm,
        ByteString controlSha256,
        int abortedInARow,
        SortedMap<String, Member> sites,
        List<RoundSummary> history,
        Optional<LastResult> lastResult,
        Optional<Pause> pause) {

    /**
     * @param parties the sites it was sent to
     * @param evidence by which survivors check it, where the study asks for that and all of them answered
     */
    public record LastResult(AggregateResult result, List<String> parties, Optional<CheckEvidence> evidence) {}

    /** @param reason for the log and whoever looks */
    public record Pause(String reason, long sinceUnixMs) {}

    public SumId sumId() {
        return sum.id(plan.runId());
    }

    boolean connected(String site) {
        Member member = sites.get(site);
        return member != null && member.connected();
    }

    boolean awaited(String site) {
        Member member = sites.get(site);
        return member != null && member.awaited();
    }

    /** Names of the sites whose member satisfies {@code condition}. */
    SortedSet<String> sitesThat(Predicate<Member> condition) {
        return sites.entrySet().stream()
                .filter(entry -> condition.test(entry.getValue()))
                .map(java.util.Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@code names} that are connected, in order. */
    List<String> connectedOf(Collection<String> names) {
        return names.stream().filter(this::connected).sorted().toList();
    }

    RunState withSite(String site, Member member) {
        SortedMap<String, Member> more = new TreeMap<>(sites);
        more.put(site, member);
        return withSites(Collections.unmodifiableSortedMap(more));
    }

    RunState withSites(SortedMap<String, Member> all) {
        return with(draft -> draft.sites = all);
    }

    RunState withPhase(RoundPhase next) {
        return with(draft -> draft.phase = next);
    }

    RunState withSum(Sum next, long startedUnixMs, ByteString checkpoint) {
        return with(draft -> {
            draft.sum = next;
            draft.roundStartedUnixMs = startedUnixMs;
            draft.checkpointSha256 = checkpoint;
        });
    }

    RunState withModel(ByteString model, int aborted, List<RoundSummary> rounds) {
        return with(draft -> {
            draft.modelSha256 = model;
            draft.abortedInARow = aborted;
            draft.history = List.copyOf(rounds);
        });
    }

    RunState withClipNorm(double next) {
        return with(draft -> draft.clipNorm = next);
    }

    RunState withControl(ByteString next) {
        return with(draft -> draft.controlSha256 = next);
    }

    RunState withResult(LastResult result) {
        return with(draft -> draft.lastResult = Optional.of(result));
    }

    RunState withPause(Optional<Pause> next) {
        return with(draft -> draft.pause = next);
    }

    RunState ended(RunOutcome how, String why) {
        return with(draft -> {
            draft.outcome = how;
            draft.reason = why;
        });
    }

    /** What sites are told: the clip norm of a TRAIN sum in privacy mode distributed, 0 for every other sum. */
    double announcedClipNorm() {
        boolean distributed = plan.study().privacy().mode() == Study.PrivacyMode.DISTRIBUTED;
        return distributed && sum.kind() == SumKind.TRAIN ? clipNorm : 0;
    }

    /** What sites are told: the control variate of a TRAIN sum, nothing for every other sum. */
    ByteString announcedControl() {
        return sum.kind() == SumKind.TRAIN ? controlSha256 : ByteString.EMPTY;
    }

    private RunState with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.state();
    }

    /** A state in the making. */
    private static final class Draft {
        private final RunPlan plan;
        private RunOutcome outcome;
        private String reason;
        private Sum sum;
        private long roundStartedUnixMs;
        private ByteString checkpointSha256;
        private RoundPhase phase;
        private ByteString modelSha256;
        private double clipNorm;
        private ByteString controlSha256;
        private int abortedInARow;
        private SortedMap<String, Member> sites;
        private List<RoundSummary> history;
        private Optional<LastResult> lastResult;
        private Optional<Pause> pause;

        Draft(RunState from) {
            plan = from.plan;
            outcome = from.outcome;
            reason = from.reason;
            sum = from.sum;
            roundStartedUnixMs = from.roundStartedUnixMs;
            checkpointSha256 = from.checkpointSha256;
            phase = from.phase;
            modelSha256 = from.modelSha256;
            clipNorm = from.clipNorm;
            controlSha256 = from.controlSha256;
            abortedInARow = from.abortedInARow;
            sites = from.sites;
            history = from.history;
            lastResult = from.lastResult;
            pause = from.pause;
        }

        RunState state() {
            return new RunState(
                    plan,
                    outcome,
                    reason,
                    sum,
                    roundStartedUnixMs,
                    checkpointSha256,
                    phase,
                    modelSha256,
                    clipNorm,
                    controlSha256,
                    abortedInARow,
                    sites,
                    history,
                    lastResult,
                    pause);
        }
    }
}
