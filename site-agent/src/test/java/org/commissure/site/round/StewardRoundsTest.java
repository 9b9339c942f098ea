package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleCohort;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.consent.ConsentDesk;
import org.commissure.site.plan.ApprovalTerms;
import org.commissure.site.plan.ExamplePlan;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.plan.StewardDesk;
import org.commissure.site.policy.PolicyFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a steward and the policy decide, while a real site serves over real mutual TLS. */
class StewardRoundsTest {
    private static final String POLICY = PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = 500.0");

    @TempDir
    private Path folder;

    private FakeCoordinator coordinator;
    private SiteUnderTest site;
    private final StudyFile study = new ExampleStudy().file();

    @BeforeEach
    void startASiteThatAsksForApproval() throws Exception {
        coordinator = new FakeCoordinator(folder);
        float[] parameters = ModelShape.initialParameters(study.study());
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        coordinator.model = bytes.array();
        site = new SiteUnderTest(folder, "A", coordinator, 14);
        site.policyWithApproval(POLICY);
        site.start();
        coordinator.awaitConnected("A");
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
        coordinator.close();
    }

    @Test
    void nothingHappensBeforeAStewardHasApprovedAndARefusalNamesPlanAndReason() throws Exception {
        assertThat(refused(1)).contains("no signed plan of exactly this study").contains("rule: approval.required");
        SignedPlan plan = publish();
        assertThat(refused(2)).contains("no steward of this site has approved plan " + plan.id());

        desk().refuse(plan, "anna", "no ethics vote");
        LogEntry refusal = await(Actions.PLAN_REFUSED);
        assertThat(refusal.getDetail()).isEqualTo("no ethics vote");
        assertThat(refusal.toString()).doesNotContain("anna"); // a commitment only
        assertThat(refused(3)).contains("a steward of this site refused plan " + plan.id() + ": no ethics vote");
        LogEntry logged =
                await(entry -> entry.getAction().equals(Actions.INVITATION_REFUSED) && entry.getAttempt() == 3);
        assertThat(fact(logged, "rule")).isEqualTo("approval.required");

        approve(plan);
        LogEntry approval = await(Actions.PLAN_APPROVED);
        assertThat(fact(approval, "plan_sha256")).isEqualTo(plan.hex());
        assertThat(fact(approval, "legal_basis")).isEqualTo("broad consent");
        assertThat(Double.parseDouble(fact(approval, "epsilon"))).isPositive();
        assertThat(invite(4).getAccepted()).isTrue();
        assertThat(fact(await(Actions.INVITATION_ACCEPTED), "plan_sha256")).isEqualTo(plan.hex());
    }

    @Test
    void anApprovalIsBoundToTasksEpsilonDataAndTheExactStudy() throws Exception {
        SignedPlan plan = publish();
        ApprovalTerms all = desk().proposal(plan);
        desk().approve(plan, with(all, List.of("evaluate"), all.epsilon()), "anna", Optional.empty());
        assertThat(refused(1)).contains("without the task 'train'");
        desk().approve(plan, with(all, all.tasks(), 1e-3), "anna", Optional.empty());
        assertThat(refused(2)).contains("more epsilon than this site approved").contains("of 0.001");
        desk().approve(plan, all, "anna", Optional.empty());
        assertThat(invite(3).getAccepted()).isTrue();

        StudyFile other = new ExampleStudy().with("rounds", "count", "3").file();
        assertThat(new Conversation(sum("run-2", 1), other, coordinator, List.of(site))
                        .invite(site)
                        .getReason())
                .contains("no signed plan of exactly this study");

        site.stop();
        ExampleCohort.write(site.data, 14, 99);
        coordinator.streams.remove("A");
        site.start();
        coordinator.awaitConnected("A");
        assertThat(new Conversation(sum("run-3", 1), study, coordinator, List.of(site))
                        .invite(site)
                        .getReason())
                .contains("the data of this site are not those that were approved");
    }

