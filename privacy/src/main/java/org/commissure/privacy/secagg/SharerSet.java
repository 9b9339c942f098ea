package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;

/**
 * R2: U2 ⊆ U1, the parties that dealt shares in time. Immutable.
 *
 * @param messages by index
 * @param digest SHA-256 of all R2 payloads in index order
 */
record SharerSet(SortedMap<Integer, ShareKeys> messages, ByteString digest) {

    /** One signed R2 by itself: a commitment, and one envelope for each other party of the roster. */
    static ShareKeys open(KeyRoster roster, Signed signed) throws SecAggException {
        ShareKeys shares = roster.parties().open(Steps.SHARE, signed, ShareKeys.parser(), ShareKeys::getIndex);
        int from = shares.getIndex();
        roster.requireMember(Steps.SHARE, from);
        roster.requireHash(Steps.SHARE, from, shares.getRosterHash());
        if (shares.getSelfSeedCommitment().size() != Seeds.BYTES) {
            throw refused(roster, from, "its commitment does not have 32 bytes");
        }
        SortedSet<Integer> expected = roster.members();
        expected.remove(from);
        if (!shares.getToList().stream().map(ShareEnvelope::getTo).toList().equals(List.copyOf(expected))) {
            throw refused(roster, from, "its envelopes are not one for each other party of the roster");
        }
        for (ShareEnvelope envelope : shares.getToList()) {
            if (envelope.getSealed().size() != ShareEnvelopes.SEALED_BYTES) {
                throw refused(roster, from, "an envelope has the wrong length");
            }
        }
        return shares;
    }

    /** @param shared in ascending index order */
    static SharerSet verify(KeyRoster roster, List<Signed> shared) throws SecAggException {
        SortedMap<Integer, ShareKeys> messages = new TreeMap<>();
        ByteString all = ByteString.EMPTY;
        for (Signed signed : shared) {
            ShareKeys message = open(roster, signed);
            if (!messages.isEmpty() && message.getIndex() <= messages.lastKey()) {
                throw new SecAggException(
                        Steps.DELIVERY,
                        Steps.COORDINATOR,
                        "its messages are not distinct and in the order of the parties");
            }
            messages.put(message.getIndex(), message);
            all = all.concat(signed.getPayload());
        }
        if (messages.size() < roster.parties().fewestSites()) {
            throw new SecAggException(
                    Steps.DELIVERY,
                    Steps.COORDINATOR,
                    "it has shares of " + messages.size() + " sites, but a sum needs "
                            + roster.parties().fewestSites());
        }
        return new SharerSet(messages, SignedMessages.sha256(all));
    }

    /** U2. */
    SortedSet<Integer> members() {
        return new TreeSet<>(messages.keySet());
    }

    ByteString commitment(int index) {
        ShareKeys message = messages.get(index);
        if (message == null) {
            throw new IllegalArgumentException("party " + index + " dealt no shares");
        }
        return message.getSelfSeedCommitment();
    }

    private static SecAggException refused(KeyRoster roster, int from, String symptom) {
        return new SecAggException(Steps.SHARE, roster.parties().name(from), symptom);
    }
}
