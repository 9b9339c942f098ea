package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.privacy.secagg.SumFixture.assertRefused;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.AdvertiseKeys;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareHeader;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;
import org.junit.jupiter.api.Test;

/** Attacks on keys and dealt shares (R1, R2): each is refused with its symptom, peer and step. */
class KeyAttackTest extends SumOfFive {
    @Test
    void aSubstitutedKeyIsRefused() throws Exception {
        Roster roster = sum.advertise();
        SumKey.PublicKeys other = new SumKey(new byte[32], sum.sum.configHash()).publicKeys();
        AdvertiseKeys wrong = AdvertiseKeys.newBuilder()
                .setConfigHash(sum.sum.configHash())
                .setIndex(2)
                .setX25519PublicKey(other.x25519())
                .setMlkem768EncapsulationKey(other.mlKem768())
                .build();
        Signed byCoordinator = sum.coordinator.sign(wrong);
        assertRefused(
                () -> sum.site(1).shareKeys(with(roster, 2, byCoordinator)),
                "advertise keys",
                "coordinator",
                "certificate of none of the parties");
        Signed byAnother = sum.identity(3).sign(wrong);
        assertRefused(
                () -> sum.site(1).shareKeys(with(roster, 2, byAnother)),
                "advertise keys",
                "site-03",
                "it speaks as party 2, but is 3");
        Signed forged = roster.getAdvertise(1).toBuilder()
                .setPayload(wrong.toByteString())
                .build();
        assertRefused(
                () -> sum.site(1).shareKeys(with(roster, 2, forged)),
                "advertise keys",
                "site-02",
                "does not fit the message");
        Signed copied = sum.identity(2)
                .sign(wrong.toBuilder()
                        .setX25519PublicKey(key(roster.getAdvertise(4)))
                        .build());
        assertRefused(() -> sum.site(1).shareKeys(with(roster, 2, copied)), "roster", "site-05", "the same as another");
    }

    @Test
    void aKeyReplacedByThePartyItselfIsNoticedByTheParty() throws Exception {
        Roster roster = sum.advertise();
        Signed other = sum.begin(1, sum.config).advertiseKeys();
        assertRefused(
                () -> sum.site(1).shareKeys(with(roster, 1, other)),
                "roster",
                "coordinator",
                "it lacks the key that this site advertised");
    }

    @Test
    void aLowOrderPointOrABadMlKemKeyIsRefusedBothByTheCoordinatorAndBySites() throws Exception {
        Roster roster = sum.advertise();
        AdvertiseKeys honest = AdvertiseKeys.parseFrom(roster.getAdvertise(1).getPayload());
        assertKeyRefused(
                roster, honest.toBuilder().setX25519PublicKey(ByteString.copyFrom(new byte[32])), "a low-order point");
        assertKeyRefused(
                roster,
                honest.toBuilder().setX25519PublicKey(ByteString.copyFrom(new byte[31])),
                "its X25519 key does not have 32 bytes");
        assertKeyRefused(
                roster, honest.toBuilder().clearMlkem768EncapsulationKey(), "its ML-KEM-768 key does not have 1184");
        byte[] beyond = honest.getMlkem768EncapsulationKey().toByteArray();
        beyond[0] = (byte) 0xff; // the first coefficient becomes at least 3,840, beyond q = 3,329
        beyond[1] |= 0x0f;
        assertKeyRefused(
                roster,
                honest.toBuilder().setMlkem768EncapsulationKey(ByteString.copyFrom(beyond)),
                "its ML-KEM-768 key has a coefficient beyond the modulus");
    }

    private void assertKeyRefused(Roster roster, AdvertiseKeys.Builder bad, String symptom) {
        Signed signed = sum.identity(2).sign(bad.build());
        assertRefused(() -> sum.sum.checkAdvertise(signed), "advertise keys", "site-02", symptom);
        assertRefused(() -> sum.site(1).shareKeys(with(roster, 2, signed)), "advertise keys", "site-02", symptom);
    }

