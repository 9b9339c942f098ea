package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.EvaluationField;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumAborted;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleCohort;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.evaluation.ExternalEvaluation;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real sites over real mutual TLS against a coordinator that says what the test tells it to. */
class SiteRoundsTest {
    @TempDir
    private Path folder;

    private FakeCoordinator coordinator;
    private final List<SiteUnderTest> sites = new ArrayList<>();
    private StudyFile study = new ExampleStudy().file();

    @BeforeEach
    void startSites() throws Exception {
        coordinator = new FakeCoordinator(folder);
        coordinator.model = modelBytes(study.study());
        start("A");
    }

    private void start(String name) throws Exception {
        sites.add(new SiteUnderTest(folder, name, coordinator, 14).start());
        coordinator.awaitConnected(name);
    }

    @AfterEach
    void stopSites() throws Exception {
        for (SiteUnderTest site : sites) {
            site.close();
        }
        coordinator.close();
    }

    @Test
    void aTrainingSumRunsThroughAndLeavesNoSecretBehind() throws Exception {
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.run();

        assertThat(actions())
                .contains(
                        Actions.COHORT_SEALED,
                        Actions.INVITATION_ACCEPTED,
                        Actions.PRIVACY_CHARGED,
                        Actions.UPDATE_MASKED);
        for (SiteUnderTest site : sites) {
            SumRow row = site.awaitPhase(sum, "released");
            assertThat(row.secrets()).isEmpty();
            assertThat(row.answer()).isEmpty();
            assertThat(LedgerContents.read(site.home.ledger()).charges()).hasSize(1);
            try (Stream<Path> files = Files.list(site.home.outgoing())) {
                assertThat(files).isEmpty();
            }
        }
        // The next sum of the run needs no new seal.
        assertThat(actions()).filteredOn(Actions.COHORT_SEALED::equals).hasSize(3);
        coordinator.nextSum();
        Conversation evaluation = conversation(sum(1, SumKind.EVALUATE, 1));
        evaluation.run();
        double[] direct = directEvaluation();
        double[] opened = ExactSums.decode(evaluation.opened, 3);
        for (int field = 0; field < direct.length; field++) {
            assertThat(opened[field]).isCloseTo(direct[field], within(1e-3));
        }
        assertThat(actions()).filteredOn(Actions.COHORT_SEALED::equals).hasSize(3);
    }

    @Test
    void inTheLastRoundTheModelThatEachSiteTrainedAloneIsScoredBesideTheReleasedOne() throws Exception {
        study = new ExampleStudy()
                .with("evaluation", "single_site", "true")
                .with("rounds", "count", "1")
                .file();
        InvitationReply refused = invite(sites.getFirst(), sum(1, SumKind.TRAIN, 1));
        assertThat(refused.getAccepted()).isFalse();
        assertThat(refused.getReason()).contains("trains alone", "allow_no_noise");
        Conversation training = conversation(sum(1, SumKind.TRAIN, 2));
        for (SiteUnderTest site : sites) {
            site.policy(PolicyFile.DEFAULT
                    .replace("allow_no_noise = false", "allow_no_noise = true")
                    .replace("epsilon_budget = 8.0", "epsilon_budget = 500.0"));
        }
        training.run();
        assertThat(sites)
                .allSatisfy(site ->
                        assertThat(site.home.outgoing().resolve("run-1.alone")).exists());
        // The released model is the initial one here, so a model that learnt anything has other errors.
        coordinator.nextSum();
        Conversation evaluation = conversation(sum(1, SumKind.EVALUATE, 1));
        evaluation.run();
        double[] opened = ExactSums.decode(evaluation.opened, 3);
        assertThat(opened[EvaluationField.values().length])
                .isGreaterThan(0)
                .isNotEqualTo(opened[EvaluationField.ERROR_MODEL.ordinal()]);
        assertThat(LedgerContents.read(sites.getFirst().home.ledger()).charges())
                .hasSize(1); // of the federated update alone
    }

