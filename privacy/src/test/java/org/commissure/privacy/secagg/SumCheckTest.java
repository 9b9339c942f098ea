package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.privacy.secagg.SumFixture.assertRefused;

import com.google.protobuf.ByteString;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CheckChallenge;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.CheckOpening;
import org.commissure.protocol.v1.CheckValue;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 13, an altered sum: the survivors check together what was released. */
class SumCheckTest {
    private static final int DIMENSION = MaskStream.CHUNK + 7;

    @TempDir
    Path folder;

    private SumFixture sum;
    private SurvivorProposal proposal;
    private RingVector opened;

    @BeforeEach
    void openIn32Bits() throws Exception {
        open(32);
    }

    /** Four sites, of which the second drops out, up to the opened sum. */
    private void open(int bits) throws Exception {
        sum = new SumFixture(
                Files.createTempDirectory(folder, "sum"),
                4,
                DIMENSION,
                config -> config.setRingBits(bits).setScaleLog2(0).setSumCheck(true));
        SplittableRandom random = new SplittableRandom(bits);
        Map<Integer, int[]> vectors = new TreeMap<>();
        for (int index : new int[] {1, 3, 4}) {
            vectors.put(index, random.ints(DIMENSION, -1000, 1001).toArray());
        }
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        proposal = sum.mask(shared, vectors);
        opened = sum.openVector(proposal);
        sum.sites.remove(2);
    }

    private Signed result(ByteString sumSha256) {
        return sum.coordinator.sign(AggregateResult.newBuilder()
                .setSum(sum.sum.config().getSum())
                .setRosterHash(sum.sum.rosterHash())
                .setSurvivorsBitmap(proposal.getSurvivorsBitmap())
                .setSumSha256(sumSha256)
                .build());
    }

    private Map<Integer, Signed> openings(Signed result) throws SecAggException {
        Map<Integer, Signed> openings = new TreeMap<>();
        for (var site : sum.sites.entrySet()) {
            Signed opening = site.getValue().openCheck(result);
            openings.put(sum.sum.checkOpening(opening, SignedMessages.sha256(result.getPayload())), opening);
        }
        return openings;
    }

    private CheckChallenge challenge(Map<Integer, Signed> openings) {
        return CheckChallenge.newBuilder()
                .setSum(sum.sum.config().getSum())
                .addAllMaskedHeader(proposal.getMaskedHeaderList())
                .addAllOpening(openings.values())
                .build();
    }

    private CheckEvidence evidence(Signed result, Map<Integer, Signed> openings) throws Exception {
        CheckEvidence.Builder evidence =
                CheckEvidence.newBuilder().setSum(sum.sum.config().getSum());
        for (int index : sum.sites.keySet()) {
            Signed value = sum.site(index).proveSum(challenge(openings), sum.file(index));
            assertThat(sum.sum.checkValue(value, SignedMessages.sha256(result.getPayload()), openings))
                    .isEqualTo(index);
            evidence.addValue(value);
        }
        return evidence.build();
    }

    private Path write(RingVector vector) throws Exception {
        Path file = folder.resolve("sum");
        try (OutputStream out = Files.newOutputStream(file)) {
            vector.writeTo(out);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32, 64})
    void anHonestSumPassesAtEverySurvivorAlsoAfterRestartsAndAnAlteredOneAtNone(int bits) throws Exception {
        open(bits);
        Signed result = result(opened.sha256());
        sum.restartAll();
        Map<Integer, Signed> openings = openings(result);
        sum.restartAll();
        CheckEvidence evidence = evidence(result, openings);
        sum.restartAll();
        for (SiteSum site : sum.sites.values()) {
            SumVerification verification = site.verification(evidence);
            assertThat(verification.sumBytes()).isEqualTo(DIMENSION * (bits == 64 ? 8L : 4L));
            verification.check(write(opened));
        }
        long honest = opened.get(DIMENSION - 1);
        opened.set(DIMENSION - 1, honest + 1);
        for (SiteSum site : sum.sites.values()) {
            assertRefused(
                    () -> site.verification(evidence).check(write(opened)),
                    "sum check",
                    "coordinator",
                    "does not have the SHA-256 that the coordinator signed");
        }
    }

    @Test
    void anAlteredSumWhoseHashWasSignedIsNoticedByEverySurvivor() throws Exception {
        opened.set(3, opened.get(3) + 5);
        Signed result = result(opened.sha256());
        CheckEvidence evidence = evidence(result, openings(result));
        for (SiteSum site : sum.sites.values()) {
            assertRefused(
                    () -> site.verification(evidence).check(write(opened)),
                    "sum check",
                    "coordinator",
                    "the released sum was altered: it is not the sum of what the survivors contributed");
        }
    }

