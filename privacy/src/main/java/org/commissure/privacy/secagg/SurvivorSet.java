package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.CheckOpening;
import org.commissure.protocol.v1.CheckValue;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.SurvivorVote;

/**
 * R3 and R4: U3 ⊆ U2, the parties whose masked vectors are summed. Immutable.
 *
 * @param members U3
 * @param headersSha256 SHA-256 of all R3 payloads in index order: which vectors are summed
 * @param commitments to the parts of R7's challenge, by index; empty without R7
 */
record SurvivorSet(SortedSet<Integer> members, ByteString headersSha256, SortedMap<Integer, ByteString> commitments) {

    /** One signed R3 by itself, made with exactly the sharers U2. */
    static MaskedHeader openHeader(KeyRoster roster, SortedSet<Integer> sharers, Signed signed) throws SecAggException {
        SumParties parties = roster.parties();
        MaskedHeader header = parties.open(Steps.HEADER, signed, MaskedHeader.parser(), MaskedHeader::getIndex);
        String peer = parties.name(header.getIndex());
        roster.requireHash(Steps.HEADER, header.getIndex(), header.getRosterHash());
        if (!sharers.contains(header.getIndex())) {
            throw new SecAggException(Steps.HEADER, peer, "it dealt no shares, so its mask could never be removed");
        }
        if (!header.getSharersBitmap().equals(Bitmaps.of(sharers, parties.size()))) {
            throw new SecAggException(Steps.HEADER, peer, "it was delivered the shares of other sites");
        }
        if (header.getVectorBytes()
                        != parties.config().getDimension() * parties.ring().bytes()
                || header.getVectorSha256().size() != 32) {
            throw new SecAggException(Steps.HEADER, peer, "its vector has the wrong length");
        }
        if (header.getCheckCommitment().size() != (parties.config().getSumCheck() ? Seeds.BYTES : 0)) {
            throw new SecAggException(
                    Steps.HEADER, peer, "its commitment for the sum's check is missing or has the wrong length");
        }
        return header;
    }

    static SurvivorSet verify(KeyRoster roster, SortedSet<Integer> sharers, SurvivorProposal proposal)
            throws SecAggException {
        SumParties parties = roster.parties();
        parties.requireSum(Steps.PROPOSAL, proposal.getSum());
        SortedMap<Integer, MaskedHeader> headers = new TreeMap<>();
        ByteString all = ByteString.EMPTY;
        for (Signed signed : proposal.getMaskedHeaderList()) {
            MaskedHeader header = openHeader(roster, sharers, signed);
            if (!headers.isEmpty() && header.getIndex() <= headers.lastKey()) {
                throw refused("its headers are not distinct and in the order of the parties");
            }
            headers.put(header.getIndex(), header);
            all = all.concat(signed.getPayload());
        }
        if (!proposal.getSurvivorsBitmap().equals(Bitmaps.of(headers.keySet(), parties.size()))) {
            throw refused("its survivors are not those whose headers it shows");
        }
        if (headers.size() < parties.fewestSites()) {
            throw refused("it has " + headers.size() + " survivors, but a sum needs " + parties.fewestSites());
        }
        SortedMap<Integer, ByteString> commitments = new TreeMap<>();
        if (parties.config().getSumCheck()) {
            headers.forEach((index, header) -> commitments.put(index, header.getCheckCommitment()));
        }
        return new SurvivorSet(new TreeSet<>(headers.keySet()), SignedMessages.sha256(all), commitments);
    }

    /** One signed R4 by itself: a survivor's, for exactly this set and these vectors. */
    SurvivorVote openVote(KeyRoster roster, Signed signed) throws SecAggException {
        SurvivorVote vote = roster.parties().open(Steps.VOTE, signed, SurvivorVote.parser(), SurvivorVote::getIndex);
        String peer = roster.parties().name(vote.getIndex());
        roster.requireHash(Steps.VOTE, vote.getIndex(), vote.getRosterHash());
        if (!members.contains(vote.getIndex())) {
            throw new SecAggException(Steps.VOTE, peer, "it votes, but is not among the survivors");
        }
        if (!vote.getSurvivorsBitmap().equals(bitmap(roster.parties().size()))) {
            throw new SecAggException(Steps.VOTE, peer, "it voted for another survivor set");
        }
        if (!vote.getHeadersSha256().equals(headersSha256)) {
            throw new SecAggException(Steps.VOTE, peer, "it voted for other masked vectors of the same sites");
        }
        return vote;
    }

    /** One signed R7 by itself: a survivor's part of the challenge, to which its header committed. */
    CheckOpening openOpening(KeyRoster roster, Signed signed, ByteString resultSha256) throws SecAggException {
        CheckOpening opening =
                roster.parties().open(Steps.OPENING, signed, CheckOpening.parser(), CheckOpening::getIndex);
        int from = opening.getIndex();
        requireSurvivor(roster, Steps.OPENING, from, opening.getRosterHash());
        String peer = roster.parties().name(from);
        if (!opening.getResultSha256().equals(resultSha256)) {
            throw new SecAggException(Steps.OPENING, peer, "it was shown another result");
        }
        if (!SumCheck.commitment(opening.getNonce(), from, roster.hash()).equals(commitments.get(from))) {
            throw new SecAggException(Steps.OPENING, peer, "its part of the challenge is not what it committed to");
        }
        return opening;
    }

    /** One signed R7 by itself: a survivor's value for exactly this challenge. */
    CheckValue openValue(KeyRoster roster, Signed signed, ByteString challenge) throws SecAggException {
        CheckValue value = roster.parties().open(Steps.VALUE, signed, CheckValue.parser(), CheckValue::getIndex);
        requireSurvivor(roster, Steps.VALUE, value.getIndex(), value.getRosterHash());
        if (!value.getChallenge().equals(challenge)) {
            throw new SecAggException(
                    Steps.VALUE, roster.parties().name(value.getIndex()), "it answers another challenge");
        }
        return value;
    }

    private void requireSurvivor(KeyRoster roster, String step, int from, ByteString rosterHash)
            throws SecAggException {
        roster.requireHash(step, from, rosterHash);
        if (!members.contains(from)) {
            throw new SecAggException(step, roster.parties().name(from), "it is not among the survivors");
        }
    }

    ByteString bitmap(int parties) {
        return Bitmaps.of(members, parties);
    }

    private static SecAggException refused(String symptom) {
        return new SecAggException(Steps.PROPOSAL, Steps.COORDINATOR, symptom);
    }
}
