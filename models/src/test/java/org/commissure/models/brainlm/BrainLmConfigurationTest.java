package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BrainLmConfigurationTest {
    private static final float[][] TWO = {{-60, 10, 0}, {40, 10, 20}};

    @Test
    void coordinatesAreCentredAndScaledByTheLargestHalfExtent() {
        var c = new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 2, 8, TWO);
        assertThat(c.unitCoordinates()[0]).containsExactly(-1, 0, -0.2f);
        assertThat(c.unitCoordinates()[1]).containsExactly(1, 0, 0.2f);
    }

    @Test
    void laterChangesOfTheCallersArrayDoNotReachTheConfiguration() {
        float[][] mine = {{0, 0, 0}, {1, 1, 1}};
        var c = new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 2, 8, mine);
        mine[0][0] = 9;
        c.coordinatesMillimetres()[1][1] = 9;
        assertThat(c).isEqualTo(new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 2, 8, new float[][] {{0, 0, 0}, {1, 1, 1}}));
    }

    @Test
    void impossibleShapesAreRefusedByName() {
        refused("windowFrames", () -> new BrainLmConfiguration(2, 5, 2, 4, 1, 1, 2, 8, TWO));
        refused("hidden = 5 is odd", () -> new BrainLmConfiguration(2, 4, 2, 5, 1, 1, 1, 8, TWO));
        refused("heads = 3", () -> new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 3, 8, TWO));
        refused("3 parcels", () -> new BrainLmConfiguration(3, 4, 2, 4, 1, 1, 2, 8, TWO));
        refused("layers = 0", () -> new BrainLmConfiguration(2, 4, 2, 4, 0, 1, 2, 8, TWO));
        refused(
                "not finite",
                () -> new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 2, 8, new float[][] {{0, 0, Float.NaN}, {0, 0, 0}}));
        refused("tokens", () -> new BrainLmConfiguration(2, 140_000, 2, 4, 1, 1, 2, 8, TWO));
    }

    @Test
    void theLayoutHasTheOriginalsNamesAndNoGaps() {
        var layout = BrainLmLayout.of(new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 2, 8, TWO));
        assertThat(layout.tensor("vit.embeddings.signal_embedding_projection.weight")
                        .shape())
                .containsExactly(4, 2);
        assertThat(layout.tensor("decoder.decoder_layers.0.intermediate.dense.weight")
                        .shape())
                .containsExactly(8, 4);
        int at = 0;
        for (var tensor : layout.tensors()) {
            assertThat(tensor.offset()).isEqualTo(at);
            at += tensor.length();
        }
        assertThat(layout.parameterCount()).isEqualTo(at);
        // The fused projection of the engine relies on this order.
        assertThat(layout.tensor("vit.encoder.layer.0.attention.self.value.weight")
                        .offset())
                .isEqualTo(layout.tensor("vit.encoder.layer.0.attention.self.query.weight")
                                .offset()
                        + 2 * 16);
    }

    @Test
    void theRepetitionTimeAddsTwoVectorsAndMovesNothingElse() {
        var without = new BrainLmConfiguration(2, 4, 2, 4, 1, 1, 2, 8, TWO);
        var with = without.withRepetitionTimeEmbedding();
        assertThat(with).isNotEqualTo(without);
        var names = new ArrayList<>(
                with.layout().tensors().stream().map(t -> t.name()).toList());
        assertThat(names.remove("vit.embeddings.repetition_time_projection.weight"))
                .isTrue();
        assertThat(names.remove("decoder.decoder_repetition_time_projection.weight"))
                .isTrue();
        assertThat(names)
                .isEqualTo(
                        without.layout().tensors().stream().map(t -> t.name()).toList());
        assertThat(with.layout().parameterCount()).isEqualTo(without.layout().parameterCount() + 8);
        var presets = (BrainLmConfiguration) Presets.named(Presets.BRAINLM_13M, TWO, 40, 20);
        refused("the original has no embedding of the repetition time", presets::withRepetitionTimeEmbedding);
    }

    private static void refused(String problem, org.assertj.core.api.ThrowableAssert.ThrowingCallable make) {
        assertThatIllegalArgumentException().isThrownBy(make).withMessageContaining(problem);
    }
}
