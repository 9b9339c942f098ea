package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AveragedSumTest {
    private static final int LOCAL = 2;

    @TempDir
    private Path folder;

    private ModelStore models;
    private ModelStore.StoredModel model;

    /** Tensors of one, two and two parameters; the norm's lie in the middle. */
    @BeforeEach
    void write() throws Exception {
        models = new ModelStore(folder);
        Map<String, Integer> lengths = new LinkedHashMap<>();
        lengths.put("body", 1);
        lengths.put("vit.layernorm.weight", LOCAL);
        lengths.put("tail", 2);
        model = models.zeros(lengths);
    }

    private static String study(String keys, String tables) {
        return Studies.text(2, 1, 60).replace("seed = 1\n[model]", keys + "seed = 1\n" + tables + "[model]");
    }

    private RunState run(String text) throws Exception {
        SharedPart part = ModelStore.shared(model, StudyFile.parse(text).study());
        Map<String, ByteString> sites =
                Map.of("A", ByteString.EMPTY, "B", ByteString.EMPTY, "C", ByteString.EMPTY, "D", ByteString.EMPTY);
        return RunMachine.start(new RunEvent.RunStarted(
                        0,
                        "r",
                        "f",
                        text,
                        model.sha256(),
                        model.parameterCount(),
                        sites,
                        Set.of(),
                        ByteString.EMPTY,
                        part.length(),
                        part.sha256(),
                        models.zerosLike(model).sha256()))
                .state()
                .withSum(new Sum(1, SumKind.TRAIN, 1), 0, ByteString.EMPTY);
    }

    /** Opens a sum whose decoded values are those, of that many of four sites. */
    private RunEvent.SumComputed open(RunState run, int survivors, float... values) throws Exception {
        Script script = new Script(run.plan().file().text(), 5).sum().begin().upTo(Step.ADVERTISE_KEYS);
        Transcript transcript =
                Transcript.of(((Exchanging) script.run.phase()).transcript().config());
        for (int index = 1; index <= survivors; index++) {
            transcript = transcript.with(Step.MASKED_HEADER, index, Signed.getDefaultInstance());
        }
        FixedPoint encoding = SumEncoding.fixedPoint(transcript.config());
        RingVector sum = RingVector.zeros(new Ring(32), values.length);
        encoding.encode(values, 0, values.length, 1, sum, 0, RandomGenerator.of("L64X128MixRandom"));
        return AveragedSum.computed(run, transcript, models, sum, ByteString.EMPTY, 1);
    }

    @Test
    void onlyTheSharedTensorsMoveAndTheVectorIsShorterByTheOthers() throws Exception {
        RunState run = run(study("", "[training.local]\ntensors = [\"normalisation\"]\n"));
        assertThat(run.plan().sharedCount()).isEqualTo(3);
        assertThat(SumEncoding.of(
                                run.plan().study(), SumKind.TRAIN, 1, run.plan().sharedCount(), 4)
                        .dimension())
                .isEqualTo(3 + 1);
        // ΣwΔ/W of the three shared parameters, then Σw/W.
        double[] next = models.open(open(run, 4, 0.5f, -0.25f, 0.125f, 0.5f).modelSha256())
                .values();
        assertThat(next).containsExactly(new double[] {1, 0, 0, -0.5, 0.25}, within(1e-5));
    }

    @Test
    void theServersControlVariateMovesByTheShareOfSitesThatSurvived() throws Exception {
        RunState run = run(study("correction = \"scaffold\"\n", "[training.partial]\nfrozen = [\"*layernorm*\"]\n"));
        RunEvent.SumComputed opened = open(run, 3, 0.5f, 0, 0, -0.25f, 0.5f, 0.125f, 0.5f);
        ByteString control = Objects.requireNonNull(opened.nextControlSha256());
        assertThat(models.open(opened.modelSha256()).values())
                .containsExactly(new double[] {1, 0, 0, 0, 0}, within(1e-5));
        assertThat(models.open(control).values())
                .containsExactly(new double[] {-0.5 * 3 / 4, 0, 0, 0.75, 0.25 * 3 / 4}, within(1e-5));
        // Opened again after a crash, from the same numbers.
        assertThat(open(run, 3, 0.5f, 0, 0, -0.25f, 0.5f, 0.125f, 0.5f).modelSha256())
                .isEqualTo(opened.modelSha256());
    }

    @Test
    void aSumOfAnotherLengthGivesNoModel() throws Exception {
        RunState run = run(study("correction = \"scaffold\"\n", ""));
        assertThatThrownBy(() -> open(run, 3, 0.5f, 0.5f, 0.5f)).isInstanceOf(UpdateStep.UnusableSumException.class);
    }

    @Test
    void everySiteIsToldWhichTensorsAndWhichControlVariateTheSumIsAbout() {
        Script script = new Script(study("correction = \"scaffold\"\n", ""), 5);
        assertThat(script.run.announcedControl()).isEmpty();
        assertThat(script.sum().begin().run.announcedControl()).isEqualTo(script.run.controlSha256());
    }

    @Test
    void namesThatTheModelLacksAreRefusedWithThoseItHas() {
        assertThatThrownBy(() -> run(study("", "[training.local]\ntensors = [\"encoder.*\"]\n")))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("training.local.tensors names 'encoder.*'")
                .hasMessageContaining(String.join(", ", List.of("body", "vit.layernorm.weight", "tail")));
        assertThatThrownBy(() -> run(
                        study("", "[training.local]\ntensors = [\"*\"]\n[training.partial]\nfrozen = [\"tail\"]\n")))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("which training.local.tensors names too");
        assertThatThrownBy(() -> run(study("", "[training.local]\ntensors = [\"*\"]\n")))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("leaves no tensor");
    }
}
