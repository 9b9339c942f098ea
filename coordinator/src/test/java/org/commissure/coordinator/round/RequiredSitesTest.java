package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequiredSitesTest {
    private static final int SECONDS = 60;

    private static String study(String whenMissing) {
        return Studies.text(2, 2, SECONDS)
                .replace(
                        "maximum_colluders = 1\n",
                        "maximum_colluders = 1\nrequired = { sites = [\"D\"], when_missing = \"" + whenMissing + "\""
                                + (whenMissing.equals("wait") ? ", wait_seconds = 600" : "") + " }\n");
    }

    /** At the invitation to the first training sum, with D gone for good. */
    private static Script withoutD(String whenMissing) {
        return new Script(study(whenMissing), 10).sum().begin().disconnect("D").graceOver("D");
    }

    @ParameterizedTest
    @CsvSource({"wait", "repeat", "go-on", "end"})
    void anAbsentRequiredSiteIsAwaitedToTheInvitationsDeadline(String whenMissing) {
        Script script = withoutD(whenMissing).accept("A", "B", "C");
        assertThat(script.phase()).isEqualTo("inviting");
        assertThat(script.run.phase().waitingFor(script.run)).containsExactly("D");
        script.connect("D");
        assertThat(script.sent("D")).contains("RoundInvitation");
        script.accept("D");
        assertThat(script.phase()).isEqualTo("advertising");
    }

    @Test
    void theScoresOfAModelWaitForNobody() {
        Script script =
                new Script(study("wait"), 10).disconnect("D").graceOver("D").accept("A", "B", "C");
        assertThat(script.phase()).isEqualTo("advertising");
    }

    @Test
    void waitingHoldsTheInvitationOpenAndHasAnEnd() {
        Script script = withoutD("wait").accept("A", "B", "C");
        long first = script.run.phase().deadlineUnixMs();
        script.deadline();
        assertThat(script.phase()).isEqualTo("inviting");
        assertThat(script.commanded(Command.ArmDeadline.class)).isTrue();
        assertThat(script.run.phase().deadlineUnixMs()).isEqualTo(first + 600_000);
        assertThat(RunMachine.replay(script.events)).isEqualTo(script.run);
        script.deadline();
        assertThat(script.phase()).isEqualTo("aborted");
        assertThat(script.begin().run.sum().attempt()).isEqualTo(2);
    }

    @Test
    void aRequiredSiteThatComesWhileItIsAwaitedIsAParty() {
        Script script =
                withoutD("wait").accept("A", "B", "C").deadline().connect("D").accept("D");
        assertThat(script.phase()).isEqualTo("advertising");
        assertThat(((Exchanging) script.run.phase()).transcript().index("D")).isPresent();
    }

    @Test
    void nobodyWaitsForASiteThatRefused() {
        Script script = new Script(study("wait"), 10).sum().begin().refuse("D").accept("A", "B", "C");
        assertThat(script.phase()).isEqualTo("aborted");
    }

    @Test
    void repeatingEndsTheRoundAfterItsLastAttempt() {
        Script script = withoutD("repeat").accept("A", "B", "C").deadline();
        assertThat(script.logged()).contains("sum.aborted");
        script.begin().accept("A", "B", "C").deadline();
        assertThat(script.logged()).contains("round.aborted");
        script.begin().accept("A", "B", "C").deadline();
        script.begin().accept("A", "B", "C").deadline();
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(script.run.reason()).contains("without D");
    }

    @Test
    void goingOnIsLoggedByName() {
        Script script = withoutD("go-on").accept("A", "B", "C").deadline();
        assertThat(script.phase()).isEqualTo("advertising");
        assertThat(script.logged()).contains("site.missing");
    }

    @Test
    void theRunEndsWhereTheStudySaysSo() {
        Script script = withoutD("end").accept("A", "B", "C").deadline();
        assertThat(script.run.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(script.run.reason()).contains("without D", "quorum.required.sites");
        assertThat(script.logged()).contains("sum.aborted", "run.finished");
    }

    /** Nobody else trains to the end, and pays for it, where the sum cannot come about any more. */
    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"ADVERTISE_KEYS", "SHARE_KEYS", "MASKED_HEADER"})
    void aRequiredSiteThatIsLostEndsTheAttemptAtOnceAndNothingIsOpened(Step step) {
        Script script = new Script(study("repeat"), 10).sum().begin().upTo(step).answer(step, "A");
        script.apply(new RunEvent.SiteDropped(script.now, script.run.sum(), "D", step.label(), "a damaged series"));
        assertThat(script.phase()).isEqualTo("aborted");
        assertThat(script.commanded(Command.DiscardUploads.class)).isTrue();
        assertThat(script.begin().run.sum().attempt()).isEqualTo(2);
    }

    @Test
    void withItsUploadInTheSumARequiredSiteMayLeave() {
        Script script = new Script(study("end"), 10).sum().begin().upTo(Step.SURVIVOR_VOTE);
        script.disconnect("D").graceOver("D").answer(Step.SURVIVOR_VOTE, "A", "B", "C");
        assertThat(script.phase()).isEqualTo("unmasking");
    }

    @Test
    void aNameThatNoSiteBearsIsRefusedBeforeTheRun() {
        assertThatThrownBy(() ->
                        RunPreconditions.check(StudyFile.parse(study("repeat")).study(), Set.of("A", "B", "C", "NYU")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("quorum.required.sites names D");
    }
}
