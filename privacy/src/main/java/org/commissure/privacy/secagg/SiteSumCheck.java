package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CheckChallenge;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.CheckOpening;
import org.commissure.protocol.v1.CheckValue;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.SurvivorVote;

/** R7 at one site, of {@link SiteSum}: {@link SumCheck} says what it shows. Not thread-safe. */
final class SiteSumCheck {
    private final SiteSecrets secrets;
    private final KeyRoster keys;
    private final SigningIdentity me;
    private final int index;

    SiteSumCheck(SiteSecrets secrets, KeyRoster keys, SigningIdentity me, int index) {
        this.secrets = secrets;
        this.keys = keys;
        this.me = me;
        this.index = index;
    }

    /** @param signed whose signature is the coordinator's */
    Signed open(Signed signed) throws SecAggException {
        AggregateResult result = parsed(signed);
        keys.parties().requireSum(Steps.RESULT, result.getSum());
        ByteString sha256 = SignedMessages.sha256(signed.getPayload());
        if (secrets.opening != null) {
            if (!sha256.equals(secrets.resultSha256)) {
                throw refused(Steps.RESULT, "it is a second, different result in one attempt");
            }
            return secrets.opening;
        }
        if (secrets.unmasked == null || !keys.parties().config().getSumCheck()) {
            throw refused(Steps.RESULT, "it asks for a check that is not due");
        }
        if (!result.getRosterHash().equals(keys.hash())
                || !result.getSurvivorsBitmap().equals(vote().getSurvivorsBitmap())) {
            throw refused(Steps.RESULT, "it is of other survivors than this site voted for");
        }
        secrets.resultSha256 = sha256;
        secrets.sumSha256 = result.getSumSha256();
        secrets.opening = me.sign(CheckOpening.newBuilder()
                .setRosterHash(keys.hash())
                .setIndex(index)
                .setResultSha256(sha256)
                .setNonce(Seeds.checkNonce(secrets.keySeed, keys.hash(), index))
                .build());
        return secrets.opening;
    }

    /**
     * @param masked this site's masked vector as it travelled
     * @param masks all that are in it, to be taken away
     */
    Signed prove(CheckChallenge asked, Path masked, List<MaskStream> masks) throws SecAggException, IOException {
        keys.parties().requireSum(Steps.CHALLENGE, asked.getSum());
        SurvivorSet survivors = survivors(asked);
        ByteString challenge = challenge(asked, survivors);
        if (secrets.checkValue != null) {
            if (!challenge.equals(value(secrets.checkValue).getChallenge())) {
                throw refused(Steps.CHALLENGE, "it is a second, different challenge in one attempt");
            }
            return secrets.checkValue;
        }
        long value = product(masked, masks, challenge);
        for (int peer : survivors.members()) {
            byte[] seed = secrets.pairSeeds.get(peer);
            if (seed != null && peer > index) {
                value = SumCheck.add(value, Seeds.checkMask(seed, keys.hash(), index, peer));
            } else if (seed != null && peer < index) {
                value = SumCheck.subtract(value, Seeds.checkMask(seed, keys.hash(), peer, index));
            }
        }
        secrets.checkValue = me.sign(CheckValue.newBuilder()
                .setRosterHash(keys.hash())
                .setIndex(index)
                .setChallenge(challenge)
                .setValue(value)
                .build());
        return secrets.checkValue;
    }

    /** What the released sum must show, as all survivors say together. */
    SumVerification verification(CheckEvidence evidence) throws SecAggException {
        keys.parties().requireSum(Steps.VALUE, evidence.getSum());
        Signed own = secrets.checkValue;
        ByteString sum = secrets.sumSha256;
        if (own == null || sum == null) {
            throw refused(Steps.VALUE, "it comes before this site gave its own");
        }
        SurvivorSet survivors = new SurvivorSet(
                Bitmaps.indices(vote().getSurvivorsBitmap(), keys.parties().size()), ByteString.EMPTY, new TreeMap<>());
        ByteString challenge = value(own).getChallenge();
        SortedSet<Integer> seen = new TreeSet<>();
        long total = 0;
        for (Signed signed : evidence.getValueList()) {
            CheckValue value = survivors.openValue(keys, signed, challenge);
            if (!seen.add(value.getIndex())) {
                throw refused(Steps.VALUE, "it shows a value twice");
            }
            total = SumCheck.add(total, value.getValue());
        }
        if (!seen.equals(survivors.members()) || !evidence.getValueList().contains(own)) {
            throw refused(Steps.VALUE, "it does not show the values of all survivors, or not this site's");
        }
        return new SumVerification(
                keys.parties().ring(), (int) keys.parties().config().getDimension(), sum, challenge, total);
    }

