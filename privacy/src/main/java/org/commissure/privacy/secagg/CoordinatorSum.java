package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.protocol.v1.CheckOpening;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Share;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one sum, as the coordinator judges it. Holds no secrets and no progress of its own:
 * it is made from a signed configuration and grows, as a new immutable object each time, by the
 * roster (U1), the sharers (U2) and the survivors (U3) that the caller fixed and persisted. After a
 * crash the same calls with the persisted messages give the same object. Thread-safe.
 *
 * <p>The {@code check…} methods judge one site's signed message by itself. A message that is refused
 * drops its author from the attempt; {@link SecAggException} says who, where and why. Methods that
 * need a set which was not given yet throw {@link IllegalStateException}.
 */
public final class CoordinatorSum {
    private final SumParties parties;
    private final @Nullable KeyRoster roster;
    private final @Nullable SharerSet sharers;
    private final @Nullable SurvivorSet survivors;

    private CoordinatorSum(
            SumParties parties,
            @Nullable KeyRoster roster,
            @Nullable SharerSet sharers,
            @Nullable SurvivorSet survivors) {
        this.parties = parties;
        this.roster = roster;
        this.sharers = sharers;
        this.survivors = survivors;
    }

    /**
     * Judges the configuration as every site will, before anybody is asked.
     *
     * @throws SecAggException if a certificate, the thresholds or the encoding would be refused
     */
    public static CoordinatorSum of(Signed config, X509Certificate coordinatorSigning, CertificateVerifier verifier)
            throws SecAggException {
        return new CoordinatorSum(SumParties.verify(config, coordinatorSigning, verifier), null, null, null);
    }

    /** As {@link #of} judged it before a restart: certificates may have expired since. */
    public static CoordinatorSum resume(Signed config) throws SecAggException {
        return new CoordinatorSum(SumParties.alreadyVerified(config), null, null, null);
    }

    public SecureSumConfig config() {
        return parties.config();
    }

    public ByteString configHash() {
        return parties.configHash();
    }

    /** A site's name by its index, from 1. */
    public String name(int index) {
        return parties.name(index);
    }

    /** How many sites each of U1, U2 and U3 must have: max(t, c + 2). */
    public int fewestSites() {
        return parties.fewestSites();
    }

    /** R1. @return its author's index */
    public int checkAdvertise(Signed signed) throws SecAggException {
        return KeyRoster.open(parties, signed).getIndex();
    }

    /** The roster of the keys that arrived in time, by index; judge it with {@link #withRoster}. */
    public Roster roster(Map<Integer, Signed> advertised) {
        return Roster.newBuilder()
                .setSum(parties.config().getSum())
                .addAllAdvertise(new TreeMap<>(advertised).values())
                .build();
    }

    /** Fixes U1. */
    public CoordinatorSum withRoster(Roster fixed) throws SecAggException {
        parties.requireSum(Steps.ROSTER, fixed.getSum());
        return new CoordinatorSum(parties, KeyRoster.verify(parties, fixed.getAdvertiseList()), null, null);
    }

    public ByteString rosterHash() {
        return keys().hash();
    }

    /** R2. @return its author's index */
    public int checkShareKeys(Signed signed) throws SecAggException {
        return SharerSet.open(keys(), signed).getIndex();
    }

    /**
     * Share keys without the envelopes, for whoever keeps the whole as {@link Dealt}. The site's signature of the whole does
     * not hold for it; the header, which names every envelope, has one of its own.
     *
     * @param signed as {@link #checkShareKeys} accepted it
     */
    public static Signed headerOnly(Signed signed) {
        try {
            ShareKeys message = ShareKeys.parseFrom(signed.getPayload());
            return signed.toBuilder()
                    .setPayload(message.toBuilder().clearTo().build().toByteString())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("share keys that were never checked", e);
        }
    }

    /**
     * What one site is sent of the shares that arrived in time: every header, and its own envelopes.
     *
     * @param shared by index, each as {@link #checkShareKeys} accepted it
     * @param dealt where the envelopes of those are that only hold their header
     * @param receiver the site's index
     * @throws IllegalArgumentException if a message cannot be decoded
     */
    public static ShareDelivery delivery(SumId sum, Map<Integer, Signed> shared, Dealt dealt, int receiver) {
        ShareDelivery.Builder delivery = ShareDelivery.newBuilder().setSum(sum);
        new TreeMap<>(shared).forEach((from, signed) -> {
            delivery.addHeader(ShareKeysReader.header(signed.getPayload()));
            SharerSet.found(shared, dealt, from, receiver).ifPresent(delivery::addEnvelope);
        });
        return delivery.build();
    }

    /**
     * Fixes U2, by the shares that arrived in time, by index.
     *
     * @param dealt as for {@link #delivery}
     */
    public CoordinatorSum withSharers(Map<Integer, Signed> shared, Dealt dealt) throws SecAggException {
        return new CoordinatorSum(parties, keys(), SharerSet.ofAll(keys(), new TreeMap<>(shared), dealt), null);
    }

