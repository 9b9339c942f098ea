package org.commissure.privacy.identity;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.Base64;
import org.commissure.protocol.UserError;

/** One-time tokens: 32 random bytes, of which the coordinator keeps only the hash. */
public final class EnrolmentToken {
    public static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private EnrolmentToken() {}

    public static byte[] generate() {
        byte[] token = new byte[BYTES];
        RANDOM.nextBytes(token);
        return token;
    }

    /** SHA-256; enough for a secret of 256 random bits. */
    public static byte[] hash(byte[] token) {
        return SignedMessages.sha256(ByteString.copyFrom(token)).toByteArray();
    }

    /** The form in an invitation: base64url without padding. */
    public static String encode(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** @throws UserError if {@code text} is not an encoded token; the message does not repeat it */
    public static byte[] decode(String text) {
        byte[] token;
        try {
            token = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            token = new byte[0];
        }
        if (token.length != BYTES) {
            throw new UserError(
                    "the invitation's token is not " + BYTES + " bytes of base64url",
                    "ask the coordinator for a new invitation and do not edit it");
        }
        return token;
    }
}