    @Test
    void anEnvelopeThatDoesNotOpenNamesItsSender() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        ShareKeys message = ShareKeys.parseFrom(of(shared, 3).getPayload());
        Map<Integer, Signed> altered = new TreeMap<>(shared);
        altered.put(
                3,
                resealed(
                        message,
                        1,
                        message.getTo(0).toBuilder().setSealed(message.getTo(1).getSealed())));
        assertRefused(
                () -> sum.site(1).receiveShares(sum.delivery(altered, 1)),
                "share delivery",
                "site-03",
                "its envelope for this site does not open");
        // A well-formed ciphertext that was made for another receiver gives another secret.
        altered.put(
                3,
                resealed(
                        message,
                        1,
                        message.getTo(0).toBuilder()
                                .setMlkem768Ciphertext(message.getTo(1).getMlkem768Ciphertext())));
        assertRefused(
                () -> sum.site(1).receiveShares(sum.delivery(altered, 1)),
                "share delivery",
                "site-03",
                "its envelope for this site does not open");
        sum.site(1).receiveShares(sum.delivery(shared, 1));
        assertThat(sum.site(1).mask(PlainVector.of(new int[8]), sum.file(1)).getPayload())
                .isNotEqualTo(ByteString.EMPTY);
    }

    @Test
    void anEnvelopeThatItsSenderDidNotSignIsTheCoordinators() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        ShareDelivery honest = sum.delivery(shared, 1);
        ShareDelivery.Builder flipped = honest.toBuilder();
        flipped.getEnvelopeBuilder(1).setSealed(honest.getEnvelope(0).getSealed());
        assertDeliveryRefused(flipped, "an envelope is not the one that site-03 signed");
        assertDeliveryRefused(honest.toBuilder().removeEnvelope(1), "not one of each other site that shared");
        assertDeliveryRefused(
                honest.toBuilder().setEnvelope(1, sum.delivery(shared, 2).getEnvelope(1)),
                "it holds an envelope for another site");
    }

    @Test
    void dealtSharesThatAreNotThoseOfTheirHeaderAreRefused() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        ShareKeys honest = ShareKeys.parseFrom(of(shared, 3).getPayload());
        assertShareRefused(honest.toBuilder().removeTo(0), "not one for each other party");
        assertShareRefused(
                honest.toBuilder().setTo(0, honest.getTo(1).toBuilder().setTo(1)), "not the one that its header names");
        ShareKeys other = ShareKeys.parseFrom(of(shared, 2).getPayload());
        assertShareRefused(honest.toBuilder().setHeader(other.getHeader()), "its header is that of site-02");
        Signed shortened = resealed(honest, 1, honest.getTo(0).toBuilder().setMlkem768Ciphertext(ByteString.EMPTY));
        assertRefused(() -> sum.sum.checkShareKeys(shortened), "share keys", "site-03", "the wrong length");
    }

    @Test
    void aDroppedSiteWhoseCiphertextDoesNotFollowFromItsKeySeedIsNamed() throws Exception {
        Roster roster = sum.advertise();
        Map<Integer, Signed> shared = new TreeMap<>();
        for (int index = 1; index <= 5; index++) {
            shared.put(index, sum.site(index).shareKeys(roster));
        }
        // Site 2 encapsulates to site 4 with coins of its own: everything opens, but nobody can repeat it.
        ShareKeys honest = ShareKeys.parseFrom(of(shared, 2).getPayload());
        KeyRoster keys = sum.sum.withRoster(roster).keys();
        SumKey.PublicKeys four = keys.publicKeys(4);
        byte[] keySeed = SiteSecrets.decode(sum.site(2).save()).keySeed;
        byte[] dealt;
        try (SumKey.Agreement agreed = new SumKey(keySeed, sum.sum.configHash()).send(4, four)) {
            dealt = ShareEnvelopes.open(honest.getTo(2).getSealed(), agreed, keys.hash(), 2, 4);
        }
        MlKemKey.Encapsulated made = MlKemKey.encapsulate(four.mlKem768(), new byte[32]);
        byte[] both = Arrays.copyOf(made.secret(), 64);
        System.arraycopy(
                new X25519Key(Seeds.x25519(keySeed, sum.sum.configHash())).agree(four.x25519()), 0, both, 32, 32);
        SumKey.Agreement own = new SumKey.Agreement(both, made.ciphertext());
        shared.put(
                2,
                resealed(
                        honest,
                        4,
                        honest.getTo(2).toBuilder()
                                .setMlkem768Ciphertext(made.ciphertext())
                                .setSealed(ShareEnvelopes.seal(dealt, own, keys.hash(), 2, 4, sum.random))));
        sum.sum = sum.sum.withRoster(roster).withSharers(shared, Dealt.inMessages());
        Map<Integer, int[]> vectors = sum.zeros();
        vectors.remove(2);
        UnmaskRequest request = sum.sum.request(sum.vote(sum.mask(shared, vectors), vectors.keySet()));
        List<UnmaskShares> answers = new ArrayList<>();
        for (int index : sum.sum.survivors()) {
            answers.add(sum.sum.checkUnmask(sum.site(index).unmask(request)));
        }
        MaskedSum total = sum.total();
        assertRefused(
                () -> new Unmasker(sum.sum, answers).removeMasks(total),
                "unmask",
                "site-02",
                "the ciphertext that it sent to site-04 does not follow from its key seed");
    }

    /** A site's message with another envelope and a header that names it. */
    private Signed resealed(ShareKeys honest, int to, ShareEnvelope.Builder envelope) throws Exception {
        int position =
                honest.getToList().stream().map(ShareEnvelope::getTo).toList().indexOf(to);
        ShareEnvelope other = envelope.setTo(to).build();
        ShareHeader header = ShareHeader.parseFrom(honest.getHeader().getPayload()).toBuilder()
                .setEnvelopeSha256(position, SharerSet.digest(other))
                .build();
        SigningIdentity sender = sum.identity(honest.getIndex());
        return sender.sign(honest.toBuilder()
                .setTo(position, other)
                .setHeader(sender.sign(header))
                .build());
    }

    private void assertDeliveryRefused(ShareDelivery.Builder delivery, String symptom) {
        assertRefused(() -> sum.site(1).receiveShares(delivery.build()), "share delivery", "coordinator", symptom);
    }

    private void assertShareRefused(ShareKeys.Builder message, String symptom) {
        Signed signed = sum.identity(3).sign(message.build());
        assertRefused(() -> sum.sum.checkShareKeys(signed), "share keys", "site-03", symptom);
    }

    private static ByteString key(Signed advertised) throws Exception {
        return AdvertiseKeys.parseFrom(advertised.getPayload()).getX25519PublicKey();
    }

    private static Roster with(Roster roster, int index, Signed advertised) {
        return roster.toBuilder().setAdvertise(index - 1, advertised).build();
    }

    private static Signed of(Map<Integer, Signed> messages, int index) {
        return Objects.requireNonNull(messages.get(index));
    }
}
