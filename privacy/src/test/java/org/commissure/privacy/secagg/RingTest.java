package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums in rings of 16, 24, 32 and 64 bits. */
class RingTest {
    private static final int DIMENSION = MaskStream.CHUNK + 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32, 64})
    void theSumIsExactUpToTheOverflowEdgeAndUploadsAreAsShortAsTheRing(int bits) throws Exception {
        int n = 4;
        long largest = (1L << bits - 1 - 2) - 2; // n · (largest + 1) is just below 2^(bits - 1)
        double bound = bits == 64 ? Math.nextDown(Math.scalb(1.0, 61)) : largest;
        EncodingBound.check(n, bound, 0, bits);
        SumFixture sum = new SumFixture(
                folder,
                n,
                DIMENSION,
                config -> config.setRingBits(bits).setScaleLog2(0).setValueBound(bound));
        SplittableRandom random = new SplittableRandom(bits);
        Map<Integer, long[]> vectors = new TreeMap<>();
        for (int index = 1; index <= n; index++) {
            long[] vector = random.longs(DIMENSION, -largest, largest + 1).toArray();
            vector[0] = largest + 1; // rounded up
            vector[1] = -largest - 1;
            vectors.put(index, vector);
        }
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        Map<Integer, PlainVector> plain = new TreeMap<>();
        vectors.forEach((index, vector) -> plain.put(index, new Given(vector)));
        RingVector opened = sum.openVector(sum.maskAll(shared, plain));
        for (int i = 0; i < DIMENSION; i++) {
            int at = i;
            assertThat(opened.get(i))
                    .isEqualTo(vectors.values().stream()
                            .mapToLong(vector -> vector[at])
                            .sum());
        }
        assertThat(opened.get(0)).isEqualTo((1L << bits - 1) - 4);
        assertThat(Files.size(sum.file(1))).isEqualTo((long) DIMENSION * bits / 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32, 64})
    void theMasksOfADroppedSiteAreRemovedInEveryRing(int bits) throws Exception {
        SumFixture sum = new SumFixture(
                folder, 4, DIMENSION, config -> config.setRingBits(bits).setScaleLog2(0));
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        Map<Integer, int[]> vectors = sum.zeros();
        vectors.remove(2);
        assertThat(sum.open(sum.mask(shared, vectors))).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32, 64})
    void oneStepBeyondTheEdgeIsRefusedBeforeTraining(int bits) {
        double edge = Math.scalb(1.0, bits - 1) / 4 - 1;
        assertThatCode(() -> EncodingBound.check(4, Math.min(edge - 1, Math.nextDown(edge)), 0, bits))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> EncodingBound.check(4, edge, 0, bits))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(bits + "-bit");
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Given(long[] elements) implements PlainVector {
        @Override
        public int length() {
            return elements.length;
        }

        @Override
        public void copyTo(RingVector chunk, int from, int count) {
            for (int i = 0; i < count; i++) {
                chunk.set(i, elements[from + i]);
            }
        }
    }
}