    @Test
    void aReleasedModelIsEvaluatedOnce() throws Exception {
        SumId first = sum(1, SumKind.EVALUATE, 1);
        conversation(first).run();
        SiteUnderTest site = sites.getFirst();
        site.awaitPhase(first, "released");
        for (SumId again : List.of(sum(1, SumKind.EVALUATE, 2), sum(2, SumKind.EVALUATE, 1))) {
            InvitationReply reply = invite(site, again);
            assertThat(reply.getAccepted()).isFalse();
            assertThat(reply.getReason()).contains("evaluated already, in round 1", "evaluated once");
        }
        awaitAction(Actions.INVITATION_REFUSED);
        // What is trained from it is another model.
        assertThat(invite(site, sum(2, SumKind.TRAIN, 1)).getAccepted()).isTrue();
    }

    @Test
    void aSiteThatIsStoppedAfterEveryStepAnswersWithTheSameBytes() throws Exception {
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.restartAfterEachStep = true;
        talk.run();
        SiteUnderTest site = sites.getFirst();
        assertThat(site.awaitPhase(sum, "released").note()).isNotEmpty();
        assertThat(LedgerContents.read(site.home.ledger()).charges()).hasSize(1);
    }

    @Test
    void aBrokenUploadGoesOnWithTheSameBytes() throws Exception {
        coordinator.breakUploadAt.put("A", 1);
        Conversation talk = conversation(sum(1, SumKind.TRAIN, 1));
        talk.run();
        byte[] kept = coordinator.kept("A").toByteArray();
        assertThat(SignedMessages.sha256(ByteString.copyFrom(kept)))
                .isEqualTo(MaskedHeader.parseFrom(talk.headers.getFirst().getPayload())
                        .getVectorSha256());
    }