    /** R3; that the uploaded bytes have the announced hash is {@link MaskedSum#add}'s to check. */
    public MaskedHeader checkHeader(Signed signed) throws SecAggException {
        return SurvivorSet.openHeader(keys(), sharers().members(), signed);
    }

    /** The proposal of those whose headers and vectors arrived in time, by index. */
    public SurvivorProposal proposal(Map<Integer, Signed> headers) {
        return SurvivorProposal.newBuilder()
                .setSum(parties.config().getSum())
                .setSurvivorsBitmap(Bitmaps.of(headers.keySet(), parties.size()))
                .addAllMaskedHeader(new TreeMap<>(headers).values())
                .build();
    }

    /** Fixes U3. There must never be a second one in an attempt. */
    public CoordinatorSum withSurvivors(SurvivorProposal fixed) throws SecAggException {
        return new CoordinatorSum(
                parties, keys(), sharers(), SurvivorSet.verify(keys(), sharers().members(), fixed));
    }

    /** U3. */
    public SortedSet<Integer> survivors() {
        return Collections.unmodifiableSortedSet(survivorSet().members());
    }

    /** Which masked vectors the votes are about. */
    public ByteString headersSha256() {
        return survivorSet().headersSha256();
    }

    /** R4. @return its author's index */
    public int checkVote(Signed signed) throws SecAggException {
        return survivorSet().openVote(keys(), signed).getIndex();
    }

    /** The request with the votes that arrived in time, by index; at least the threshold is needed. */
    public UnmaskRequest request(Map<Integer, Signed> votes) {
        return UnmaskRequest.newBuilder()
                .setSum(parties.config().getSum())
                .addAllVote(new TreeMap<>(votes).values())
                .build();
    }

    /** R5: exactly one share for each party of U2, of the kind that its fate calls for. */
    public UnmaskShares checkUnmask(Signed signed) throws SecAggException {
        UnmaskShares shares = parties.open(Steps.SHARES, signed, UnmaskShares.parser(), UnmaskShares::getIndex);
        int from = shares.getIndex();
        keys().requireHash(Steps.SHARES, from, shares.getRosterHash());
        SortedSet<Integer> alive = survivorSet().members();
        if (!alive.contains(from)) {
            throw new SecAggException(Steps.SHARES, name(from), "it is not among the survivors");
        }
        requireOwners(from, shares.getSelfMaskList(), alive);
        requireOwners(from, shares.getSiteKeyList(), dropped());
        return shares;
    }

    /** R7, first half. @return its author's index */
    public int checkOpening(Signed signed, ByteString resultSha256) throws SecAggException {
        return survivorSet().openOpening(keys(), signed, resultSha256).getIndex();
    }

    /** R7, second half, to {@code openings} of all survivors, by index. @return its author's index */
    public int checkValue(Signed signed, ByteString resultSha256, Map<Integer, Signed> openings)
            throws SecAggException {
        SortedMap<Integer, ByteString> nonces = new TreeMap<>();
        for (Signed opening : openings.values()) {
            CheckOpening opened = survivorSet().openOpening(keys(), opening, resultSha256);
            nonces.put(opened.getIndex(), opened.getNonce());
        }
        return survivorSet()
                .openValue(keys(), signed, SumCheck.challenge(resultSha256, nonces))
                .getIndex();
    }

    /** An empty running sum for the vectors of U3. */
    public MaskedSum maskedSum() {
        return new MaskedSum(parties);
    }

    /** U2 without U3: whose pairwise masks are left in the sum. */
    SortedSet<Integer> dropped() {
        SortedSet<Integer> dropped = new TreeSet<>(sharers().members());
        dropped.removeAll(survivorSet().members());
        return dropped;
    }

    SumParties parties() {
        return parties;
    }

    KeyRoster keys() {
        return given(roster, "roster");
    }

    SharerSet sharers() {
        return given(sharers, "sharers");
    }

    private SurvivorSet survivorSet() {
        return given(survivors, "survivors");
    }

    private void requireOwners(int from, List<Share> shares, SortedSet<Integer> owners) throws SecAggException {
        SortedMap<Integer, Share> byOwner = new TreeMap<>();
        for (Share share : shares) {
            if (byOwner.put(share.getOwner(), share) != null) {
                throw new SecAggException(Steps.SHARES, name(from), "it sends a share twice");
            }
            if (share.getY().size() != Seeds.BYTES) {
                throw new SecAggException(Steps.SHARES, name(from), "a share does not have 32 bytes");
            }
        }
        if (!byOwner.keySet().equals(owners)) {
            throw new SecAggException(
                    Steps.SHARES, name(from), "it sends shares of other parties, or of the other kind, than it should");
        }
    }

    private static <T> T given(@Nullable T set, String what) {
        if (set == null) {
            throw new IllegalStateException("the sum's " + what + " are not fixed yet");
        }
        return set;
    }
}
