package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import org.commissure.protocol.v1.Share;
import org.commissure.protocol.v1.UnmaskShares;

/** What a site deals to its peers, and which half of it they may reveal. */
final class ShareDealing {
    private ShareDealing() {}

    /** For each receiver 64 bytes: a share of k_u, then one of b_u. */
    static SortedMap<Integer, byte[]> deal(
            byte[] keySeed, byte[] selfSeed, int threshold, Set<Integer> receivers, SecureRandom random) {
        byte[] both = Arrays.copyOf(keySeed, ShareEnvelopes.PLAIN_BYTES);
        System.arraycopy(selfSeed, 0, both, Seeds.BYTES, Seeds.BYTES);
        try {
            return SecretSharing.split(both, threshold, receivers, random);
        } finally {
            Arrays.fill(both, (byte) 0);
        }
    }

    /**
     * R5: for each owner the self-mask share if it survived, else the key share; never both.
     *
     * @param shares as dealt, by owner
     */
    static UnmaskShares reveal(
            ByteString rosterHash, int index, SortedMap<Integer, byte[]> shares, Set<Integer> survivors) {
        UnmaskShares.Builder revealed =
                UnmaskShares.newBuilder().setRosterHash(rosterHash).setIndex(index);
        shares.forEach((owner, both) -> {
            Share.Builder share = Share.newBuilder().setOwner(owner);
            if (survivors.contains(owner)) {
                revealed.addSelfMask(share.setY(ByteString.copyFrom(both, Seeds.BYTES, Seeds.BYTES)));
            } else {
                revealed.addSiteKey(share.setY(ByteString.copyFrom(both, 0, Seeds.BYTES)));
            }
        });
        return revealed.build();
    }
}
