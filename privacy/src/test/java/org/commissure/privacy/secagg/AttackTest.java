package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.commissure.privacy.secagg.SumFixture.assertRefused;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.Share;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;
import org.junit.jupiter.api.Test;

/** Attacks on a sum of five sites with threshold 4: each is refused with its symptom, peer and step. */
class AttackTest extends SumOfFive {
    @Test
    void aReplayedAttemptIsRefused() throws Exception {
        SurvivorProposal proposal = sum.untilProposal();
        Map<Integer, Signed> votes = sum.vote(proposal, sum.sites.keySet());
        Signed oldKey = sum.site(2).advertiseKeys();
        CoordinatorSum old = sum.sum;

        sum.config = sum.coordinator.sign(sum.config(8, 2).build());
        sum.sum = CoordinatorSum.of(sum.config, sum.coordinator.certificate(), sum.verifier);
        Roster roster = sum.advertise();
        assertRefused(() -> sum.sum.checkAdvertise(oldKey), "advertise keys", "site-02", "another configuration");
        assertRefused(
                () -> sum.site(1)
                        .shareKeys(roster.toBuilder().setAdvertise(1, oldKey).build()),
                "advertise keys",
                "site-02",
                "another configuration");
        SurvivorProposal next = sum.mask(sum.share(roster, sum.sites.keySet()), sum.zeros());
        assertRefused(
                () -> sum.site(1).vote(proposal), "survivor proposal", "coordinator", "another sum, round or attempt");
        sum.vote(next, sum.sites.keySet());
        assertRefused(
                () -> sum.site(1).unmask(old.request(votes)),
                "unmask request",
                "coordinator",
                "another sum, round or attempt");
        UnmaskRequest oldVotes =
                old.request(votes).toBuilder().setSum(sum.sum.config().getSum()).build();
        assertRefused(
                () -> sum.site(1).unmask(oldVotes),
                "survivor vote",
                "site-01",
                "a different roster, or answers another attempt");
    }

    @Test
    void differentRostersForDifferentSitesAreNoticed() throws Exception {
        Roster all = sum.advertise();
        Roster four = all.toBuilder().removeAdvertise(4).build();
        Map<Integer, Signed> shared = new TreeMap<>();
        shared.put(1, sum.site(1).shareKeys(four));
        for (int index = 2; index <= 5; index++) {
            shared.put(index, sum.site(index).shareKeys(all));
        }
        assertRefused(
                () -> sum.site(2).receiveShares(sum.delivery(shared, 2)),
                "share keys",
                "site-01",
                "it was shown a different roster");
        assertRefused(
                () -> sum.site(1).shareKeys(all), "roster", "coordinator", "a second, different roster in one attempt");
        sum.restartAll();
        assertRefused(
                () -> sum.site(1).shareKeys(all), "roster", "coordinator", "a second, different roster in one attempt");
    }

    @Test
    void differentSharersForDifferentSitesAreNoticed() throws Exception {
        Map<Integer, Signed> all = sum.share(sum.advertise(), sum.sites.keySet());
        Map<Integer, Signed> four = new TreeMap<>(all);
        four.remove(5);
        Map<Integer, Signed> headers = new TreeMap<>();
        for (int index = 1; index <= 5; index++) {
            sum.site(index).receiveShares(sum.delivery(index == 1 ? four : all, index));
            headers.put(index, sum.site(index).mask(PlainVector.of(new int[8]), sum.file(index)));
        }
        assertRefused(
                () -> sum.site(2).vote(sum.sum.proposal(headers)),
                "masked header",
                "site-01",
                "it was delivered the shares of other sites");
        assertRefused(
                () -> sum.site(1).receiveShares(sum.delivery(all, 1)),
                "share delivery",
                "coordinator",
                "a second, different delivery");
    }

    @Test
    void aSecondSurvivorSetIsRefusedAlsoAfterARestart() throws Exception {
        SurvivorProposal all = sum.untilProposal();
        SurvivorProposal four = without(all, 5);
        byte[] first = sum.site(1).vote(all).toByteArray();
        assertRefused(() -> sum.site(1).vote(four), "survivor proposal", "coordinator", "a second survivor set");
        sum.restartAll();
        assertRefused(() -> sum.site(1).vote(four), "survivor proposal", "coordinator", "a second survivor set");
        assertThat(sum.site(1).vote(all).toByteArray()).isEqualTo(first);
    }