    @Test
    void aRevocationEndsASumThatIsUnderWayAtItsNextPhase() throws Exception {
        SignedPlan plan = publish();
        approve(plan);
        assertThat(invite(1).getAccepted()).isTrue();
        desk().revoke(plan, "anna", "scanner fault");

        var failed = coordinator.await("A", BodyCase.STEP_FAILED).getStepFailed();
        assertThat(failed.getStep()).isEqualTo("invited");
        assertThat(failed.getReason()).contains("revoked the approval of plan " + plan.id() + ": scanner fault");
        assertThat(site.awaitPhase(sum("run-1", 1), "abandoned").secrets()).isEmpty();
        await(Actions.PLAN_REVOKED);
        assertThat(refused(2)).contains("revoked");
        assertThatThrownBy(() -> desk().revoke(plan, "anna", "again")).isInstanceOf(UserError.class);
    }

    @Test
    void aPlanThatThePolicyForbidsCannotBeApprovedAndAPlanInSomebodyElsesNameIsNotKept() throws Exception {
        SignedPlan plan = publish();
        site.policyWithApproval(POLICY.replace("purposes = [\"*\"]", "purposes = [\"audit\"]"));
        assertThatThrownBy(() -> approve(plan))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("does not allow the purpose 'research'");
        Signed forged = coordinator
                .authority
                .issueSigning(org.commissure.privacy.identity.Role.SITE, "mallory")
                .sign(ExamplePlan.of(
                                new ExampleStudy().with("rounds", "count", "7").file())
                        .build());
        coordinator.send("A", CoordinatorFrame.newBuilder().setStudyPlan(forged));
        refused(1); // answered after the forged plan was read
        assertThat(desk().book().plans()).hasSize(1);
    }

    @Test
    void closedHoursAreRefusedBeforeTrainingWithTheRuleOnBothSides() throws Exception {
        site.policy(POLICY + "[hours]\nzone = \"UTC\"\nopen = [\"" + aDayThatIsNotToday() + " 00:00-24:00\"]\n");
        InvitationReply reply = invite(1);
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("only at its own hours").contains("rule: hours.open");
        assertThat(fact(await(Actions.INVITATION_REFUSED), "rule")).isEqualTo("hours.open");
        assertThat(LedgerContents.read(site.home.ledger()).charges()).isEmpty();
    }

    @Test
    void whatMayNotLeaveInClearDoesNot() throws Exception {
        site.policyWithApproval(POLICY.replace(
                "in_clear = [\"progress\", \"reason\", \"epsilon\", \"agent_version\"]", "in_clear = []"));
        SignedPlan plan = publish();
        desk().refuse(plan, "anna", "a reason that stays here");
        assertThat(refused(1))
                .isEqualTo("refused by this site (rule: approval.required); ask the site's privacy officer");
        assertThat(await(Actions.PLAN_REFUSED).getDetail()).doesNotContain("stays here");
        approve(plan);
        assertThat(fact(await(Actions.PLAN_APPROVED), "epsilon")).isEqualTo("not stated");
    }

