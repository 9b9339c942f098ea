package org.commissure.privacy.secagg;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.protocol.v1.MaskedHeader;

/**
 * The running sum of masked vectors in the sum's ring: one vector of 4 or 8 bytes an element, however many
 * sites there are. Not thread-safe.
 */
public final class MaskedSum {
    private final SumParties parties;
    private final RingVector values;
    private final SortedSet<Integer> added = new TreeSet<>();
    private boolean spoilt;

    MaskedSum(SumParties parties) {
        this.parties = parties;
        this.values = RingVector.zeros(parties.ring(), (int) parties.config().getDimension());
    }

    /**
     * Adds one uploaded vector, ring elements as they travel.
     *
     * @param header that {@link CoordinatorSum#checkHeader} accepted
     * @throws SecAggException if the bytes are not those that the site announced. The sum is then
     *     spoilt, for they are in it already; the attempt cannot go on.
     */
    public void add(InputStream vector, MaskedHeader header) throws IOException, SecAggException {
        if (spoilt || !added.add(header.getIndex())) {
            throw new IllegalStateException("the sum is spoilt, or holds party " + header.getIndex() + " already");
        }
        spoilt = true;
        String peer = parties.name(header.getIndex());
        MessageDigest digest = sha256();
        Ring ring = parties.ring();
        byte[] bytes = new byte[MaskStream.CHUNK * ring.bytes()];
        for (int offset = 0; offset < values.length(); offset += MaskStream.CHUNK) {
            int length = Math.min(MaskStream.CHUNK, values.length() - offset);
            if (vector.readNBytes(bytes, 0, length * ring.bytes()) != length * ring.bytes()) {
                throw new SecAggException(Steps.HEADER, peer, "its vector is shorter than it announced");
            }
            digest.update(bytes, 0, length * ring.bytes());
            values.addPacked(bytes, offset, length);
        }
        if (vector.read() >= 0) {
            throw new SecAggException(Steps.HEADER, peer, "its vector is longer than it announced");
        }
        if (!MessageDigest.isEqual(digest.digest(), header.getVectorSha256().toByteArray())) {
            throw new SecAggException(Steps.HEADER, peer, "its vector does not have the SHA-256 that it signed");
        }
        spoilt = false;
    }

    /** Whose vectors are in it. */
    public SortedSet<Integer> added() {
        return Collections.unmodifiableSortedSet(added);
    }

    /** The vector itself; complete and trustworthy only where {@link #add} never failed. */
    RingVector values() {
        if (spoilt) {
            throw new IllegalStateException("the sum is spoilt by a vector that was refused");
        }
        return values;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