    @Test
    void nobodyCanBeBothDroppedAndAlive() throws Exception {
        SurvivorProposal all = sum.untilProposal();
        SurvivorProposal four = without(all, 5);
        Map<Integer, Signed> votes = new TreeMap<>();
        for (int index = 1; index <= 4; index++) {
            votes.put(index, sum.site(index).vote(index <= 2 ? all : four));
        }
        assertRefused(
                () -> sum.site(1).unmask(sum.sum.request(votes)),
                "survivor vote",
                "site-03",
                "it voted for another survivor set");
        votes.keySet().removeAll(Set.of(3, 4));
        assertRefused(
                () -> sum.site(1).unmask(sum.sum.request(votes)),
                "unmask request",
                "coordinator",
                "the votes of 2 sites, but the threshold is 4");
        UnmaskRequest repeated = UnmaskRequest.newBuilder()
                .setSum(sum.sum.config().getSum())
                .addAllVote(java.util.Collections.nCopies(4, sum.site(1).vote(all)))
                .build();
        assertRefused(() -> sum.site(1).unmask(repeated), "unmask request", "coordinator", "the votes of 1 sites");
    }

    @Test
    void aSiteRevealsOneShareOfEachPartyAndNeverBoth() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        Map<Integer, int[]> vectors = sum.zeros();
        vectors.remove(2);
        UnmaskShares answer = UnmaskShares.parseFrom(answer(1, shared, vectors).getPayload());
        assertThat(answer.getSelfMaskList().stream().map(Share::getOwner)).containsExactly(1, 3, 4, 5);
        assertThat(answer.getSiteKeyList().stream().map(Share::getOwner)).containsExactly(2);
    }

    @Test
    void tooFewSurvivorsAreRefused() throws Exception {
        SurvivorProposal three = without(without(sum.untilProposal(), 5), 4);
        assertRefused(
                () -> sum.site(1).vote(three),
                "survivor proposal",
                "coordinator",
                "it has 3 survivors, but a sum needs 4");
    }

    @Test
    void aProposalWithoutOrWithAnAlteredOwnVectorIsRefused() throws Exception {
        SurvivorProposal all = sum.untilProposal();
        assertRefused(
                () -> sum.site(5).vote(without(all, 5)),
                "survivor proposal",
                "coordinator",
                "it lacks the masked vector that this site uploaded");
        Signed header = all.getMaskedHeader(0);
        MaskedHeader other = MaskedHeader.parseFrom(header.getPayload()).toBuilder()
                .setVectorSha256(ByteString.copyFrom(new byte[32]))
                .build();
        SurvivorProposal altered = all.toBuilder()
                .setMaskedHeader(0, header.toBuilder().setPayload(other.toByteString()))
                .build();
        assertRefused(() -> sum.site(2).vote(altered), "masked header", "site-01", "does not fit the message");
        SurvivorProposal bitmap = all.toBuilder()
                .setSurvivorsBitmap(Bitmaps.of(Set.of(1, 2, 3, 4), 5))
                .build();
        assertRefused(
                () -> sum.site(2).vote(bitmap), "survivor proposal", "coordinator", "not those whose headers it shows");
    }

    @Test
    void otherVectorsOfTheSameSitesAreNotOpened() throws Exception {
        SurvivorProposal all = sum.untilProposal();
        MaskedHeader again = MaskedHeader.parseFrom(all.getMaskedHeader(4).getPayload()).toBuilder()
                .setVectorSha256(ByteString.copyFrom(new byte[32]))
                .build();
        SurvivorProposal other =
                all.toBuilder().setMaskedHeader(4, sum.identity(5).sign(again)).build();
        Map<Integer, Signed> votes = new TreeMap<>();
        votes.put(1, sum.site(1).vote(all));
        for (int index = 2; index <= 4; index++) {
            votes.put(index, sum.site(index).vote(other));
        }
        assertRefused(
                () -> sum.site(1).unmask(sum.sum.request(votes)),
                "survivor vote",
                "site-02",
                "other masked vectors of the same sites");
    }

    @Test
    void anUploadThatIsNotWhatTheSiteSignedIsRefusedAndSpoilsTheSum() throws Exception {
        SurvivorProposal all = sum.untilProposal();
        MaskedHeader header = sum.sum.checkHeader(all.getMaskedHeader(0));
        byte[] bytes = Files.readAllBytes(sum.file(1));
        bytes[3] ^= 1;
        MaskedSum total = sum.sum.maskedSum();
        assertRefused(
                () -> total.add(new ByteArrayInputStream(bytes), header),
                "masked header",
                "site-01",
                "does not have the SHA-256 that it signed");
        assertThatThrownBy(() -> total.add(new ByteArrayInputStream(bytes), header))
                .isInstanceOf(IllegalStateException.class);
        assertRefused(
                () -> sum.sum.maskedSum().add(new ByteArrayInputStream(bytes, 0, 31), header),
                "masked header",
                "site-01",
                "shorter");
        assertRefused(
                () -> sum.sum.maskedSum().add(new ByteArrayInputStream(new byte[33]), header),
                "masked header",
                "site-01",
                "longer");
    }

    @Test
    void aForgedShareIsTracedToItsForger() throws Exception {
        for (boolean ofKey : new boolean[] {false, true}) {
            SumFixture ten = new SumFixture(folder.resolve("ten" + ofKey), 10, 8);
            sum = ten;
            Map<Integer, Signed> shared = ten.share(ten.advertise(), ten.sites.keySet());
            Map<Integer, int[]> vectors = sum.zeros();
            vectors.remove(4);
            Signed honest = answer(3, shared, vectors); // fixes the survivors
            UnmaskShares.Builder forged = UnmaskShares.parseFrom(honest.getPayload()).toBuilder();
            Share.Builder share = ofKey ? forged.getSiteKeyBuilder(0) : forged.getSelfMaskBuilder(5);
            share.setY(ByteString.copyFrom(new byte[32]));
            List<UnmaskShares> answers = new ArrayList<>();
            for (int index : ten.sum.survivors()) {
                answers.add(
                        index == 3
                                ? ten.sum.checkUnmask(ten.identity(3).sign(forged.build()))
                                : ten.sum.checkUnmask(ten.site(index).unmask(request)));
            }
            MaskedSum total = sum.total();
            assertRefused(
                    () -> new Unmasker(ten.sum, answers).removeMasks(total),
                    "unmask",
                    "site-03",
                    "does not fit the others': it forged it");
            List<UnmaskShares> exactlyEnough = answers.subList(0, 7);
            assertRefused(
                    () -> new Unmasker(ten.sum, exactlyEnough).removeMasks(total),
                    "unmask",
                    ofKey ? "site-04" : "site-07",
                    "does not match what it published");
            answers.removeIf(answer -> answer.getIndex() == 3);
            assertThat(new Unmasker(ten.sum, answers).removeMasks(total).toInts())
                    .containsOnly(0);
        }
    }

    @Test
    void sharesThatAreDuplicateOrOfTheOtherKindAreRefused() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        Map<Integer, int[]> vectors = sum.zeros();
        vectors.remove(2);
        UnmaskShares honest = UnmaskShares.parseFrom(answer(1, shared, vectors).getPayload());
        assertUnmaskRefused(honest.toBuilder().addSelfMask(honest.getSelfMask(0)), "it sends a share twice");
        assertUnmaskRefused(honest.toBuilder().addSelfMask(honest.getSiteKey(0)), "of the other kind");
        assertUnmaskRefused(honest.toBuilder().clearSiteKey(), "of the other kind");
        assertUnmaskRefused(honest.toBuilder().setIndex(2), "it speaks as party 2, but is 1");
        UnmaskShares.Builder shortShare = honest.toBuilder();
        shortShare.getSelfMaskBuilder(0).setY(ByteString.EMPTY);
        assertUnmaskRefused(shortShare, "a share does not have 32 bytes");
        List<UnmaskShares> same = List.of(honest, honest, honest, honest);
        assertRefused(() -> new Unmasker(sum.sum, same), "unmask", "coordinator", "only 1 sites revealed shares");
    }

    @Test
    void stepsOutOfOrderAreRefused() throws Exception {
        SurvivorProposal proposal = sum.untilProposal();
        SiteSum fresh = sum.begin(1, sum.config);
        assertRefused(
                () -> fresh.mask(PlainVector.of(new int[8]), sum.file(9)),
                "mask",
                "coordinator",
                "it comes before the roster");
        assertRefused(() -> fresh.vote(proposal), "survivor proposal", "coordinator", "before the roster");
        assertRefused(
                () -> sum.site(1).unmask(sum.sum.request(Map.of())),
                "unmask request",
                "coordinator",
                "before this site voted");
    }

    private UnmaskRequest request = UnmaskRequest.getDefaultInstance();

    /** Everybody with a vector masks and votes; the answer of one of them. */
    private Signed answer(int index, Map<Integer, Signed> shared, Map<Integer, int[]> vectors) throws SecAggException {
        Map<Integer, Signed> votes = sum.vote(sum.mask(shared, vectors), new TreeSet<>(vectors.keySet()));
        request = sum.sum.request(votes);
        return sum.site(index).unmask(request);
    }

    private void assertUnmaskRefused(UnmaskShares.Builder shares, String symptom) {
        Signed signed = sum.identity(1).sign(shares.build());
        assertRefused(() -> sum.sum.checkUnmask(signed), "unmask shares", "site-01", symptom);
    }

    private static SurvivorProposal without(SurvivorProposal proposal, int index) {
        TreeSet<Integer> left = new TreeSet<>(Bitmaps.indices(proposal.getSurvivorsBitmap(), 5));
        left.remove(index);
        return proposal.toBuilder()
                .setSurvivorsBitmap(Bitmaps.of(left, 5))
                .removeMaskedHeader(index - 1)
                .build();
    }
}
