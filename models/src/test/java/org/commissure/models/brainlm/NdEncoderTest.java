package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.reference.ReferenceNumbers;
import org.commissure.models.weights.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The engine's blocks against the same in ND4J, and that against the original's code. */
class NdEncoderTest {

    @ParameterizedTest
    @EnumSource(Variant.class)
    void theEngineEmbedsAsNd4jDoes(Variant variant) {
        Stack stack = new Stack(24, 1, 3, 40);
        var c = new BrainLmConfiguration(
                variant, 11, 12, 4, stack, stack, Loss.MSE, 1e-6, 0, 0.5, RandomCoordinates.of(11, 4));
        ModelCase given = ModelCase.random(c, 0.5, 21);
        var reference = new NdEncoder(c.layout(), given.parameters(), stack, 1e-6);
        INDArray rows = embedded(reference, c, given.window());
        INDArray out = variant == Variant.COMMISSURE
                ? reference.preNormBlock("vit.encoder.layer.0", rows)
                : reference.postNormBlock("vit.encoder.layer.0", rows);
        out = reference.norm("vit.layernorm", out);
        try (var model = new BrainLm(c, 1)) {
            model.loadParameters(given.parameters());
            Embedding embedding = model.embed(given.window());
            for (int j = 0; j < stack.width(); j++) {
                double mean = 0;
                for (int row = 1; row <= c.tokens(); row++) {
                    mean += out.getDouble(row, j) / c.tokens();
                }
                assertThat((double) embedding.cls()[j]).isCloseTo(out.getDouble(0, j), within(1e-5));
                assertThat((double) embedding.mean()[j]).isCloseTo(mean, within(1e-5));
            }
        }
    }

    /** CLS, then {@code signal + place + time} of every token in natural order. */
    private static INDArray embedded(NdEncoder reference, BrainLmConfiguration c, float[] window) {
        float[][] places = c.variant() == Variant.COMMISSURE ? c.unitCoordinates() : c.coordinatesMillimetres();
        int width = c.encoder().width();
        INDArray signal = reference.linear(
                "vit.embeddings.signal_embedding_projection", NdEncoder.matrix(window, 0, c.tokens(), c.patchFrames()));
        INDArray xyz = NdEncoder.matrix(new float[3 * c.tokens()], 0, c.tokens(), 3);
        INDArray time = signal.like();
        for (int token = 0; token < c.tokens(); token++) {
            for (int axis = 0; axis < 3; axis++) {
                xyz.putScalar(token, axis, places[token / c.patches()][axis]);
            }
            for (int j = 0; j < width; j++) {
                double angle = token % c.patches() / Math.pow(10_000, (j - j % 2) / (double) width);
                time.putScalar(token, j, j % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
            }
        }
        INDArray body = signal.add(reference.linear("vit.embeddings.xyz_embedding_projection", xyz))
                .add(time);
        return Nd4j.vstack(reference.tensor("vit.embeddings.cls_token").reshape(1, width), body);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void postNormBlocksAreTheOriginals(int layer) throws IOException {
        Path reference = ReferenceNumbers.folder("reference/brainlm/tiny");
        Safetensors.Contents weights = Safetensors.read(reference.resolve("weights.safetensors"));
        var encoder = new NdEncoder(weights.layout(), weights.values(), new Stack(32, 2, 4, 64), 1e-12);
        float[] before = ReferenceNumbers.floats(reference.resolve("outputs/encoder_hidden_" + layer + ".npy"));
        float[] after = ReferenceNumbers.floats(reference.resolve("outputs/encoder_hidden_" + (layer + 1) + ".npy"));
        int rows = before.length / 2 / 32;
        for (int sample = 0; sample < 2; sample++) {
            int from = sample * rows * 32;
            INDArray out =
                    encoder.postNormBlock("vit.encoder.layer." + layer, NdEncoder.matrix(before, from, rows, 32));
            for (int i = 0; i < rows * 32; i++) {
                assertThat(out.getDouble(i / 32, i % 32)).isCloseTo(after[from + i], within(2e-5));
            }
        }
    }

    @Test
    void geluIsThatOfErf() {
        // Φ(2) = 0.977249868…, so GELU(2) = 1.954499736…
        INDArray x = Nd4j.createFromArray(2.0, 0.0, -1.0);
        INDArray y = NdEncoder.gelu(x);
        assertThat(y.getDouble(0)).isCloseTo(1.954499736, within(1e-8));
        assertThat(y.getDouble(1)).isZero();
        assertThat(y.getDouble(2)).isCloseTo(-0.158655254, within(1e-8));
    }
}
