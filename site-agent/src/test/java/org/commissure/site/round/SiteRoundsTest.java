package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.Bitmaps;
import org.commissure.privacy.secagg.CoordinatorSum;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.MaskedSum;
import org.commissure.privacy.secagg.Unmasker;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.EvaluationField;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumAborted;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;
import org.commissure.site.ExampleCohort;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.UpdateEncoding;
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
        Conversation talk = new Conversation(sum);
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
        Conversation evaluation = new Conversation(sum(1, SumKind.EVALUATE, 1));
        evaluation.run();
        double[] direct = directEvaluation();
        double[] opened = ExactSums.decode(evaluation.opened, 3);
        for (int field = 0; field < direct.length; field++) {
            assertThat(opened[field]).isCloseTo(direct[field], within(1e-3));
        }
        assertThat(actions()).filteredOn(Actions.COHORT_SEALED::equals).hasSize(3);
    }

    @Test
    void aSiteThatIsStoppedAfterEveryStepAnswersWithTheSameBytes() throws Exception {
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = new Conversation(sum);
        talk.restartAfterEachStep = true;
        talk.run();
        SiteUnderTest site = sites.getFirst();
        assertThat(site.awaitPhase(sum, "released").note()).isNotEmpty();
        assertThat(LedgerContents.read(site.home.ledger()).charges()).hasSize(1);
    }

    @Test
    void aBrokenUploadGoesOnWithTheSameBytes() throws Exception {
        coordinator.breakUploadAt.put("A", 1);
        Conversation talk = new Conversation(sum(1, SumKind.TRAIN, 1));
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
        Conversation talk = new Conversation(sum);
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
    void anAbortedSumIsForgottenAndLateRequestsAreIgnored() throws Exception {
        SumId sum = sum(1, SumKind.TRAIN, 1);
        Conversation talk = new Conversation(sum);
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
        Conversation talk = new Conversation(sum);
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
        BrainLmConfiguration shape = ModelShape.of(study.study());
        try (BrainLm model = new BrainLm(shape)) {
            model.loadParameters(Initialisation.parameters(shape, 3));
            for (SiteUnderTest site : sites) {
                byte[] salt = new SealStore(SiteDatabase.open(site.home.database())).salt(new SecureRandom());
                double[] own = new ExternalEvaluation(
                                model, shape, study.study().evaluation())
                        .sums(
                                new SealedCohorts(site.data, salt)
                                        .of(study.study())
                                        .external(),
                                fraction -> {});
                for (int field = 0; field < total.length; field++) {
                    total[field] += own[field];
                }
            }
        }
        return total;
    }

    /** One sum, step by step; what the coordinator's state machine does, without its care. */
    private final class Conversation {
        private final SumId sum;
        private boolean restartAfterEachStep;
        private final List<Signed> advertised = new ArrayList<>();
        private final List<Signed> shared = new ArrayList<>();
        private final List<Signed> headers = new ArrayList<>();
        private Roster roster = Roster.getDefaultInstance();
        private int[] opened = {};

        /** Of three sites. */
        Conversation(SumId sum) throws Exception {
            this.sum = sum;
            for (String name : List.of("A", "B", "C").subList(sites.size(), 3)) {
                start(name);
            }
        }

        void run() throws Exception {
            inviteAll();
            configure();
            share();
            deliver();
            for (SiteUnderTest site : sites) {
                headers.add(answer(site, BodyCase.MASKED_HEADER, delivery()).getMaskedHeader());
            }
            SurvivorProposal proposal = SurvivorProposal.newBuilder()
                    .setSum(sum)
                    .setSurvivorsBitmap(Bitmaps.of(Set.of(1, 2, 3), 3))
                    .addAllMaskedHeader(headers)
                    .build();
            List<Signed> votes = new ArrayList<>();
            for (SiteUnderTest site : sites) {
                CoordinatorFrame.Builder ask = CoordinatorFrame.newBuilder().setSurvivorProposal(proposal);
                coordinator.send(site.name, ask);
                votes.add(answer(site, BodyCase.SURVIVOR_VOTE, ask).getSurvivorVote());
            }
            List<UnmaskShares> revealed = new ArrayList<>();
            CoordinatorSum checked = CoordinatorSum.resume(coordinator.signing.sign(config()))
                    .withRoster(roster)
                    .withSharers(delivery().getShareDelivery())
                    .withSurvivors(proposal);
            for (SiteUnderTest site : sites) {
                CoordinatorFrame.Builder ask = CoordinatorFrame.newBuilder()
                        .setUnmaskRequest(UnmaskRequest.newBuilder().setSum(sum).addAllVote(votes));
                coordinator.send(site.name, ask);
                revealed.add(checked.checkUnmask(
                        answer(site, BodyCase.UNMASK_SHARES, ask).getUnmaskShares()));
            }
            MaskedSum masked = checked.maskedSum();
            for (int i = 0; i < sites.size(); i++) {
                byte[] vector = coordinator.kept(sites.get(i).name).toByteArray();
                masked.add(new ByteArrayInputStream(vector), checked.checkHeader(headers.get(i)));
            }
            opened = new Unmasker(checked, revealed).removeMasks(masked);
            for (SiteUnderTest site : sites) {
                coordinator.send(
                        site.name,
                        CoordinatorFrame.newBuilder()
                                .setAggregateResult(coordinator.signing.sign(
                                        AggregateResult.newBuilder().setSum(sum).build())));
                site.awaitPhase(sum, "released");
            }
        }

        void inviteAll() throws Exception {
            for (SiteUnderTest site : sites) {
                assertThat(invite(site, sum).getAccepted()).isTrue();
            }
        }

        void configure() throws Exception {
            CoordinatorFrame.Builder ask =
                    CoordinatorFrame.newBuilder().setSecureSumConfig(coordinator.signing.sign(config()));
            for (SiteUnderTest site : sites) {
                coordinator.send(site.name, ask);
                advertised.add(answer(site, BodyCase.ADVERTISE_KEYS, ask).getAdvertiseKeys());
            }
            roster = Roster.newBuilder().setSum(sum).addAllAdvertise(advertised).build();
        }

        void share() throws Exception {
            CoordinatorFrame.Builder ask = CoordinatorFrame.newBuilder().setRoster(roster);
            for (SiteUnderTest site : sites) {
                coordinator.send(site.name, ask);
                shared.add(answer(site, BodyCase.SHARE_KEYS, ask).getShareKeys());
            }
        }

        void deliver() {
            for (SiteUnderTest site : sites) {
                coordinator.send(site.name, delivery());
            }
        }

        CoordinatorFrame.Builder delivery() {
            return CoordinatorFrame.newBuilder()
                    .setShareDelivery(ShareDelivery.newBuilder().setSum(sum).addAllShareKeys(shared));
        }

        /** The answer; for the first site also after a stop, a start and the same request again. */
        private SiteFrame answer(SiteUnderTest site, BodyCase kind, CoordinatorFrame.Builder request) throws Exception {
            SiteFrame first = coordinator.await(site.name, kind);
            if (restartAfterEachStep && site == sites.getFirst()) {
                site.stop();
                coordinator.streams.remove(site.name);
                site.start();
                coordinator.awaitConnected(site.name);
                coordinator.send(site.name, request);
                assertThat(coordinator.await(site.name, kind)).isEqualTo(first);
            }
            return first;
        }

        SecureSumConfig config() {
            Study plan = study.study();
            boolean train = sum.getKind() == SumKind.TRAIN;
            SecureSumConfig.Builder config = SecureSumConfig.newBuilder()
                    .setFederationId("fed")
                    .setSum(sum)
                    .setThreshold(Study.threshold(sites.size()))
                    .setMaxColluders(plan.quorum().maximumColluders())
                    .setRingBits(32)
                    .setDimension(
                            train
                                    ? UpdateEncoding.dimension(parameters(plan))
                                    : ExactSums.dimension(EvaluationField.values().length))
                    .setValueBound(train ? UpdateEncoding.valueBound(plan) : ExactSums.VALUE_BOUND)
                    .setScaleLog2(train ? plan.secureAggregation().scaleLog2() : ExactSums.SCALE_LOG2)
                    .setModelSha256(SignedMessages.sha256(ByteString.copyFrom(coordinator.model)))
                    .setStudySha256(ByteString.copyFrom(study.sha256()))
                    .setPreviousCheckpointSha256(ByteString.copyFrom(new byte[32]))
                    .setCreatedUnixMs(1)
                    .setKeyExchange(1);
            for (SiteUnderTest site : sites) {
                config.addParty(Party.newBuilder()
                        .setSite(site.name)
                        .setSigningCertificate(ByteString.copyFrom(site.signingCertificate())));
            }
            return config.build();
        }
    }

    private InvitationReply invite(SiteUnderTest site, SumId sum) throws Exception {
        coordinator.send(
                site.name, CoordinatorFrame.newBuilder().setInvitation(coordinator.signing.sign(invitation(sum))));
        return InvitationReply.parseFrom(coordinator
                .await(site.name, BodyCase.INVITATION_REPLY)
                .getInvitationReply()
                .getPayload());
    }

    private RoundInvitation invitation(SumId sum) {
        return RoundInvitation.newBuilder()
                .setFederationId("fed")
                .setSum(sum)
                .setStudyText(study.text())
                .setModelSha256(SignedMessages.sha256(ByteString.copyFrom(coordinator.model)))
                .setParameterCount(parameters(study.study()))
                .setDeadlineUnixMs(System.currentTimeMillis() + 60_000)
                .build();
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

    private static int parameters(Study study) {
        return ModelShape.layout(study).parameterCount();
    }

    private static byte[] modelBytes(Study study) {
        float[] parameters = Initialisation.parameters(ModelShape.of(study), 3);
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        return bytes.array();
    }
}