    /** The set that this site voted for, with the commitments of its members. */
    private SurvivorSet survivors(CheckChallenge asked) throws SecAggException {
        SurvivorVote vote = vote();
        SurvivorSet survivors = SurvivorSet.verify(
                keys,
                new TreeSet<>(secrets.shares.keySet()),
                SurvivorProposal.newBuilder()
                        .setSum(asked.getSum())
                        .setSurvivorsBitmap(vote.getSurvivorsBitmap())
                        .addAllMaskedHeader(asked.getMaskedHeaderList())
                        .build());
        if (!survivors.headersSha256().equals(vote.getHeadersSha256())) {
            throw refused(Steps.CHALLENGE, "its headers are not those that this site voted for");
        }
        return survivors;
    }

    private ByteString challenge(CheckChallenge asked, SurvivorSet survivors) throws SecAggException {
        ByteString result = secrets.resultSha256;
        if (result == null) {
            throw refused(Steps.CHALLENGE, "it comes before the result");
        }
        SortedMap<Integer, ByteString> nonces = new TreeMap<>();
        for (Signed signed : asked.getOpeningList()) {
            CheckOpening opening = survivors.openOpening(keys, signed, result);
            nonces.put(opening.getIndex(), opening.getNonce());
        }
        if (!nonces.keySet().equals(survivors.members())) {
            throw refused(Steps.CHALLENGE, "it does not show the parts of all survivors");
        }
        return SumCheck.challenge(result, nonces);
    }

    /** ⟨r, x⟩ of this site's own vector, which is the masked one without the masks. */
    private long product(Path masked, List<MaskStream> masks, ByteString challenge) throws IOException {
        Ring ring = keys.parties().ring();
        int length = (int) keys.parties().config().getDimension();
        SumCheck.InnerProduct product = new SumCheck.InnerProduct(challenge);
        byte[] wire = new byte[MaskStream.CHUNK * ring.bytes()];
        byte[] keystream = MaskStream.newKeystream();
        try (InputStream in = Files.newInputStream(masked)) {
            for (int done = 0; done < length; done += MaskStream.CHUNK) {
                int count = Math.min(MaskStream.CHUNK, length - done);
                if (in.readNBytes(wire, 0, count * ring.bytes()) != count * ring.bytes()) {
                    throw new IOException("the masked vector is shorter than it was");
                }
                RingVector chunk = RingVector.zeros(ring, count);
                chunk.addPacked(wire, 0, count);
                for (MaskStream mask : masks) {
                    mask.apply(chunk, 0, count, keystream);
                }
                chunk.centre();
                product.add(chunk, count);
            }
        }
        return product.value();
    }

    private SurvivorVote vote() throws SecAggException {
        Signed vote = secrets.vote;
        if (vote == null) {
            throw refused(Steps.RESULT, "it comes before this site voted");
        }
        try {
            return SurvivorVote.parseFrom(vote.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an own vote that cannot be decoded", e);
        }
    }

    private static CheckValue value(Signed own) {
        try {
            return CheckValue.parseFrom(own.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an own value that cannot be decoded", e);
        }
    }

    private static AggregateResult parsed(Signed signed) throws SecAggException {
        try {
            return AggregateResult.parseFrom(signed.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw refused(Steps.RESULT, "it cannot be decoded");
        }
    }

    private static SecAggException refused(String step, String symptom) {
        return new SecAggException(step, Steps.COORDINATOR, symptom);
    }
}
