package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.commissure.protocol.v1.Share;
import org.commissure.protocol.v1.UnmaskShares;

/**
 * Recovers the self-mask seeds of the survivors and the key seeds of the dropped parties, compares
 * each with what its owner published, and takes the masks out of the sum. Not thread-safe.
 */
public final class Unmasker {
    /** How many streams go over a chunk at a time: bounds the memory, 16 KiB each, for many parties. */
    private static final int STREAMS = 256;

    /** A mask that is still in the sum; {@code seed} is wiped once its stream is made. */
    private record Mask(byte[] seed, boolean add) {
        MaskStream stream() {
            return new MaskStream(seed, add);
        }
    }

    private final CoordinatorSum sum;
    private final SortedMap<Integer, UnmaskShares> answers = new TreeMap<>();

    /**
     * @param sum with its survivors fixed
     * @param answers that {@link CoordinatorSum#checkUnmask} accepted
     * @throws SecAggException if there are fewer than the threshold
     */
    public Unmasker(CoordinatorSum sum, Collection<UnmaskShares> answers) throws SecAggException {
        this.sum = sum;
        for (UnmaskShares answer : answers) {
            this.answers.put(answer.getIndex(), answer);
        }
        if (this.answers.size() < sum.parties().threshold()) {
            throw new SecAggException(
                    Steps.UNMASK,
                    Steps.COORDINATOR,
                    "only " + this.answers.size() + " sites revealed shares, but the threshold is "
                            + sum.parties().threshold());
        }
    }

    /**
     * Takes all masks out of {@code masked}, in place, and returns its vector: the sum of the survivors'
     * vectors, centred. All secrets are recovered and compared before the first mask is removed.
     *
     * @throws SecAggException if a share is forged: it names the forger where there are more than t
     *     answers, so that the caller may leave that one out and try again; else the owner of the
     *     secret that cannot be recovered
     * @throws IllegalStateException if {@code masked} is not the sum of exactly the survivors' vectors
     */
    public RingVector removeMasks(MaskedSum masked) throws SecAggException {
        if (!masked.added().equals(sum.survivors())) {
            throw new IllegalStateException(
                    "the sum holds parties " + masked.added() + ", but the survivors are " + sum.survivors());
        }
        RingVector vector = masked.values();
        List<Mask> masks = new ArrayList<>();
        for (int survivor : sum.survivors()) {
            masks.add(selfMask(survivor));
        }
        for (int dropped : sum.dropped()) {
            masks.addAll(pairMasks(dropped));
        }
        for (int from = 0; from < masks.size(); from += STREAMS) {
            MaskStream.applyAll(
                    masks.subList(from, Math.min(from + STREAMS, masks.size())).stream()
                            .map(Mask::stream)
                            .toList(),
                    vector);
        }
        vector.centre();
        return vector;
    }

    private Mask selfMask(int owner) throws SecAggException {
        ByteString rosterHash = sum.rosterHash();
        byte[] seed = recover(
                owner,
                UnmaskShares::getSelfMaskList,
                secret -> Seeds.commitment(secret, owner, rosterHash)
                        .equals(sum.sharers().commitment(owner)));
        Mask mask = new Mask(Seeds.selfMask(seed, rosterHash, owner), false);
        Arrays.fill(seed, (byte) 0);
        return mask;
    }

    /** Undoes what each survivor added for its pair with {@code dropped}. */
    private List<Mask> pairMasks(int dropped) throws SecAggException {
        SumKey.PublicKeys published = sum.keys().publicKeys(dropped);
        byte[] seed = recover(dropped, UnmaskShares::getSiteKeyList, secret -> {
            try (SumKey key = new SumKey(secret, sum.configHash())) {
                return key.publicKeys().equals(published);
            }
        });
        List<Mask> masks = new ArrayList<>();
        try (SumKey key = new SumKey(seed, sum.configHash())) {
            for (int survivor : sum.survivors()) {
                masks.add(pairMask(key, dropped, survivor));
            }
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
        return masks;
    }

    /** The lower index of a pair encapsulated to the higher; its mask follows from that direction. */
    private Mask pairMask(SumKey droppedKey, int dropped, int survivor) throws SecAggException {
        boolean survivorSent = survivor < dropped;
        ByteString dealt = survivorSent
                ? sum.sharers().envelope(survivor, dropped).getMlkem768Ciphertext()
                : sum.sharers().envelope(dropped, survivor).getMlkem768Ciphertext();
        SumKey.PublicKeys peer = sum.keys().publicKeys(survivor);
        try (SumKey.Agreement agreed =
                survivorSent ? droppedKey.receive(peer, dealt) : droppedKey.send(survivor, peer)) {
            if (!agreed.ciphertext().equals(dealt)) {
                throw new SecAggException(
                        Steps.UNMASK,
                        sum.name(dropped),
                        "the ciphertext that it sent to " + sum.name(survivor)
                                + " does not follow from its key seed, so that their mask cannot be removed");
            }
            // The lower index added its mask.
            return new Mask(
                    Seeds.pairMask(agreed, sum.rosterHash(), Math.min(survivor, dropped), Math.max(survivor, dropped)),
                    !survivorSent);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("keys and ciphertexts were checked when they came", e);
        }
    }

    private byte[] recover(int owner, Function<UnmaskShares, List<Share>> kind, Predicate<byte[]> fits)
            throws SecAggException {
        SortedMap<Integer, byte[]> shares = new TreeMap<>();
        answers.forEach((from, answer) -> kind.apply(answer).stream()
                .filter(share -> share.getOwner() == owner)
                .forEach(share -> shares.put(from, share.getY().toByteArray())));
        int threshold = sum.parties().threshold();
        List<Integer> senders = List.copyOf(shares.keySet());
        byte[] secret = combine(shares, senders.subList(0, threshold));
        if (fits.test(secret)) {
            return secret;
        }
        String peer = sum.name(owner);
        if (senders.size() > threshold) {
            for (int suspect : senders.subList(0, threshold)) {
                List<Integer> others = new ArrayList<>(senders.subList(0, threshold + 1));
                others.remove((Integer) suspect);
                if (fits.test(combine(shares, others))) {
                    throw new SecAggException(
                            Steps.UNMASK,
                            sum.name(suspect),
                            "its share of the secret of " + peer + " does not fit the others': it forged it, or " + peer
                                    + " dealt it a wrong one");
                }
            }
        }
        throw new SecAggException(
                Steps.UNMASK,
                peer,
                "its secret, recovered from the shares of "
                        + senders.subList(0, threshold).stream().map(sum::name).toList()
                        + ", does not match what it published: one of them forged a share, or " + peer
                        + " dealt wrong ones");
    }

    private static byte[] combine(SortedMap<Integer, byte[]> shares, Collection<Integer> senders) {
        SortedMap<Integer, byte[]> chosen = new TreeMap<>(shares);
        SortedSet<Integer> kept = new TreeSet<>(senders);
        chosen.keySet().retainAll(kept);
        return SecretSharing.combine(chosen, kept.size());
    }
}