    @Test
    void aRoundBeyondTheBudgetIsRefusedWithReasonAndRemedyAndLogged() throws Exception {
        sites.getFirst().policy(PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = 0.01"));
        InvitationReply reply = invite(sites.getFirst(), sum(1, SumKind.TRAIN, 1));
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("over its budget of 0.010").contains("epsilon_budget");
        awaitAction(Actions.INVITATION_REFUSED);
        assertThat(LedgerContents.read(sites.getFirst().home.ledger()).charges())
                .isEmpty();
        // Evaluation spends nothing, and a corrected policy counts for the next attempt.
        assertThat(invite(sites.getFirst(), sum(1, SumKind.EVALUATE, 1)).getAccepted())
                .isTrue();
        sites.getFirst().policy(PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = 500.0"));
        assertThat(invite(sites.getFirst(), sum(1, SumKind.TRAIN, 2)).getAccepted())
                .isTrue();
    }

    @Test
    void aSeriesThatIsCorruptAtTrainingTimeTakesTheSiteOutOfTheRoundOnly() throws Exception {
        study = new ExampleStudy().with("privacy", "sampling_rate", "1.0").file();
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.inviteAll();
        try (Stream<Path> patients = Files.list(sites.getFirst().data)) {
            for (Path patient : patients.filter(Files::isDirectory).toList()) {
                Path series = ExampleCohort.series(
                        sites.getFirst().data, patient.getFileName().toString());
                Files.write(series, new byte[] {1, 2, 3});
            }
        }
        talk.configure();
        talk.share();
        talk.deliver();
        SiteFrame failed = awaitFailure("A");
        assertThat(failed.getStepFailed().getReason()).contains("cohort check").doesNotContain("sub-");
        coordinator.await("B", BodyCase.MASKED_HEADER);
        coordinator.await("C", BodyCase.MASKED_HEADER);
        assertThat(LedgerContents.read(sites.getFirst().home.ledger()).charges())
                .isEmpty();
    }

    @Test
    void aSiteThatIsStoppedInTheMiddleOfTrainingGoesOnFromThereInTheSameAttempt() throws Exception {
        study = new ExampleStudy()
                .with("training", "local_steps", "30000") // some seconds, so that it is stopped before its end
                .with("privacy", "noise_multiplier", "200.0")
                .with("training", "learning_rate", "1e-9") // so much noise must not leave the finite numbers
                .file();
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.untilShared();
        SiteUnderTest site = sites.getFirst();
        coordinator.send("A", talk.delivery(sites.getFirst()));
        while (coordinator.await("A", BodyCase.PROGRESS).getProgress().getFraction() < 0.1) {
            site.awaitPhase(sum, "training");
        }
        site.stop();
        Path checkpoint = site.home.outgoing().resolve("run-1-1-TRAIN-1.checkpoint");
        assertThat(checkpoint).exists();

        coordinator.streams.remove("A");
        site.start();
        coordinator.awaitConnected("A");
        coordinator.send("A", talk.delivery(sites.getFirst()));

        SiteFrame frame = coordinator.next("A");
        while (!frame.hasMaskedHeader()) {
            assertThat(frame.hasStepFailed())
                    .as(frame.getStepFailed().getReason())
                    .isFalse();
            if (frame.hasProgress()) { // a training that began anew would say 0 first
                assertThat(frame.getProgress().getFraction()).isGreaterThanOrEqualTo(0.1);
            }
            frame = coordinator.next("A");
        }
        assertThat(checkpoint).doesNotExist();
        assertThat(LedgerContents.read(site.home.ledger()).charges()).hasSize(1);
    }

    @Test
    void anAbortedTrainingLeavesNoCheckpoint() throws Exception {
        study = new ExampleStudy()
                .with("training", "local_steps", "100000")
                .with("privacy", "noise_multiplier", "500.0")
                .with("training", "learning_rate", "1e-9") // so much noise must not leave the finite numbers
                .file();
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.untilShared();
        SiteUnderTest site = sites.getFirst();
        coordinator.send("A", talk.delivery(sites.getFirst()));
        coordinator.await("A", BodyCase.PROGRESS);
        coordinator.await("A", BodyCase.PROGRESS);
        coordinator.send(
                "A",
                CoordinatorFrame.newBuilder()
                        .setSumAborted(SumAborted.newBuilder().setSum(sum).setReason("too few sites")));
        site.awaitPhase(sum, "abandoned");
        assertThat(invite(site, sum(1, SumKind.EVALUATE, 1)).getAccepted()).isTrue(); // so the end was acted on
        site.stop();
        assertThat(site.home.outgoing()).isEmptyDirectory();
        assertThat(LedgerContents.read(site.home.ledger()).charges()).isEmpty();
    }

    @Test
    void anAbortedSumIsForgottenAndLateRequestsAreIgnored() throws Exception {
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.inviteAll();
        talk.configure();
        coordinator.send(
                "A",
                CoordinatorFrame.newBuilder()
                        .setSumAborted(SumAborted.newBuilder().setSum(sum).setReason("too few sites")));
        SumRow row = sites.getFirst().awaitPhase(sum, "abandoned");
        assertThat(row.secrets()).isEmpty();
        assertThat(row.note()).contains("too few sites");
        coordinator.send("A", CoordinatorFrame.newBuilder().setRoster(talk.roster));
        coordinator.send(
                "A",
                CoordinatorFrame.newBuilder()
                        .setSumAborted(SumAborted.newBuilder().setSum(sum(9, SumKind.TRAIN, 9))));
        // Still alive and well: the next attempt is accepted.
        assertThat(invite(sites.getFirst(), sum(1, SumKind.TRAIN, 2)).getAccepted())
                .isTrue();
    }

    @Test
    void aConfigurationThatDiffersFromTheInvitationIsRefused() throws Exception {
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = conversation(sum);
        talk.inviteAll();
        SecureSumConfig other = talk.config().toBuilder()
                .setModelSha256(ByteString.copyFrom(new byte[32]))
                .build();
        coordinator.send("A", CoordinatorFrame.newBuilder().setSecureSumConfig(coordinator.signing.sign(other)));
        assertThat(awaitFailure("A").getStepFailed().getReason()).contains("another model");
        // The true one is still answered.
        coordinator.send(
                "A", CoordinatorFrame.newBuilder().setSecureSumConfig(coordinator.signing.sign(talk.config())));
        coordinator.await("A", BodyCase.ADVERTISE_KEYS);
    }

    @Test
    void anInvitationOfSomebodyElseIsNotAnswered() throws Exception {
        Signed forged =
                coordinator.authority.issueSigning(Role.SITE, "mallory").sign(invitation(sum(1, SumKind.TRAIN, 1)));
        coordinator.send("A", CoordinatorFrame.newBuilder().setInvitation(forged));
        assertThat(invite(sites.getFirst(), sum(2, SumKind.TRAIN, 1)).getSum().getRound())
                .isEqualTo(2);
    }

    @Test
    void aCohortThatChangedAfterItsSealIsRefused() throws Exception {
        assertThat(invite(sites.getFirst(), sum(0, SumKind.EVALUATE, 1)).getAccepted())
                .isTrue();
        sites.getFirst().stop();
        Files.writeString(sites.getFirst().data.resolve("participants.tsv"), "participant_id\n");
        ExampleCohort.write(sites.getFirst().data, 14, 77);
        coordinator.streams.remove("A");
        sites.getFirst().start();
        coordinator.awaitConnected("A");
        InvitationReply reply = invite(sites.getFirst(), sum(1, SumKind.TRAIN, 1));
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("changed since it was sealed");
    }

    @Test
    void aCoordinatorWithAnotherVersionEndsTheServiceWithAClearMessage() throws Exception {
        coordinator.refuseEverybody = true;
        SiteUnderTest site = sites.getFirst();
        site.stop();
        site.start();
        UserError refusal = site.awaitRefusal();
        assertThat(refusal).hasMessageContaining("protocol 9");
        assertThat(refusal.remedy()).contains("version");
    }

    /** What the three sites together should report of the model, without any secure sum. */
    private double[] directEvaluation() throws Exception {
        double[] total = new double[EvaluationField.values().length];
        ModelConfiguration shape = ModelShape.of(study.study());
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            model.loadParameters(ModelShape.initialParameters(study.study()));
            for (SiteUnderTest site : sites) {
                byte[] salt = new SealStore(SiteDatabase.open(site.home.database())).salt(new SecureRandom());
                double[] own = new ExternalEvaluation(
                                model, shape, study.study().evaluation())
                        .sums(
                                new SealedCohorts(site.data, salt)
                                        .of(study.study())
                                        .external(),
                                1,
                                fraction -> {});
                for (int field = 0; field < total.length; field++) {
                    total[field] += own[field];
                }
            }
        }
        return total;
    }

    private Conversation conversation(SumId sum) throws Exception {
        for (String name : List.of("A", "B", "C").subList(sites.size(), 3)) {
            start(name);
        }
        return new Conversation(sum, study, coordinator, sites);
    }

    private InvitationReply invite(SiteUnderTest site, SumId sum) throws Exception {
        return new Conversation(sum, study, coordinator, sites).invite(site);
    }

    private RoundInvitation invitation(SumId sum) {
        return new Conversation(sum, study, coordinator, sites).invitation();
    }

    private SiteFrame awaitFailure(String site) throws InterruptedException {
        return coordinator.await(site, BodyCase.STEP_FAILED);
    }

    private void awaitAction(String action) throws Exception {
        for (int i = 0; i < 200 && !actions().contains(action); i++) {
            Thread.sleep(50);
        }
        assertThat(actions()).contains(action);
    }

    private List<String> actions() throws Exception {
        List<String> actions = new ArrayList<>();
        for (Signed entry : coordinator.log) {
            actions.add(LogEntry.parseFrom(entry.getPayload()).getAction());
        }
        return actions;
    }

    private static SumId sum(int round, SumKind kind, int attempt) {
        return SumId.newBuilder()
                .setRunId("run-1")
                .setRound(round)
                .setKind(kind)
                .setAttempt(attempt)
                .build();
    }

    private static byte[] modelBytes(Study study) {
        float[] parameters = ModelShape.initialParameters(study);
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        return bytes.array();
    }
}
