package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.Signed;
import org.jspecify.annotations.Nullable;

/**
 * All that one attempt has at one site: both secrets, the shares of others, and every answer given.
 * Fields are set once, in the order in which they stand here.
 */
final class SiteSecrets {
    private static final int FORMAT = 0x43_53_41_03; // "CSA", version 3

    final Signed config;
    final SiteLimits limits;
    final byte[] keySeed;
    final byte[] selfSeed;
    final Signed advertised;

    @Nullable
    Roster roster;

    byte @Nullable [] ownShares;

    @Nullable
    Signed shared;
    /** Which delivery was taken; a second, different one is refused. */
    @Nullable
    ByteString deliveryDigest;
    /** Key share and self-mask share of each party of U2, this site included. */
    final SortedMap<Integer, byte[]> shares = new TreeMap<>();
    /** s_uv with each peer: of U1 where this site sent the ciphertext, of U2 where the peer did. */
    final SortedMap<Integer, byte[]> pairSeeds = new TreeMap<>();

    @Nullable
    Signed header;

    @Nullable
    Signed vote;

    @Nullable
    Signed unmasked;
    /** SHA-256 of the result that the opening answers. */
    @Nullable
    ByteString resultSha256;
    /** Of that result: the sum that it claims. */
    @Nullable
    ByteString sumSha256;

    @Nullable
    Signed opening;

    @Nullable
    Signed checkValue;

    SiteSecrets(Signed config, SiteLimits limits, byte[] keySeed, byte[] selfSeed, Signed advertised) {
        this.config = config;
        this.limits = limits;
        this.keySeed = keySeed;
        this.selfSeed = selfSeed;
        this.advertised = advertised;
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            put(out, config);
            out.writeInt(limits.minimumSites());
            out.writeInt(limits.minimumThreshold());
            put(out, keySeed);
            put(out, selfSeed);
            put(out, advertised);
            put(out, roster);
            put(out, ownShares);
            put(out, shared);
            put(out, deliveryDigest == null ? null : deliveryDigest.toByteArray());
            put(out, shares);
            put(out, pairSeeds);
            put(out, header);
            put(out, vote);
            put(out, unmasked);
            put(out, resultSha256 == null ? null : resultSha256.toByteArray());
            put(out, sumSha256 == null ? null : sumSha256.toByteArray());
            put(out, opening);
            put(out, checkValue);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    static SiteSecrets decode(byte[] saved) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("not a saved sum, or one of another version");
            }
            SiteSecrets secrets = new SiteSecrets(
                    required(message(in, Signed.parser())),
                    new SiteLimits(in.readInt(), in.readInt()),
                    required(bytes(in)),
                    required(bytes(in)),
                    required(message(in, Signed.parser())));
            secrets.roster = message(in, Roster.parser());
            secrets.ownShares = bytes(in);
            secrets.shared = message(in, Signed.parser());
            secrets.deliveryDigest = hash(in);
            readInto(secrets.shares, in);
            readInto(secrets.pairSeeds, in);
            secrets.header = message(in, Signed.parser());
            secrets.vote = message(in, Signed.parser());
            secrets.unmasked = message(in, Signed.parser());
            secrets.resultSha256 = hash(in);
            secrets.sumSha256 = hash(in);
            secrets.opening = message(in, Signed.parser());
            secrets.checkValue = message(in, Signed.parser());
            return secrets;
        }
    }

    /** Overwrites every secret in memory. */
    void wipe() {
        Arrays.fill(keySeed, (byte) 0);
        Arrays.fill(selfSeed, (byte) 0);
        if (ownShares != null) {
            Arrays.fill(ownShares, (byte) 0);
        }
        shares.values().forEach(share -> Arrays.fill(share, (byte) 0));
        pairSeeds.values().forEach(seed -> Arrays.fill(seed, (byte) 0));
    }

    private static void put(DataOutputStream out, SortedMap<Integer, byte[]> byIndex) throws IOException {
        out.writeInt(byIndex.size());
        for (var entry : byIndex.entrySet()) {
            out.writeInt(entry.getKey());
            put(out, entry.getValue());
        }
    }

    private static void readInto(SortedMap<Integer, byte[]> byIndex, DataInputStream in) throws IOException {
        for (int count = in.readInt(); count > 0; count--) {
            byIndex.put(in.readInt(), required(bytes(in)));
        }
    }

    private static void put(DataOutputStream out, @Nullable MessageLite message) throws IOException {
        put(out, message == null ? null : message.toByteArray());
    }

    private static void put(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("a saved sum that ends early");
        }
        return bytes;
    }

    private static @Nullable ByteString hash(DataInputStream in) throws IOException {
        byte[] bytes = bytes(in);
        return bytes == null ? null : ByteString.copyFrom(bytes);
    }

    private static <M> @Nullable M message(DataInputStream in, Parser<M> parser) throws IOException {
        byte[] bytes = bytes(in);
        return bytes == null ? null : parser.parseFrom(bytes);
    }

    private static <T> T required(@Nullable T value) throws IOException {
        if (value == null) {
            throw new IOException("a saved sum without its beginning");
        }
        return value;
    }
}
