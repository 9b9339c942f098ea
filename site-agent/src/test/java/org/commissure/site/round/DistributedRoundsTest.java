package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.EpsilonRecomputation;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.policy.PolicyFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Privacy mode distributed and its ledger, by real site agents. */
final class DistributedRoundsTest {
    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FakeCoordinator coordinator;

    private final List<SiteUnderTest> sites = new ArrayList<>();

    @BeforeEach
    void startSites() throws Exception {
        coordinator = new FakeCoordinator(folder);
        StudyFile study = ExampleStudy.distributed().file();
        float[] parameters = ModelShape.initialParameters(study.study());
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        coordinator.model = bytes.array();
        for (String name : List.of("A", "B", "C")) {
            sites.add(new SiteUnderTest(folder, name, coordinator, 14).start());
            coordinator.awaitConnected(name);
        }
    }

    @AfterEach
    void stopSites() throws Exception {
        for (SiteUnderTest site : sites) {
            site.close();
        }
        coordinator.close();
    }

    @Test
    void aSumIsChargedAndRecomputedFromTheLogAloneWithFixedAndWithAdaptiveClipping() throws Exception {
        talk(ExampleStudy.distributed().file(), sum("run-1", 1)).run();
        coordinator.nextSum();
        talk(ExampleStudy.adaptive().file(), sum("run-2", 1)).run();
        coordinator.nextSum();
        talk(
                        new ExampleStudy()
                                .with("secure_aggregation", "maximum_weight", "64")
                                .file(),
                        sum("run-3", 1))
                .run();
        for (SiteUnderTest site : sites) {
            LedgerContents ledger = LedgerContents.read(site.home.ledger());
            assertThat(ledger.charges())
                    .extracting(Charge::mechanism)
                    .containsExactly(Charge.DISTRIBUTED, Charge.DISTRIBUTED, Charge.GAUSSIAN);
            assertThat(ledger.charges().get(1).share().orElseThrow().countMultiplier())
                    .hasValue(8.0);
            EpsilonRecomputation log = EpsilonRecomputation.of(logged(site.name, 3), site.name);
            assertThat(log.differences()).isEmpty();
            assertThat(log.differencesFrom(ledger)).isEmpty();
            assertThat(log.spent(1e-5)).isEqualTo(ledger.spent(1e-5));
            assertThat(log.spent(1e-5).epsilon()).isPositive();
        }
    }

    @Test
    void sumsThatWereAcceptedSideBySideCannotExceedTheBudgetTogether() throws Exception {
        double one = StudyCost.ofSum(ExampleStudy.distributed().file().study(), "r", 1, 1, 1000, Instant.EPOCH)
                .orElseThrow()
                .alone()
                .epsilon();
        for (SiteUnderTest site : sites) {
            site.policy(PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = " + 1.1 * one));
        }
        Conversation first = talk(ExampleStudy.distributed().file(), sum("run-1", 1));
        Conversation second = talk(ExampleStudy.distributed().file(), sum("run-2", 1));
        first.inviteAll();
        second.inviteAll();
        for (Conversation talk : List.of(first, second)) {
            talk.configure();
            talk.share();
        }
        first.deliver();
        coordinator.await("A", BodyCase.MASKED_HEADER);
        coordinator.await("B", BodyCase.MASKED_HEADER);
        coordinator.await("C", BodyCase.MASKED_HEADER);
        second.deliver();
        assertThat(coordinator.await("A", BodyCase.STEP_FAILED).getStepFailed().getReason())
                .contains("over its budget");
        assertThat(LedgerContents.read(sites.getFirst().home.ledger()).charges())
                .extracting(Charge::runId)
                .containsExactly("run-1");
    }

    @Test
    void aClipNormOrANoiseThatTheStudyDoesNotSayIsRefused() throws Exception {
        SumId sum = sum("run-1", 1);
        Conversation talk = talk(ExampleStudy.distributed().file(), sum);
        talk.clipNorm = 2.0;
        InvitationReply reply = talk.invite(sites.getFirst());
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("clip norm");

        Conversation honest = talk(ExampleStudy.distributed().file(), sum("run-1", 2));
        honest.inviteAll();
        SecureSumConfig less = honest.config().toBuilder()
                .setValueBound(honest.config().getValueBound() / 2)
                .build();
        coordinator.send("A", CoordinatorFrame.newBuilder().setSecureSumConfig(coordinator.signing.sign(less)));
        assertThat(coordinator.await("A", BodyCase.STEP_FAILED).getStepFailed().getReason())
                .contains("value bound is not that of the study's noise");
    }

    @Test
    void moreInternalPatientsThanTheRingHasRoomForAreRefused() throws Exception {
        StudyFile narrow = ExampleStudy.distributed()
                .with("secure_aggregation", "maximum_weight", "2")
                .file();
        InvitationReply reply = talk(narrow, sum("run-1", 1)).invite(sites.getFirst());
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("maximum_weight");
    }

    @Test
    void aStudyWithoutDifferentialPrivacyIsRefusedUnlessTheSitesPolicyAllowsIt() throws Exception {
        StudyFile open = new ExampleStudy()
                .with("privacy", "mode", "\"none\"")
                .with("privacy", "noise_multiplier", "0.0")
                .file();
        InvitationReply reply = talk(open, sum("run-1", 1)).invite(sites.getFirst());
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("without differential privacy", "allow_no_noise");

        sites.getFirst().policy(PolicyFile.DEFAULT.replace("allow_no_noise = false", "allow_no_noise = true"));
        assertThat(talk(open, sum("run-1", 2)).invite(sites.getFirst()).getAccepted())
                .isTrue();
    }

    private Conversation talk(StudyFile study, SumId sum) {
        return new Conversation(sum, study, coordinator, sites);
    }

    private static SumId sum(String run, int attempt) {
        return SumId.newBuilder()
                .setRunId(run)
                .setRound(1)
                .setKind(SumKind.TRAIN)
                .setAttempt(attempt)
                .build();
    }

    /** The log as the coordinator received it, once it holds so many charges of a site. */
    private List<LoggedEntry> logged(String site, int charges) throws Exception {
        for (int i = 0; i < 200; i++) {
            List<LoggedEntry> entries = new ArrayList<>();
            int found = 0;
            for (Signed signed : List.copyOf(coordinator.log)) {
                LogEntry entry = LogEntry.parseFrom(signed.getPayload());
                entries.add(new LoggedEntry(entries.size(), entry.getActor(), entry));
                found += entry.getAction().equals(Actions.PRIVACY_CHARGED)
                                && entry.getActor().equals(site)
                        ? 1
                        : 0;
            }
            if (found >= charges) {
                return entries;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the log of " + site + " lacks charges");
    }
}
