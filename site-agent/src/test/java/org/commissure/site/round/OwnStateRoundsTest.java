package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.commissure.models.weights.Safetensors;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumAborted;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real agents, whose heads are their own and whose steps are corrected. */
class OwnStateRoundsTest {
    private static final StudyFile STUDY = StudyFile.parse(new ExampleStudy()
                    .with("training", "correction", "\"scaffold\"")
                    .file()
                    .text()
            + "[training.local]\ntensors = [\"head\"]\n");

    @TempDir
    private Path folder;

    private FakeCoordinator coordinator;
    private ByteString control;
    private final List<SiteUnderTest> sites = new ArrayList<>();

    @BeforeEach
    void startSites() throws Exception {
        coordinator = new FakeCoordinator(folder);
        float[] parameters = ModelShape.initialParameters(STUDY.study());
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        coordinator.model = bytes.array();
        ByteString zeros = ByteString.copyFrom(new byte[coordinator.model.length]);
        control = SignedMessages.sha256(zeros);
        coordinator.sums.put(control, zeros);
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

    private Conversation talk(SumKind kind, int round, int attempt) {
        SumId sum = SumId.newBuilder()
                .setRunId("run-1")
                .setRound(round)
                .setKind(kind)
                .setAttempt(attempt)
                .build();
        Conversation talk = new Conversation(sum, STUDY, coordinator, sites);
        talk.control = kind == SumKind.TRAIN ? control : ByteString.EMPTY;
        return talk;
    }

    private static Path own(SiteUnderTest site) {
        return site.home.own().resolve("run-1.safetensors");
    }

    private static List<String> kept(SiteUnderTest site) throws Exception {
        if (!Files.exists(site.home.own())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(site.home.own())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatARoundLeavesAtASiteCountsOnceItIsReleasedWithThatSite() throws Exception {
        Conversation first = talk(SumKind.TRAIN, 1, 1);
        first.survivors = Optional.of(Set.of(1, 2));
        first.restartAfterEachStep = true;
        first.run();
        assertThat(first.opened).hasSize(2 * ModelShape.shared(STUDY.study()).length() + 1);
        for (SiteUnderTest site : sites.subList(0, 2)) {
            assertThat(kept(site)).containsExactly("run-1.safetensors");
            assertThat(Safetensors.read(own(site)).metadata()).containsEntry("round", "1");
        }
        // The result does not count C in: what it prepared is dropped, as soon as its worker is free.
        for (int i = 0; i < 200 && !kept(sites.getLast()).isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertThat(kept(sites.getLast())).isEmpty();
        float[] after = Safetensors.read(own(sites.getFirst())).values();

        coordinator.nextSum();
        talk(SumKind.EVALUATE, 1, 1).run();

        coordinator.nextSum();
        Conversation aborted = talk(SumKind.TRAIN, 2, 1);
        aborted.untilShared();
        aborted.deliver();
        aborted.mask();
        assertThat(kept(sites.getFirst())).contains("run-1-2-TRAIN-1.pending");
        for (SiteUnderTest site : sites) {
            coordinator.send(
                    site.name,
                    CoordinatorFrame.newBuilder()
                            .setSumAborted(SumAborted.newBuilder().setSum(aborted.sum)));
            site.awaitPhase(aborted.sum, "abandoned");
        }
        coordinator.nextSum();
        talk(SumKind.TRAIN, 2, 2).run();
        assertThat(kept(sites.getFirst())).containsExactly("run-1.safetensors");
        assertThat(Safetensors.read(own(sites.getFirst())).metadata())
                .containsEntry("round", "2")
                .containsEntry("attempt", "2");
        assertThat(Safetensors.read(own(sites.getFirst())).values()).isNotEqualTo(after);
    }

    @Test
    void aSumOfOtherTensorsOrWithAnotherControlVariateIsRefused() throws Exception {
        Conversation without = talk(SumKind.TRAIN, 1, 1);
        without.control = ByteString.EMPTY;
        InvitationReply reply = without.invite(sites.getFirst());
        assertThat(reply.getAccepted()).isFalse();
        assertThat(reply.getReason()).contains("control variate");

        for (boolean ofTensors : new boolean[] {true, false}) {
            Conversation talk = talk(SumKind.TRAIN, ofTensors ? 2 : 3, 1);
            talk.inviteAll();
            SecureSumConfig.Builder other = talk.config().toBuilder();
            ByteString another = ByteString.copyFrom(new byte[32]);
            coordinator.send(
                    "A",
                    CoordinatorFrame.newBuilder()
                            .setSecureSumConfig(coordinator.signing.sign(
                                    (ofTensors ? other.setSharedSha256(another) : other.setControlSha256(another))
                                            .build())));
            assertThat(coordinator
                            .await("A", BodyCase.STEP_FAILED)
                            .getStepFailed()
                            .getReason())
                    .contains(ofTensors ? "tensors" : "control variate");
        }
    }
}
