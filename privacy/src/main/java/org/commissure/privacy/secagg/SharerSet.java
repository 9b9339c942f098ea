package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareHeader;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;

/**
 * R2: U2 ⊆ U1, the parties that dealt shares in time. The coordinator has every envelope, a site only
 * those for itself; the signed headers bind the rest, so that both know the same U2. Immutable.
 *
 * @param commitments to each dealer's self-mask seed, by index; not the whole headers, which hold n² hashes
 * @param envelopes those that this side has
 * @param digest SHA-256 of all header payloads in index order
 */
record SharerSet(SortedMap<Integer, ByteString> commitments, Envelopes envelopes, ByteString digest) {

    /** Finds envelopes; the coordinator's are n², too many to hold. */
    @FunctionalInterface
    interface Envelopes {
        /** Empty where this side does not have it. */
        Optional<ShareEnvelope> find(int from, int to);
    }

    /** One signed R2 by itself: a header, and one envelope for each other party of the roster. */
    static ShareKeys open(KeyRoster roster, Signed signed) throws SecAggException {
        ShareKeys shares = roster.parties().open(Steps.SHARE, signed, ShareKeys.parser(), ShareKeys::getIndex);
        ShareHeader header = openHeader(roster, shares.getHeader());
        int from = shares.getIndex();
        if (header.getIndex() != from) {
            throw refused(
                    roster, from, "its header is that of " + roster.parties().name(header.getIndex()));
        }
        roster.requireHash(Steps.SHARE, from, shares.getRosterHash());
        List<Integer> receivers = receivers(roster, from);
        if (!shares.getToList().stream().map(ShareEnvelope::getTo).toList().equals(receivers)) {
            throw refused(roster, from, "its envelopes are not one for each other party of the roster");
        }
        for (int i = 0; i < receivers.size(); i++) {
            ShareEnvelope envelope = shares.getTo(i);
            if (!isAnnounced(header, i, envelope)) {
                throw refused(roster, from, "an envelope is not the one that its header names");
            }
            requireLengths(roster, envelope);
        }
        return shares;
    }

    /**
     * As the coordinator sees it.
     *
     * @param shared by index, each as {@link #open} accepted it
     */
    static SharerSet ofAll(KeyRoster roster, SortedMap<Integer, Signed> shared, Dealt dealt) throws SecAggException {
        List<Signed> headers = new ArrayList<>();
        shared.values().forEach(signed -> headers.add(ShareKeysReader.header(signed.getPayload())));
        SharerSet set = Headers.open(roster, headers).with((from, to) -> found(shared, dealt, from, to));
        if (!set.commitments.keySet().equals(shared.keySet())) {
            throw new IllegalArgumentException("headers of other parties than those that dealt");
        }
        return set;
    }

    /** In the site's message, or, where only its header was kept there, in {@code dealt}. */
    static Optional<ShareEnvelope> found(Map<Integer, Signed> shared, Dealt dealt, int from, int to) {
        return Optional.ofNullable(shared.get(from))
                .map(Signed::getPayload)
                .flatMap(payload -> ShareKeysReader.envelope(
                        ShareKeysReader.isWhole(payload) ? payload.asReadOnlyByteBuffer() : dealt.payload(from), to));
    }

    /** As party {@code me} sees it: one envelope of each other sharer. */
    static SharerSet ofDelivery(KeyRoster roster, int me, ShareDelivery delivery) throws SecAggException {
        Map<Integer, ShareEnvelope> mine = new HashMap<>();
        Headers headers = Headers.open(roster, delivery.getHeaderList());
        List<Integer> senders = new ArrayList<>(headers.byIndex.keySet());
        senders.remove((Integer) me);
        if (!delivery.getEnvelopeList().stream()
                .map(ShareEnvelope::getFrom)
                .toList()
                .equals(senders)) {
            throw refused("its envelopes are not one of each other site that shared");
        }
        for (ShareEnvelope envelope : delivery.getEnvelopeList()) {
            if (envelope.getTo() != me) {
                throw refused("it holds an envelope for another site");
            }
            int position = receivers(roster, envelope.getFrom()).indexOf(me);
            if (!isAnnounced(headers.of(envelope.getFrom()), position, envelope)) {
                throw refused(
                        "an envelope is not the one that " + roster.parties().name(envelope.getFrom()) + " signed");
            }
            requireLengths(roster, envelope);
            mine.put(envelope.getFrom(), envelope);
        }
        return headers.with((from, to) -> to == me ? Optional.ofNullable(mine.get(from)) : Optional.empty());
    }

