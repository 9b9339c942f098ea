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
     * Takes all masks out of {@code masked}, in place, and returns its array: the sum of the survivors'
     * vectors, modulo 2^32. All secrets are recovered and compared before the first mask is removed.
     *
     * @throws SecAggException if a share is forged: it names the forger where there are more than t
     *     answers, so that the caller may leave that one out and try again; else the owner of the
     *     secret that cannot be recovered
     * @throws IllegalStateException if {@code masked} is not the sum of exactly the survivors' vectors
     */
    public int[] removeMasks(MaskedSum masked) throws SecAggException {
        if (!masked.added().equals(sum.survivors())) {
            throw new IllegalStateException(
                    "the sum holds parties " + masked.added() + ", but the survivors are " + sum.survivors());
        }
        int[] vector = masked.values();
        List<Mask> masks = new ArrayList<>();
        for (int survivor : sum.survivors()) {
            masks.add(selfMask(survivor));
        }
        for (int dropped : sum.dropped()) {
            masks.addAll(pairMasks(dropped));
        }
        for (int from = 0; from < masks.size(); from += STREAMS) {
            apply(
                    masks.subList(from, Math.min(from + STREAMS, masks.size())).stream()
                            .map(Mask::stream)
                            .toList(),
                    vector);
        }
        return vector;
    }

    private static void apply(List<MaskStream> masks, int[] vector) {
        for (int offset = 0; offset < vector.length; offset += MaskStream.CHUNK) {
            int length = Math.min(MaskStream.CHUNK, vector.length - offset);
            for (MaskStream mask : masks) {
                mask.apply(vector, offset, length);
            }
        }
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
        ByteString published = sum.keys().publicKey(dropped);
        byte[] seed = recover(dropped, UnmaskShares::getSiteKeyList, secret -> {
            try (SumKey key = SumKey.ofSeed(secret, sum.configHash())) {
                return key.publicKey().equals(published);
            }
        });
        List<Mask> masks = new ArrayList<>();
        try (SumKey key = SumKey.ofSeed(seed, sum.configHash())) {
            for (int survivor : sum.survivors()) {
                byte[] agreed = key.agree(sum.keys().publicKey(survivor));
                boolean survivorAdded = survivor < dropped;
                masks.add(new Mask(Seeds.pairMask(agreed, sum.rosterHash(), survivor, dropped), !survivorAdded));
                Arrays.fill(agreed, (byte) 0);
            }
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the roster has no low-order points", e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
        return masks;
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
