package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums in rings of 16, 24 and 32 bits. */
class RingTest {
    private static final int DIMENSION = MaskStream.CHUNK + 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void theSumIsExactUpToTheOverflowEdgeAndUploadsAreAsShortAsTheRing(int bits) throws Exception {
        int n = 4;
        int largest = (1 << bits - 1 - 2) - 2; // n · (largest + 1) is just below 2^(bits - 1)
        EncodingBound.check(n, largest, 0, bits);
        SumFixture sum = new SumFixture(
                folder,
                n,
                DIMENSION,
                config -> config.setRingBits(bits).setScaleLog2(0).setValueBound(largest));
        SplittableRandom random = new SplittableRandom(bits);
        Map<Integer, int[]> vectors = new TreeMap<>();
        for (int index = 1; index <= n; index++) {
            int[] vector = random.ints(DIMENSION, -largest, largest + 1).toArray();
            vector[0] = largest + 1; // rounded up
            vector[1] = -largest - 1;
            vectors.put(index, vector);
        }
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        int[] plain = IntStream.range(0, DIMENSION)
                .map(i ->
                        vectors.values().stream().mapToInt(vector -> vector[i]).sum())
                .toArray();
        assertThat(sum.open(sum.mask(shared, vectors))).isEqualTo(plain);
        assertThat(plain[0]).isEqualTo((1 << bits - 1) - 4);
        assertThat(Files.size(sum.file(1))).isEqualTo((long) DIMENSION * bits / 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void theMasksOfADroppedSiteAreRemovedInEveryRing(int bits) throws Exception {
        SumFixture sum = new SumFixture(
                folder, 4, DIMENSION, config -> config.setRingBits(bits).setScaleLog2(0));
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        Map<Integer, int[]> vectors = sum.zeros();
        vectors.remove(2);
        assertThat(sum.open(sum.mask(shared, vectors))).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void oneStepBeyondTheEdgeIsRefusedBeforeTraining(int bits) {
        double edge = Math.scalb(1.0, bits - 1) / 4 - 1;
        assertThatCode(() -> EncodingBound.check(4, edge - 1, 0, bits)).doesNotThrowAnyException();
        assertThatThrownBy(() -> EncodingBound.check(4, edge, 0, bits))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(bits + "-bit");
    }
}
