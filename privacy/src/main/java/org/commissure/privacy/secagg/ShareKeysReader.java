package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;

/**
 * Finds parts of share keys that were accepted before, without decoding what is meant for others: with 200 sites each
 * message holds 199 envelopes, and each is passed on by itself. Protobuf's own reader would first copy all of a mapped file.
 */
final class ShareKeysReader {
    private ShareKeysReader() {}

    /** Whether it holds more than its header. */
    static boolean isWhole(ByteString payload) {
        return seek(payload.asReadOnlyByteBuffer(), ShareKeys.TO_FIELD_NUMBER);
    }

    /** @throws IllegalArgumentException if it cannot be decoded */
    static Signed header(ByteString payload) {
        ByteBuffer in = payload.asReadOnlyByteBuffer();
        if (!seek(in, ShareKeys.HEADER_FIELD_NUMBER)) {
            return Signed.getDefaultInstance();
        }
        int length = length(in);
        try {
            return Signed.parseFrom(in.slice(in.position(), length));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("share keys that were never checked", e);
        }
    }

    /**
     * The envelope for one receiver.
     *
     * @throws IllegalArgumentException if it cannot be decoded
     */
    static Optional<ShareEnvelope> envelope(ByteBuffer payload, int receiver) {
        ByteBuffer in = payload.duplicate();
        while (seek(in, ShareKeys.TO_FIELD_NUMBER)) {
            int length = length(in);
            ByteBuffer envelope = in.slice(in.position(), length);
            if (receiverOf(envelope.duplicate()) == receiver) {
                try {
                    return Optional.of(ShareEnvelope.parseFrom(envelope));
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalArgumentException("share keys that were never checked", e);
                }
            }
            in.position(in.position() + length);
        }
        return Optional.empty();
    }

    /** 0 for an envelope without a receiver. */
    private static int receiverOf(ByteBuffer envelope) {
        return seek(envelope, ShareEnvelope.TO_FIELD_NUMBER) ? (int) varint(envelope) : 0;
    }

    /** Skips to behind the field's next tag. @return false at the end */
    private static boolean seek(ByteBuffer in, int field) {
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            if (WireFormat.getTagFieldNumber(tag) == field) {
                return true;
            }
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_VARINT -> varint(in);
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    int length = length(in);
                    in.position(in.position() + length);
                }
                default -> throw new IllegalArgumentException("share keys with a field of type " + tag);
            }
        }
        return false;
    }

    private static int length(ByteBuffer in) {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("share keys with a field of " + length + " bytes");
        }
        return (int) length;
    }

    /** Protocol Buffers' encoding, "Base 128 Varints". */
    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!in.hasRemaining()) {
                break;
            }
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("share keys with a number that does not end");
    }
}
