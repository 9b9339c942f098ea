package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;

/**
 * What one receiver is sent of a site's share keys, found without decoding what is meant for others: with 200
 * sites each message holds 199 envelopes, and each is passed on by itself.
 *
 * @param envelopes those for the receiver
 */
record ShareKeysReader(Signed header, List<ShareEnvelope> envelopes) {

    /** @param payload canonical, so that an envelope begins with its two indices */
    static ShareKeysReader read(ByteString payload, int receiver) throws InvalidProtocolBufferException {
        Signed header = Signed.getDefaultInstance();
        List<ShareEnvelope> envelopes = new ArrayList<>();
        try {
            CodedInputStream in = payload.newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                if (field == ShareKeys.HEADER_FIELD_NUMBER) {
                    header = Signed.parseFrom(in.readBytes());
                } else if (field == ShareKeys.TO_FIELD_NUMBER) {
                    int length = in.readRawVarint32();
                    int from = in.getTotalBytesRead();
                    if (receiverOf(payload.substring(from, from + length)) == receiver) {
                        envelopes.add(ShareEnvelope.parseFrom(payload.substring(from, from + length)));
                    }
                    in.skipRawBytes(length);
                } else {
                    in.skipField(tag);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return new ShareKeysReader(header, envelopes);
    }

    /**
     * As {@link #read}, of a message that was accepted before.
     *
     * @throws IllegalArgumentException if it cannot be decoded
     */
    static ShareKeysReader ofChecked(ByteString payload, int receiver) {
        try {
            return read(payload, receiver);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("share keys that were never checked", e);
        }
    }

    /** 0 for an envelope without a receiver. */
    private static int receiverOf(ByteString envelope) throws IOException {
        CodedInputStream in = envelope.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == ShareEnvelope.TO_FIELD_NUMBER) {
                return in.readUInt32();
            }
            in.skipField(tag);
        }
        return 0;
    }
}
