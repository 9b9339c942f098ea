package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunMachineTest {

    static List<Step> steps() {
        return Script.steps();
    }

    @Test
    void aRunGoesThroughAllSumsToTheEnd() {
        Script script = new Script(2, 1).sum();
        assertThat(script.phase()).isEqualTo("released");
        assertThat(script.commanded(Command.BeginSum.class)).isTrue();
        for (int round = 1; round <= 2; round++) {
            script.begin();
            assertThat(script.run.sum()).isEqualTo(new Sum(round, SumKind.TRAIN, 1));
            script.sum();
            assertThat(script.logged()).contains("sum.released", "model.released");
            script.begin();
            assertThat(script.run.sum()).isEqualTo(new Sum(round, SumKind.EVALUATE, 1));
            script.sum();
            assertThat(script.logged()).contains("evaluation.released");
        }
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.FINISHED);
        assertThat(script.commanded(Command.WriteRun.class)).isTrue();
        assertThat(script.sent("A")).contains("AggregateResult", "RunFinished");
        assertThat(script.run.history()).extracting(RoundSummary::round).containsExactly(0, 1, 2);
        assertThat(script.run.history()).allMatch(round -> Script.SCORE.equals(round.evaluation()));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aSiteThatConnectsAgainIsAskedForWhatThePhaseStillNeeds(Step step) {
        Script script = new Script(1, 1).upTo(step).disconnect("B").connect("B");
        assertThat(script.sent("B")).containsExactly(request(step));
        script.answer(step, "B").disconnect("B").connect("B");
        assertThat(script.sentTo()).isEmpty();
    }

    private static String request(Step step) {
        return switch (step) {
            case ADVERTISE_KEYS -> "SecureSumConfig";
            case SHARE_KEYS -> "Roster";
            case MASKED_HEADER -> "ShareDelivery";
            case SURVIVOR_VOTE -> "SurvivorProposal";
            case UNMASK_SHARES -> "UnmaskRequest";
            case CHECK_OPENING -> "AggregateResult";
            case CHECK_VALUE -> "CheckChallenge";
        };
    }

    @ParameterizedTest
    @MethodSource("steps")
    void atTheDeadlineThePhaseGoesOnWithoutTheSilentSite(Step step) {
        Script script = new Script(1, 1).upTo(step).answer(step, "A", "B", "C");
        String before = script.phase();
        script.deadline();
        assertThat(script.phase()).isNotEqualTo(before).isNotEqualTo("aborted");
        assertThat(script.logged()).contains("site.dropped");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void belowTheThresholdTheAttemptIsAbortedAndTriedAgainWithANewNumber(Step step) {
        Script script = new Script(1, 2).upTo(step).answer(step, "A", "B").deadline();
        assertThat(script.phase()).isEqualTo("aborted");
        assertThat(script.logged()).contains("sum.aborted");
        assertThat(script.sent("A")).containsExactly("SumAborted");
        assertThat(script.commanded(Command.DiscardUploads.class)).isTrue();
        assertThat(script.begin().run.sum().attempt()).isEqualTo(2);
        assertThat(script.phase()).isEqualTo("inviting");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aLostSiteIsAwaitedForTheGraceAndThenNoLonger(Step step) {
        Script script = new Script(1, 1).upTo(step).answer(step, "A", "B", "C");
        String before = script.phase();
        assertThat(script.disconnect("D").phase()).isEqualTo(before);
        assertThat(script.commanded(Command.ArmGrace.class)).isTrue();
        assertThat(script.graceOver("D").phase()).isNotEqualTo(before).isNotEqualTo("aborted");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void anAnswerThatComesLateOrTwiceChangesNothing(Step step) {
        Script script = new Script(1, 1).upTo(step).answer(step, "A");
        RunState before = script.run;
        script.answer(step, "A");
        assertThat(script.run).isEqualTo(before);
        assertThat(script.commanded(Command.Note.class)).isTrue();
        script.answer(step, "B", "C").deadline();
        before = script.run;
        script.answer(step, "D");
        assertThat(script.run).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aDroppedSiteIsToldAndTheOthersGoOn(Step step) {
        Script script = new Script(1, 1).upTo(step);
        script.apply(new RunEvent.SiteDropped(script.now, script.run.sum(), "D", step.label(), "a forged message"));
        assertThat(script.sent("D")).containsExactly("SumAborted");
        assertThat(script.logged()).containsExactly("site.dropped");
        String before = script.phase();
        assertThat(script.answer(step, "A", "B", "C").phase())
                .isNotEqualTo(before)
                .isNotEqualTo("aborted");
    }

    @Test
    void whoMissedAStepIsLeftOutOfTheNextAndTold() {
        Script script = new Script(1, 1).upTo(Step.ADVERTISE_KEYS).answer(Step.ADVERTISE_KEYS, "A", "B", "C");
        script.deadline();
        assertThat(script.sent("D")).containsExactly("SumAborted");
        assertThat(script.sent("A")).containsExactly("Roster");
        script.disconnect("D").connect("D");
        assertThat(script.sent("D")).containsExactly("SumAborted");
    }

    @Test
    void invitingWaitsForAnAbsentSiteAsLongAsTheQuorumIsNotMet() {
        Script script =
                new Script(1, 1).disconnect("D").graceOver("D").disconnect("C").graceOver("C");
        script.accept("A", "B");
        assertThat(script.phase()).isEqualTo("inviting");
        assertThat(script.connect("C").sent("C")).containsExactly("RoundInvitation");
        assertThat(script.accept("C").phase()).isEqualTo("advertising");
    }

    @Test
    void aRefusalIsLoggedWithItsReasonAndTheOthersGoOn() {
        Script script = new Script(1, 1).refuse("D");
        LogEntry entry = ((Command.Append) script.commands.getFirst()).entry();
        assertThat(entry.getAction()).isEqualTo("invitation.refused");
        assertThat(entry.getDetail()).isEqualTo("budget spent");
        assertThat(script.accept("A", "B", "C").phase()).isEqualTo("advertising");
    }

    @Test
    void twoRefusalsOfFourEndTheAttemptAtOnce() {
        Script script = new Script(1, 1).refuse("C").refuse("D").accept("A", "B");
        assertThat(script.phase()).isEqualTo("aborted");
    }

    @Test
    void anAbortedRoundLeavesTheModelAndTwoInARowEndTheRun() {
        Script script = new Script(5, 1).sum().begin().deadline();
        assertThat(script.phase()).isEqualTo("aborted");
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.RUNNING);
        assertThat(script.run.modelSha256()).isEqualTo(Script.MODEL);
        script.begin();
        assertThat(script.run.sum()).isEqualTo(new Sum(2, SumKind.TRAIN, 1));
        script.deadline();
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(script.run.reason()).contains("2 rounds in a row").contains("inviting");
        assertThat(script.commanded(Command.WriteRun.class)).isTrue();
    }

    @Test
    void anEvaluationThatFailsIsUnavailableAndTheRunGoesOn() {
        Script script = new Script(1, 1).sum().begin().sum().begin().deadline();
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.FINISHED);
        assertThat(script.run.history().getLast().evaluation()).isNull();
        assertThat(script.logged()).contains("sum.aborted", "evaluation.unavailable", "run.finished");
    }

    @Test
    void aSumThatCannotBeOpenedIsTriedAgain() {
        Script script = new Script(1, 2).upTo(Step.UNMASK_SHARES).answer(Step.UNMASK_SHARES, "A", "B", "C", "D");
        assertThat(script.phase()).isEqualTo("aggregating");
        script.apply(new RunEvent.SumFailed(script.now, script.run.sum(), "a forged share"));
        assertThat(script.phase()).isEqualTo("aborted");
        assertThat(script.begin().run.sum().attempt()).isEqualTo(2);
    }

    @Test
    void cancellingEndsTheSumUnderWayAndTheRun() {
        Script script = new Script(1, 1).upTo(Step.MASKED_HEADER);
        script.apply(new RunEvent.RunCancelled(script.now, "wrong study"));
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(script.sent("A")).containsExactly("SumAborted", "RunFinished");
        assertThat(script.logged()).containsExactly("sum.aborted", "run.finished");
    }

    @Test
    void aSiteThatEnrolsDuringARunIsInvitedToTheNextSum() {
        Script script = new Script(1, 1).connect("E");
        assertThat(script.sent("E")).containsExactly("RoundInvitation");
        assertThat(script.accept("A", "B", "C", "D", "E").phase()).isEqualTo("advertising");
        Advertising phase = (Advertising) script.run.phase();
        assertThat(phase.transcript().config().getPartyCount()).isEqualTo(5);
        assertThat(phase.transcript().config().getThreshold()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(SumKind.class)
    void deadlinesOfAnotherSumOrPhaseAreIgnored(SumKind kind) {
        Script script = new Script(1, 1).upTo(Step.SHARE_KEYS);
        RunState before = script.run;
        script.apply(new RunEvent.DeadlineReached(script.now, new Sum(7, kind, 1), "sharing"));
        script.apply(new RunEvent.DeadlineReached(script.now, script.run.sum(), "inviting"));
        assertThat(script.run).isEqualTo(before);
    }

    @Test
    void replayGivesTheLiveStateAndACrashAfterAnyEventIsTakenUpThere() {
        Script live = new Script(2, 2).sum().begin().upTo(Step.MASKED_HEADER);
        live.answer(Step.MASKED_HEADER, "A", "B", "C").disconnect("D").graceOver("D");
        live.answer(Step.SURVIVOR_VOTE, "A", "B", "C")
                .answer(Step.UNMASK_SHARES, "A", "B", "C")
                .computed();
        live.connect("D").begin().sum().begin().deadline().begin().sum().begin().sum();
        assertThat(live.run.outcome()).isEqualTo(RunOutcome.FINISHED);
        assertThat(RunMachine.replay(live.events)).isEqualTo(live.run);
        for (int length = 1; length <= live.events.size(); length++) {
            RunState before = RunMachine.replay(live.events.subList(0, length));
            Transition resumed = RunMachine.apply(before, new RunEvent.Restarted(live.now));
            assertThat(resumed.state().phase()).isEqualTo(before.phase());
            assertThat(resumed.state().sum()).isEqualTo(before.sum());
            assertThat(resumed.state().sitesThat(Member::connected)).isEmpty();
            assertThat(resumed.commands()).anyMatch(RunMachineTest::movesOn);
            for (var site : before.sites().entrySet()) {
                RunEvent back = new RunEvent.SiteConnected(
                        live.now, site.getKey(), site.getValue().signingCertificate());
                assertThat(RunMachine.apply(resumed.state(), back)
                                .state()
                                .phase()
                                .label())
                        .isEqualTo(before.phase().label());
            }
        }
    }

    private static boolean movesOn(Command command) {
        return switch (command) {
            case Command.ArmDeadline c -> true;
            case Command.Aggregate c -> true;
            case Command.BeginSum c -> true;
            case Command.WriteRun c -> true;
            default -> false;
        };
    }
}
