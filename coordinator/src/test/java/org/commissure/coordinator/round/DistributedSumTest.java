package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributedSumTest {
    private static final ByteString NOTHING = ByteString.copyFrom(new byte[32]);
    private static final double CLIP = 0.8;

    @TempDir
    private Path folder;

    @Test
    void theModelStepsAgainstTheSumDividedByTheExpectedNumberOfPatients() throws Exception {
        Opened opened = open(study("5.0", ""), 3, new int[] {0, 0, 0, 0});
        int unit = (int) opened.noise.unitsPerClip();
        opened = open(study("5.0", ""), 3, new int[] {unit, -2 * unit, 0, 5});
        // Learning rate 0.1, q 0.5, 8 patients at each of 3 survivors: 12 are expected.
        double step = 0.1 * CLIP / 12;
        assertThat(opened.model[0]).isCloseTo((float) -step, within(1e-7f));
        assertThat(opened.model[1]).isCloseTo((float) (2 * step), within(1e-7f));
        assertThat(opened.model[2]).isZero();
        assertThat(opened.event.nextClipNorm()).isNull();
    }

    @Test
    void aStepIsShortenedToTheStudysBound() throws Exception {
        Opened opened = open(study("0.001", ""), 4, new int[] {3_000_000, 4_000_000, 0, 0});
        assertThat(opened.model[0]).isCloseTo(-0.0006f, within(1e-7f));
        assertThat(opened.model[1]).isCloseTo(-0.0008f, within(1e-7f));
    }

    @Test
    void theClipNormFollowsTheNoisedCount() throws Exception {
        String adaptive = "clip_quantile = 0.5\nclip_learning_rate = 0.2\ncount_noise_multiplier = 20.0\n";
        Opened opened = open(study("5.0", adaptive), 3, new int[] {0, 0, 0, 0, 0});
        // Of 12 expected patients nine were not clipped: votes 9 − 3, b̄ = 0.75.
        opened = open(study("5.0", adaptive), 3, new int[] {0, 0, 0, 0, (int) (6 * opened.noise.unitsPerVote())});
        assertThat(opened.event.nextClipNorm()).isCloseTo(CLIP * Math.exp(-0.2 * 0.25), within(1e-12));
    }

    @Test
    void aSumOfAnotherLengthGivesNoModel() {
        assertThatThrownBy(() -> open(study("5.0", ""), 3, new int[] {0, 0, 0}))
                .isInstanceOf(UpdateStep.UnusableSumException.class);
    }

    private record Opened(RunEvent.SumComputed event, DistributedNoise noise, float[] model) {
        @Override
        public String toString() {
            return "Opened[" + event + "]";
        }
    }

    /** A sum of four parties about a model of four zeros. */
    private Opened open(String text, int survivors, int[] sum) throws Exception {
        ModelStore models = new ModelStore(folder);
        ModelStore.StoredModel model = models.zeros(Map.of("w", 4));
        RunState run = RunMachine.start(
                        new RunEvent.RunStarted(0, "r", "f", text, model.sha256(), 4, Map.of(), Set.of(), NOTHING))
                .state()
                .withSum(new Sum(1, SumKind.TRAIN, 1), 0, NOTHING);
        SecureSumConfig.Builder config = SecureSumConfig.newBuilder()
                .setThreshold(Study.threshold(4))
                .setMaxColluders(1)
                .setClipNorm(CLIP);
        for (String site : new String[] {"A", "B", "C", "D"}) {
            config.addParty(Party.newBuilder().setSite(site));
        }
        Transcript transcript = Transcript.of(config.build());
        for (int index = 1; index <= survivors; index++) {
            transcript = transcript.with(Step.MASKED_HEADER, index, Signed.getDefaultInstance());
        }
        RunEvent.SumComputed event = DistributedSum.computed(run, transcript, models, ring(sum), NOTHING, 1);
        float[] values = new float[4];
        try (InputStream in = models.open(event.modelSha256()).data(0)) {
            ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
        }
        DistributedNoise noise = DistributedNoise.of(run.plan().study(), 4, 4, Study.threshold(4), 1);
        return new Opened(event, noise, values);
    }

    private static RingVector ring(int[] elements) {
        RingVector vector = RingVector.zeros(new Ring(Integer.SIZE), elements.length);
        PlainVector.of(elements).copyTo(vector, 0, elements.length);
        return vector;
    }

    private static String study(String longestStep, String more) {
        return Studies.text(1, 1, 5)
                .replace("mode = \"none\"", "mode = \"distributed\"\npatients_per_site = 8\n" + more.strip())
                .replace("noise_multiplier = 0.0", "noise_multiplier = 1.5")
                .replace("update_clip_norm = 1.0", "update_clip_norm = " + longestStep);
    }
}
