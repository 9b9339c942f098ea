package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole sums, compared with plain integer sums. */
class SecureSumTest {
    /** More than two mask chunks, and no multiple of one. */
    private static final int DIMENSION = 2 * MaskStream.CHUNK + 17;

    private static final Ring RING = new Ring(32);

    /** Where a site falls silent. */
    enum Silence {
        AFTER_KEY_EXCHANGE,
        AFTER_SHARING,
        AFTER_UPLOAD,
        BEFORE_UNMASK
    }

    record Case(int n, Map<Integer, Silence> silent, boolean restarts) {}

    @TempDir
    Path folder;

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(3, Map.of(), false));
        cases.add(new Case(3, Map.of(), true));
        for (Silence silence : Silence.values()) {
            for (int n : new int[] {4, 5}) {
                for (int index = 1; index <= n; index++) {
                    cases.add(new Case(n, Map.of(index, silence), index == 1));
                }
            }
            cases.add(new Case(10, Map.of(1, silence, 5, silence, 10, silence), true));
        }
        cases.add(new Case(
                10, Map.of(2, Silence.AFTER_KEY_EXCHANGE, 3, Silence.AFTER_SHARING, 9, Silence.BEFORE_UNMASK), false));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSumIsExactWhoeverFallsSilent(Case example) throws Exception {
        long seed = example.hashCode();
        System.out.println(example + " seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, int[]> vectors = new TreeMap<>();
        for (int index = 1; index <= example.n(); index++) {
            vectors.put(index, random.ints(DIMENSION).toArray());
        }
        SumFixture sum = new SumFixture(folder, example.n(), DIMENSION);
        int[] released = run(sum, vectors, example.silent(), example.restarts());

        int[] plain = new int[DIMENSION];
        vectors.forEach((index, vector) -> {
            for (int i = 0; i < DIMENSION && sum.sum.survivors().contains(index); i++) {
                plain[i] += vector[i];
            }
        });
        assertThat(released).isEqualTo(plain);
        Set<Integer> expected = new TreeSet<>(vectors.keySet());
        example.silent().forEach((index, silence) -> {
            if (silence.compareTo(Silence.AFTER_SHARING) <= 0) {
                expected.remove(index);
            }
        });
        assertThat(sum.sum.survivors()).isEqualTo(expected);
    }

    @Test
    void theSumOfUpdatesIsThePlainSumToFixedPointResolution() throws Exception {
        int n = 5;
        SumFixture sum = new SumFixture(folder, n, DIMENSION);
        FixedPoint fixedPoint = new FixedPoint(RING, 20, 1);
        SplittableRandom random = new SplittableRandom(20_251);
        Map<Integer, int[]> vectors = new HashMap<>();
        double[] plain = new double[DIMENSION];
        for (int index = 1; index <= n; index++) {
            float[] update = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                update[i] = (float) random.nextDouble(-1, 1);
            }
            double factor = index / (double) n;
            for (int i = 0; i < DIMENSION; i++) {
                plain[i] += index == 2 ? 0 : update[i] * factor;
            }
            RingVector encoded = RingVector.zeros(RING, DIMENSION);
            fixedPoint.encode(update, 0, DIMENSION, factor, encoded, 0, random);
            vectors.put(index, encoded.toInts());
        }
        int[] released = run(sum, vectors, Map.of(2, Silence.AFTER_SHARING), false);
        for (int i = 0; i < DIMENSION; i++) {
            assertThat(fixedPoint.decode(released[i])).isCloseTo(plain[i], within(n / Math.scalb(1.0, 20)));
        }
    }

    @Test
    void theLargestValuesOfEverybodyDoNotOverflow() throws Exception {
        int n = 4;
        double bound = (Math.scalb(1.0, 31) - 1) / n - 2; // n · (B + 1) just below 2^31 at scale 1
        EncodingBound.check(n, Math.floor(bound), 0, 32);
        int largest = (int) Math.floor(bound);
        SumFixture sum = new SumFixture(folder, n, 2);
        Map<Integer, int[]> vectors = new TreeMap<>();
        for (int index = 1; index <= n; index++) {
            vectors.put(index, new int[] {largest + 1, -largest - 1});
        }
        long exact = n * (largest + 1L);
        assertThat(run(sum, vectors, Map.of(), false)).containsExactly((int) exact, (int) -exact);
        assertThat(exact).isLessThan(Integer.MAX_VALUE);
    }

    @Test
    void aMaskedVectorLooksNothingLikeItsContent() throws Exception {
        SumFixture sum = new SumFixture(folder, 4, DIMENSION);
        sum.untilProposal(); // all vectors are zero
        byte[] masked = Files.readAllBytes(sum.file(1));
        int ones = 0;
        for (byte b : masked) {
            ones += Integer.bitCount(b & 0xff);
        }
        assertThat(ones / (8.0 * masked.length)).isCloseTo(0.5, within(0.01));
    }

    private static int[] run(
            SumFixture sum, Map<Integer, int[]> vectors, Map<Integer, Silence> silent, boolean restarts)
            throws Exception {
        Roster roster = sum.advertise();
        restart(sum, restarts);
        Map<Integer, Signed> shared = sum.share(roster, alive(vectors, silent, Silence.AFTER_KEY_EXCHANGE));
        restart(sum, restarts);
        Map<Integer, int[]> masked = new TreeMap<>(vectors);
        masked.keySet().retainAll(alive(vectors, silent, Silence.AFTER_SHARING));
        SurvivorProposal proposal = sum.mask(shared, masked);
        restart(sum, restarts);
        Map<Integer, Signed> votes = sum.vote(proposal, alive(vectors, silent, Silence.AFTER_UPLOAD));
        restart(sum, restarts);
        UnmaskRequest request = sum.sum.request(votes);
        List<UnmaskShares> answers = new ArrayList<>();
        for (int index : alive(vectors, silent, Silence.BEFORE_UNMASK)) {
            answers.add(sum.sum.checkUnmask(sum.site(index).unmask(request)));
        }
        MaskedSum total = sum.sum.maskedSum();
        for (Signed header : proposal.getMaskedHeaderList()) {
            MaskedHeader opened = sum.sum.checkHeader(header);
            try (InputStream in = Files.newInputStream(sum.file(opened.getIndex()))) {
                total.add(in, opened);
            }
        }
        return new Unmasker(sum.sum, answers).removeMasks(total).toInts();
    }

    private static Set<Integer> alive(Map<Integer, int[]> vectors, Map<Integer, Silence> silent, Silence at) {
        Set<Integer> alive = new TreeSet<>(vectors.keySet());
        silent.forEach((index, silence) -> {
            if (silence.compareTo(at) <= 0) {
                alive.remove(index);
            }
        });
        return alive;
    }

    private static void restart(SumFixture sum, boolean restarts) throws SecAggException {
        if (restarts) {
            sum.restartAll();
        }
    }
}