    @Test
    void aSecondResultIsRefusedOnceThePartOfTheChallengeIsTold() throws Exception {
        SiteSum site = sum.site(1);
        Signed first = site.openCheck(result(opened.sha256()));
        assertThat(site.openCheck(result(opened.sha256()))).isEqualTo(first);
        Signed other = result(SignedMessages.sha256(ByteString.copyFromUtf8("another sum")));
        assertRefused(() -> site.openCheck(other), "aggregate result", "coordinator", "a second, different result");
        sum.restartAll();
        assertRefused(
                () -> sum.site(1).openCheck(other), "aggregate result", "coordinator", "a second, different result");
    }

    @Test
    void aPartOfTheChallengeThatWasChosenLaterIsRefused() throws Exception {
        Signed result = result(opened.sha256());
        Map<Integer, Signed> openings = openings(result);
        CheckOpening chosen = CheckOpening.parseFrom(
                        Objects.requireNonNull(openings.get(3)).getPayload())
                .toBuilder()
                .setNonce(ByteString.copyFrom(new byte[32]))
                .build();
        openings.put(3, sum.identity(3).sign(chosen));
        assertRefused(
                () -> sum.site(1).proveSum(challenge(openings), sum.file(1)),
                "check opening",
                "site-03",
                "its part of the challenge is not what it committed to");
        openings.remove(3);
        assertRefused(
                () -> sum.site(1).proveSum(challenge(openings), sum.file(1)),
                "check challenge",
                "coordinator",
                "it does not show the parts of all survivors");
    }

    @Test
    void evidenceThatLacksASurvivorOrShowsOneTwiceIsRefused() throws Exception {
        Signed result = result(opened.sha256());
        CheckEvidence evidence = evidence(result, openings(result));
        SiteSum site = sum.site(1);
        assertRefused(
                () -> site.verification(evidence.toBuilder().removeValue(2).build()),
                "check value",
                "coordinator",
                "it does not show the values of all survivors");
        assertRefused(
                () -> site.verification(
                        evidence.toBuilder().addValue(evidence.getValue(0)).build()),
                "check value",
                "coordinator",
                "a value twice");
    }

    @Test
    void aValueByItselfTellsNothingOfItsVector() throws Exception {
        Signed result = result(opened.sha256());
        Map<Integer, Signed> openings = openings(result);
        CheckEvidence evidence = evidence(result, openings);
        CheckValue own = CheckValue.parseFrom(evidence.getValue(0).getPayload());
        SumCheck.InnerProduct bare = new SumCheck.InnerProduct(own.getChallenge());
        RingVector plain = RingVector.zeros(new Ring(32), DIMENSION);
        int[] vector = new SplittableRandom(32).ints(DIMENSION, -1000, 1001).toArray();
        for (int i = 0; i < DIMENSION; i++) {
            plain.set(i, vector[i]);
        }
        RingVector chunk = RingVector.zeros(new Ring(32), MaskStream.CHUNK);
        for (int from = 0; from < DIMENSION; from += MaskStream.CHUNK) {
            int count = Math.min(MaskStream.CHUNK, DIMENSION - from);
            for (int i = 0; i < count; i++) {
                chunk.set(i, plain.get(from + i));
            }
            bare.add(chunk, count);
        }
        assertThat(own.getValue()).isNotEqualTo(bare.value());
    }

    @Test
    void theInnerProductIsThatOfWholeNumbers() throws Exception {
        ByteString challenge = SignedMessages.sha256(ByteString.copyFromUtf8("challenge"));
        long[] values = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE + 1, (1L << 61) - 1, 1L << 61, -(1L << 61), 12_345};
        RingVector chunk = RingVector.zeros(new Ring(64), values.length);
        Cipher stream = Cipher.getInstance("AES/CTR/NoPadding");
        stream.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(challenge.toByteArray(), "AES"),
                new IvParameterSpec(new byte[16]));
        ByteBuffer r =
                ByteBuffer.wrap(stream.update(new byte[8 * values.length])).order(ByteOrder.LITTLE_ENDIAN);
        BigInteger prime = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < values.length; i++) {
            chunk.set(i, values[i]);
            expected = expected.add(
                    BigInteger.valueOf(r.getLong() & (1L << 61) - 1).multiply(BigInteger.valueOf(values[i])));
        }
        SumCheck.InnerProduct product = new SumCheck.InnerProduct(challenge);
        product.add(chunk, values.length);
        assertThat(BigInteger.valueOf(product.value())).isEqualTo(expected.mod(prime));
    }
}
