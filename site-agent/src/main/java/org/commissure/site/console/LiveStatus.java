package org.commissure.site.console;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.round.AgentState;
import org.commissure.site.storage.SumRow;

/** What changes by itself while somebody looks. Reads the disk; thread-safe. */
final class LiveStatus {
    /** So many of the newest sums are shown, and change the signature. */
    static final int SUMS = 8;

    private final ConsoleHome home;

    LiveStatus(ConsoleHome home) {
        this.home = home;
    }

    /**
     * In words.
     *
     * @param level of the connection: {@code good}, {@code bad}, or {@code wait} where nobody knows
     * @param signature changes when the rest of the page is old
     */
    record Now(String level, String connection, String run, String work, String signature) {}

    Now now() {
        return now(home.sums(SUMS), home.undecided());
    }

    /** The same of what was read already. @param sums the newest first, {@link #SUMS} or more where there are */
    Now now(List<SumRow> sums, List<SignedPlan> undecided) {
        Optional<AgentState> agent = home.agent();
        Optional<SumRow> newest = sums.stream().findFirst();
        String signature = ConsoleAccess.sha256(
                sums.stream().limit(SUMS).map(row -> row + row.note()).collect(Collectors.joining("\n"))
                        + undecided.stream().map(SignedPlan::hex).toList()
                        + agent.map(AgentState::connected));
        return new Now(
                level(agent),
                connection(agent),
                newest.map(this::run).orElse("No run has asked for this site yet."),
                work(agent, newest),
                signature);
    }

    private static String level(Optional<AgentState> agent) {
        return agent.map(state -> state.connected() ? "good" : state.problem().isEmpty() ? "wait" : "bad")
                .orElse("wait");
    }

    private static String connection(Optional<AgentState> agent) {
        return agent.map(state -> {
                    if (state.connected()) {
                        return "Connected to the coordinator";
                    }
                    return state.problem().isEmpty()
                            ? "Connecting to the coordinator"
                            : "Not connected: " + state.problem() + "; the agent tries again by itself";
                })
                .orElse("No agent runs in this process: what you see is what the folder says");
    }

    private String run(SumRow row) {
        SumId sum = row.sum();
        Optional<Study> study = home.study(row);
        return "Run " + sum.getRunId()
                + study.map(asked -> " ('" + asked.study().name() + "')").orElse("") + ", round " + sum.getRound()
                + study.map(asked -> " of " + asked.rounds().count()).orElse("") + ", "
                + PhaseWords.kind(sum.getKind()) + ": this site " + PhaseWords.now(row.phase()) + ".";
    }

    private static String work(Optional<AgentState> agent, Optional<SumRow> newest) {
        return agent.flatMap(AgentState::working)
                .filter(working -> newest.filter(row ->
                                row.phase().equals("training") && row.sum().equals(working.sum()))
                        .isPresent())
                .map(working -> "Local work, " + working.activity() + ": " + Figures.percent(working.fraction())
                        + " or a little more.")
                .orElse("");
    }
}
