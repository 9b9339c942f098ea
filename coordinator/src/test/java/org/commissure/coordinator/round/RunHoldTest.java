package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;

/** A pause, and a study's hours, as the state machine has them. */
class RunHoldTest {
    private static final String NIGHTS = Studies.text(2, 2, 60) + """
            [hours]
            zone = "Europe/Zurich"
            open = ["mon-fri 20:00-06:00"]
            """;

    private static void pause(Script script, String reason) {
        script.apply(new RunEvent.RunPaused(script.now, reason));
    }

    private static RunHold held(Script script) {
        return Objects.requireNonNull(RunHold.told(script.run, script.now).orElse(null), "nothing holds the run");
    }

    @Test
    void aPauseAskedForInARoundTakesEffectAfterItsEvaluation() {
        Script script = new Script(2, 2).sum().begin();
        pause(script, "scanner service");
        assertThat(script.logged()).containsExactly("run.paused");
        assertThat(held(script).kind()).isEqualTo(RunHold.Kind.PAUSING);
        script.sum().begin();
        assertThat(script.run.sum()).isEqualTo(new Sum(1, SumKind.EVALUATE, 1));
        script.sum();
        assertThat(held(script))
                .isEqualTo(new RunHold(RunHold.Kind.PAUSED, "the run is paused: scanner service", null));
        RunState before = script.run;
        script.begin();
        assertThat(script.run).isEqualTo(before);
        assertThat(script.phase()).isEqualTo("released");
    }

    @Test
    void anAbortedAttemptOfThePresentRoundIsTriedAgainInAPause() {
        Script script = new Script(2, 2).sum().begin();
        pause(script, "");
        script.upTo(Step.ADVERTISE_KEYS).answer(Step.ADVERTISE_KEYS, "A").deadline();
        assertThat(script.phase()).isEqualTo("aborted");
        assertThat(held(script).kind()).isEqualTo(RunHold.Kind.PAUSING);
        assertThat(script.begin().run.sum()).isEqualTo(new Sum(1, SumKind.TRAIN, 2));
    }

    @Test
    void aPauseAskedForBetweenTheSumsOfARoundIsToldAtOnceAndTakesEffectAfterTheEvaluation() {
        Script script = new Script(2, 2).sum().begin().sum();
        pause(script, "scanner service");
        assertThat(script.phase()).isEqualTo("released");
        assertThat(held(script).kind()).isEqualTo(RunHold.Kind.PAUSING);
        assertThat(held(script).reason()).contains("after round 1", "scanner service");
        assertThat(script.begin().run.sum()).isEqualTo(new Sum(1, SumKind.EVALUATE, 1));
    }

    @Test
    void aPausedRunGoesOnWhereItStoodAlsoAfterARestart() {
        Script script = new Script(2, 2);
        pause(script, "");
        script.sum().begin();
        assertThat(script.phase()).isEqualTo("released");
        assertThat(RunMachine.replay(script.events)).isEqualTo(script.run);
        script.apply(new RunEvent.Restarted(script.now));
        script.begin();
        assertThat(held(script).kind()).isEqualTo(RunHold.Kind.PAUSED);
        Script.ALL.forEach(script::connect);
        script.apply(new RunEvent.RunContinued(script.now));
        assertThat(script.logged()).containsExactly("run.continued");
        assertThat(script.commanded(Command.BeginSum.class)).isTrue();
        assertThat(script.begin().run.sum()).isEqualTo(new Sum(1, SumKind.TRAIN, 1));
        assertThat(RunMachine.replay(script.events)).isEqualTo(script.run);
    }

    @Test
    void aPauseTakenBackWithinTheRoundChangesNothing() {
        Script script = new Script(2, 2);
        RunState before = script.run;
        pause(script, "");
        script.apply(new RunEvent.RunContinued(script.now));
        assertThat(script.commanded(Command.BeginSum.class)).isFalse();
        assertThat(script.run).isEqualTo(before);
    }

    @Test
    void asAPausedRunPausesOnceAndARunningOneIsNotContinued() {
        Script script = new Script(2, 2);
        script.apply(new RunEvent.RunContinued(script.now));
        assertThat(script.logged()).isEmpty();
        pause(script, "first");
        pause(script, "second");
        assertThat(script.logged()).isEmpty();
        assertThat(held(script).reason()).endsWith("first");
    }

    @Test
    void aPausedRunIsCancelled() {
        Script script = new Script(2, 2);
        pause(script, "");
        script.sum().begin();
        script.apply(new RunEvent.RunCancelled(script.now, "no longer needed"));
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(script.logged()).containsExactly("run.finished");
        assertThat(RunHold.told(script.run, script.now)).isEmpty();
    }

    @Test
    void noSumBeginsOutsideTheStudysHoursAndOneThatBeganGoesOn() {
        Script script = new Script(NIGHTS, 10);
        script.now = Instant.parse("2026-11-24T04:59:00Z").toEpochMilli(); // Tuesday, 05:59 in Zurich
        script.sum().begin();
        assertThat(script.run.sum()).isEqualTo(new Sum(1, SumKind.TRAIN, 1));
        script.now = Instant.parse("2026-11-24T05:30:00Z").toEpochMilli();
        script.sum();
        assertThat(script.logged()).contains("model.released");
        assertThat(held(script))
                .isEqualTo(new RunHold(
                        RunHold.Kind.HOURS,
                        "the study's hours are mon-fri 20:00-06:00 Europe/Zurich",
                        "2026-11-24T19:00:00Z"));
        script.begin();
        assertThat(script.phase()).isEqualTo("released");
        assertThat(script.commands)
                .contains(new Command.ArmBegin(
                        Instant.parse("2026-11-24T19:00:00Z").toEpochMilli()));
        script.now = Instant.parse("2026-11-24T19:00:00Z").toEpochMilli();
        assertThat(script.begin().run.sum()).isEqualTo(new Sum(1, SumKind.EVALUATE, 1));
        assertThat(RunMachine.replay(script.events)).isEqualTo(script.run);
    }
}
