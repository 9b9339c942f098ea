package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a site needs to check a released sum X, and no secret: ⟨r, X⟩ as all survivors say together. Immutable,
 * thread-safe. Restrictions: a survivor that lies about its own part makes the check fail as an altered sum does;
 * it cannot make an altered sum pass.
 */
public final class SumVerification {
    private final Ring ring;
    private final int length;
    private final ByteString sumSha256;
    private final ByteString challenge;
    private final long expected;

    SumVerification(Ring ring, int length, ByteString sumSha256, ByteString challenge, long expected) {
        this.ring = ring;
        this.length = length;
        this.sumSha256 = sumSha256;
        this.challenge = challenge;
        this.expected = expected;
    }

    /** SHA-256 of the sum, by which it is fetched. */
    public ByteString sumSha256() {
        return sumSha256;
    }

    /** Its length: little-endian integers of 4 bytes, of 8 in the ring of 64 bits. */
    public long sumBytes() {
        return (long) length * memory().bytes();
    }

    /**
     * @param sum the file of the released sum
     * @throws SecAggException if it is not the one whose hash was signed, or not what the survivors contributed
     */
    public void check(Path sum) throws IOException, SecAggException {
        SumCheck.InnerProduct product = new SumCheck.InnerProduct(challenge);
        MessageDigest digest = sha256();
        byte[] bytes = new byte[MaskStream.CHUNK * memory().bytes()];
        try (InputStream in = Files.newInputStream(sum)) {
            for (int done = 0; done < length; done += MaskStream.CHUNK) {
                int count = Math.min(MaskStream.CHUNK, length - done);
                if (in.readNBytes(bytes, 0, count * memory().bytes()) != count * memory().bytes()) {
                    throw altered("it has fewer elements than the sum");
                }
                digest.update(bytes, 0, count * memory().bytes());
                RingVector chunk = RingVector.zeros(memory(), count);
                chunk.addPacked(bytes, 0, count);
                product.add(chunk, count);
            }
            if (in.read() >= 0) {
                throw altered("it has more elements than the sum");
            }
        }
        if (!MessageDigest.isEqual(digest.digest(), sumSha256.toByteArray())) {
            throw altered("it does not have the SHA-256 that the coordinator signed");
        }
        if (product.value() != expected) {
            throw altered("it is not the sum of what the survivors contributed");
        }
    }

    private Ring memory() {
        return ring.bits() == Long.SIZE ? ring : new Ring(Integer.SIZE);
    }

    private static SecAggException altered(String symptom) {
        return new SecAggException(Steps.CHECK, Steps.COORDINATOR, "the released sum was altered: " + symptom);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
