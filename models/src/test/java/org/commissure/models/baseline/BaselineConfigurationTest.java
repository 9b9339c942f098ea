package org.commissure.models.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.brainlm.RandomCoordinates;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaselineConfigurationTest {
    private static final float[][] PLACES = RandomCoordinates.of(4, 1);

    @Test
    void presetsAndTokensAreAsBrainLmCounts() {
        var c = BaselineConfiguration.of(Family.CONV3D, 4, 20, 5, PLACES);
        assertThat(c.preset()).isEqualTo("conv3d");
        assertThat(c.tokens()).isEqualTo(16);
        assertThat(c.windowLength()).isEqualTo(80);
        assertThat(c).isEqualTo(BaselineConfiguration.of(Family.CONV3D, 4, 20, 5, PLACES));
        assertThat(c).isNotEqualTo(BaselineConfiguration.of(Family.CONV3D, 4, 20, 10, PLACES));
    }

    @Test
    void layoutsNameEveryTensorOnce() {
        assertThat(names(Family.LSTM))
                .containsExactly(
                        "lstm.0.input.weight [2, 28, 8]",
                        "lstm.0.recurrent.weight [2, 28, 7]",
                        "lstm.0.bias [2, 28]",
                        "output.weight [4, 14]",
                        "output.bias [4]");
        assertThat(names(Family.MLP))
                .containsExactly(
                        "dense.0.weight [7, 48]", "dense.0.bias [7]", "output.weight [40, 7]", "output.bias [40]");
        assertThat(names(Family.CONV3D))
                .containsExactly(
                        "conv.0.bias [7]",
                        "conv.0.weight [7, 12, 3, 3, 3]",
                        "output.bias [10]",
                        "output.weight [10, 7, 1, 1, 1]");
    }

    private static List<String> names(Family family) {
        var c = new BaselineConfiguration(family, 4, 10, 5, List.of(7), 30, 0.5, PLACES);
        return c.layout().tensors().stream()
                .map(t -> t.name() + " " + t.shape())
                .toList();
    }

    @Test
    void parcelsInOnePlaceGetCellsOfTheirOwn() {
        float[][] places = {{0, 0, 0}, {0, 0, 0}, {1, 0, 0}, {50, 50, 50}};
        var grid = new ParcelGrid(places, 20);
        assertThat(List.of(grid.size(0), grid.size(1), grid.size(2))).containsExactly(3, 3, 3);
        int[] cells = IntStream.range(0, 4).map(grid::cell).toArray();
        assertThat(Arrays.stream(cells).distinct().count()).isEqualTo(4);
        assertThat(cells[0]).isZero();
        assertThat(cells[3]).isEqualTo(26);
    }

    @Test
    void aGridThatDoesNotFitIsRefused() {
        float[][] line = {{0, 0, 0}, {10, 0, 0}, {20, 0, 0}};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParcelGrid(line, 15))
                .withMessageContaining("no place for 3 parcels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParcelGrid(line, 1e-9))
                .withMessageContaining("use larger");
    }

    @Test
    void shapesOutOfRangeAreRefused() {
        refused("not a multiple", 4, 10, 4, List.of(7), 0.5);
        refused("parcels = 0", 0, 10, 5, List.of(7), 0.5);
        refused("widths is empty", 4, 10, 5, List.of(), 0.5);
        refused("width = 0", 4, 10, 5, List.of(3, 0), 0.5);
        refused("maskRatio", 4, 10, 5, List.of(7), 1);
        refused("maskRatio", 4, 10, 5, List.of(7), 0);
        refused("rows for 5 parcels", 5, 10, 5, List.of(7), 0.5);
        refused("too many", 4, 1 << 30, 1, List.of(7), 0.5);
    }

    @Test
    void moreParametersThanAnIntCountsAreRefused() {
        var c = new BaselineConfiguration(Family.MLP, 4, 1 << 20, 1 << 18, List.of(1 << 16), 30, 0.5, PLACES);
        assertThatIllegalArgumentException().isThrownBy(c::layout).withMessageContaining("parameters");
    }

    private static void refused(
            String why, int parcels, int windowFrames, int patchFrames, List<Integer> widths, double maskRatio) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BaselineConfiguration(
                        Family.MLP, parcels, windowFrames, patchFrames, widths, 30, maskRatio, PLACES))
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aSeedDeterminesTheFirstParameters(Family family) {
        var c = BaselineConfiguration.of(family, 4, 20, 5, PLACES);
        float[] parameters = BaselineInitialisation.parameters(c, 5);
        assertThat(parameters).containsExactly(BaselineInitialisation.parameters(c, 5));
        assertThat(parameters).isNotEqualTo(BaselineInitialisation.parameters(c, 6));
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            if (tensor.name().startsWith("lstm") && tensor.name().endsWith("bias")) {
                assertThat(parameters[tensor.offset() + 127]).isZero();
                assertThat(parameters[tensor.offset() + 128]).isEqualTo(1);
                assertThat(parameters[tensor.offset() + 256]).isZero();
                assertThat(parameters[tensor.offset() + 512 + 128]).isEqualTo(1);
            }
        }
    }
}