    /** The signed headers, judged together. */
    private record Headers(SortedMap<Integer, ShareHeader> byIndex, ByteString digest) {
        static Headers open(KeyRoster roster, List<Signed> headers) throws SecAggException {
            SortedMap<Integer, ShareHeader> byIndex = new TreeMap<>();
            ByteString all = ByteString.EMPTY;
            for (Signed signed : headers) {
                ShareHeader header = openHeader(roster, signed);
                if (!byIndex.isEmpty() && header.getIndex() <= byIndex.lastKey()) {
                    throw refused("its messages are not distinct and in the order of the parties");
                }
                byIndex.put(header.getIndex(), header);
                all = all.concat(signed.getPayload());
            }
            if (byIndex.size() < roster.parties().fewestSites()) {
                throw refused("it has shares of " + byIndex.size() + " sites, but a sum needs "
                        + roster.parties().fewestSites());
            }
            return new Headers(byIndex, SignedMessages.sha256(all));
        }

        ShareHeader of(int index) {
            return dealtBy(byIndex, index);
        }

        SharerSet with(Envelopes envelopes) {
            SortedMap<Integer, ByteString> commitments = new TreeMap<>();
            byIndex.forEach((index, header) -> commitments.put(index, header.getSelfSeedCommitment()));
            return new SharerSet(commitments, envelopes, digest);
        }
    }

    private static ShareHeader openHeader(KeyRoster roster, Signed signed) throws SecAggException {
        ShareHeader header = roster.parties().open(Steps.SHARE, signed, ShareHeader.parser(), ShareHeader::getIndex);
        int from = header.getIndex();
        roster.requireMember(Steps.SHARE, from);
        roster.requireHash(Steps.SHARE, from, header.getRosterHash());
        if (header.getSelfSeedCommitment().size() != Seeds.BYTES) {
            throw refused(roster, from, "its commitment does not have 32 bytes");
        }
        if (header.getEnvelopeSha256Count() != roster.members().size() - 1) {
            throw refused(roster, from, "it does not name one envelope for each other party of the roster");
        }
        return header;
    }

    /** Whether the sender's header names exactly this envelope. @param position of its receiver among all receivers */
    private static boolean isAnnounced(ShareHeader header, int position, ShareEnvelope envelope) {
        return envelope.getFrom() == header.getIndex()
                && header.getEnvelopeSha256(position).equals(digest(envelope));
    }

    private static void requireLengths(KeyRoster roster, ShareEnvelope envelope) throws SecAggException {
        if (envelope.getSealed().size() != ShareEnvelopes.SEALED_BYTES
                || envelope.getMlkem768Ciphertext().size() != MlKemKey.CIPHERTEXT_BYTES) {
            throw refused(roster, envelope.getFrom(), "an envelope has the wrong length");
        }
    }

    /** What a header says of one envelope. */
    static ByteString digest(ShareEnvelope envelope) {
        return SignedMessages.sha256(SignedMessages.canonical(envelope));
    }

    private static List<Integer> receivers(KeyRoster roster, int from) {
        SortedSet<Integer> receivers = roster.members();
        receivers.remove(from);
        return List.copyOf(receivers);
    }

    /** U2. */
    SortedSet<Integer> members() {
        return new TreeSet<>(commitments.keySet());
    }

    ByteString commitment(int index) {
        return dealtBy(commitments, index);
    }

    /** @throws IllegalArgumentException if this side does not have it */
    ShareEnvelope envelope(int from, int to) {
        return envelopes
                .find(from, to)
                .orElseThrow(() -> new IllegalArgumentException("no envelope from party " + from + " to " + to));
    }

    private static <T> T dealtBy(SortedMap<Integer, T> dealers, int index) {
        T found = dealers.get(index);
        if (found == null) {
            throw new IllegalArgumentException("party " + index + " dealt no shares");
        }
        return found;
    }

    private static SecAggException refused(KeyRoster roster, int from, String symptom) {
        return new SecAggException(Steps.SHARE, roster.parties().name(from), symptom);
    }

    private static SecAggException refused(String symptom) {
        return new SecAggException(Steps.DELIVERY, Steps.COORDINATOR, symptom);
    }
}