    @Test
    void aPatientWhoWithdrawsIsOutOfTheNextSumOfARunUnderWayAndTheLedgerSaysSo() throws Exception {
        site.policy(POLICY);
        assertThat(invite(1).getAccepted()).isTrue();
        SealedCohorts.Split before = cohort();
        String patient = before.subjects().internal().getFirst().participantId();
        String external = before.subjects().external().getFirst().participantId();

        ConsentDesk consent = ConsentDesk.open(site.home, Clock.systemUTC());
        consent.withdraw(patient, false);
        consent.withdraw(external, false);
        assertThatThrownBy(() -> consent.withdraw(patient, false)).hasMessageContaining("withdrawn before");
        assertThatThrownBy(() -> consent.withdraw("sub-nobody", false))
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining("sub-nobody");
        consent.settle(); // the agent holds the ledger; it writes within seconds
        awaitLedger(2);

        SealedCohorts.Split after = cohort();
        assertThat(after.internal()).hasSize(before.internal().size() - 1);
        assertThat(after.external()).hasSize(before.external().size() - 1);
        assertThat(after.internalSha256()).isEqualTo(before.internalSha256()); // the seal still holds
        assertThat(after.commitment()).isEqualTo(before.commitment()); // and so does an approval
        assertThat(invite(2).getAccepted()).isTrue();
        String ledger = Files.readString(site.home.ledger());
        assertThat(ledger).doesNotContain(patient).doesNotContain(external);
        assertThat(LedgerContents.read(site.home.ledger()).withdrawn()).isEqualTo(2);
        assertThat(await(Actions.CONSENT_WITHDRAWN).toString())
                .doesNotContain(patient)
                .doesNotContain(external);

        consent.renew(patient);
        awaitLedger(3);
        assertThat(LedgerContents.read(site.home.ledger()).withdrawn()).isEqualTo(1);
        assertThat(cohort().internal()).hasSize(before.internal().size());
    }

    private SealedCohorts.Split cohort() {
        var database = org.commissure.site.storage.SiteDatabase.open(site.home.database());
        byte[] salt = new org.commissure.site.storage.SealStore(database).salt(new java.security.SecureRandom());
        var register = new org.commissure.site.consent.ConsentRegister(
                new org.commissure.site.storage.ConsentStore(database), salt);
        return new SealedCohorts(site.data, salt, register::withdrawn).of(study.study());
    }

    private void awaitLedger(int changes) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            if (LedgerContents.read(site.home.ledger()).consents().size() == changes) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the ledger does not have " + changes + " consent changes");
    }

    private static String aDayThatIsNotToday() {
        var today = java.time.LocalDate.now(java.time.ZoneOffset.UTC).getDayOfWeek();
        return List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun").get((today.getValue() + 2) % 7);
    }

    private SignedPlan publish() throws Exception {
        coordinator.send(
                "A",
                CoordinatorFrame.newBuilder()
                        .setStudyPlan(
                                coordinator.signing.sign(ExamplePlan.of(study).build())));
        for (int i = 0; i < 200 && desk().book().plans().isEmpty(); i++) {
            Thread.sleep(50);
        }
        return desk().book().plans().getFirst();
    }

    private void approve(SignedPlan plan) {
        desk().approve(plan, desk().proposal(plan), "anna", Optional.empty());
    }

    private static ApprovalTerms with(ApprovalTerms terms, List<String> tasks, double epsilon) {
        return new ApprovalTerms(
                terms.plan(), tasks, terms.purpose(), terms.code(), terms.data(), epsilon, terms.expires());
    }

    private StewardDesk desk() {
        return StewardDesk.open(site.home, Clock.systemUTC());
    }

    private String refused(int attempt) throws Exception {
        InvitationReply reply = invite(attempt);
        assertThat(reply.getAccepted()).isFalse();
        return reply.getReason();
    }

    private InvitationReply invite(int attempt) throws Exception {
        return new Conversation(sum("run-1", attempt), study, coordinator, List.of(site)).invite(site);
    }

    private LogEntry await(String action) throws Exception {
        return await(entry -> entry.getAction().equals(action));
    }

    private LogEntry await(Predicate<LogEntry> wanted) throws Exception {
        for (int i = 0; i < 200; i++) {
            for (Signed entry : new ArrayList<>(coordinator.log)) {
                LogEntry opened = LogEntry.parseFrom(entry.getPayload());
                if (wanted.test(opened)) {
                    return opened;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no such entry in the log");
    }

    private static String fact(LogEntry entry, String name) {
        return entry.getFactList().stream()
                .filter(fact -> fact.getName().equals(name))
                .map(Fact::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static SumId sum(String run, int attempt) {
        return SumId.newBuilder()
                .setRunId(run)
                .setRound(1)
                .setKind(SumKind.TRAIN)
                .setAttempt(attempt)
                .build();
    }
}
