package org.commissure.privacy.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.commissure.protocol.v1.Signed;

/** Checks and opens {@link Signed} messages, and encodes messages the one way that is signed. */
public final class SignedMessages {
    private SignedMessages() {}

    /**
     * Verifies {@code signed} as a message of {@code parser}'s type by the owner of {@code certificate}.
     * The certificate itself must have been checked against the authority before.
     *
     * @throws BadSignatureException if it was signed by another certificate, was altered, is of
     *     another kind, or is not in canonical form
     */
    public static <M extends Message> M open(Signed signed, Parser<M> parser, X509Certificate certificate)
            throws BadSignatureException {
        M message;
        try {
            message = parser.parseFrom(signed.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new BadSignatureException("a signed message of "
                    + certificate.getSubjectX500Principal().getName() + " cannot be decoded: " + e.getMessage());
        }
        String kind = message.getDescriptorForType().getName();
        String who = certificate.getSubjectX500Principal().getName();
        if (!signed.getCertificateSha256().equals(sha256(certificate))) {
            throw new BadSignatureException(
                    kind + ": signed with another certificate than the one of " + who + " in the roster");
        }
        try {
            if (!fits(signed, kind, certificate.getPublicKey())) {
                throw new BadSignatureException(kind + ": the signature of " + who + " does not fit the message");
            }
        } catch (GeneralSecurityException e) {
            throw new BadSignatureException(kind + ": the signature of " + who + " is malformed");
        }
        // Two encodings of one message would let the same statement have two hashes in the log.
        if (!canonical(message).equals(signed.getPayload())) {
            throw new BadSignatureException(kind + " of " + who + " is not in canonical form");
        }
        return message;
    }

    private static boolean fits(Signed signed, String kind, PublicKey key) throws GeneralSecurityException {
        if (KeyKinds.isEd25519(key)) {
            return Ed25519.verify(key, prefix(kind), signed.getPayload(), signed.getSignature());
        }
        Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
        signature.initVerify(key);
        signature.update(prefix(kind));
        signature.update(signed.getPayload().asReadOnlyByteBuffer());
        return signature.verify(signed.getSignature().toByteArray());
    }

    /** The deterministic encoding: fields in number order. Our messages hold no maps. */
    public static ByteString canonical(Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("writing to an array of the right size", e);
        }
        return ByteString.copyFrom(bytes);
    }

    /** SHA-256 of a certificate's DER encoding. */
    public static ByteString sha256(X509Certificate certificate) {
        try {
            return sha256(ByteString.copyFrom(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without an encoding", e);
        }
    }

    /** SHA-256 of bytes. */
    public static ByteString sha256(ByteString bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.asReadOnlyByteBuffer());
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static byte[] prefix(String domain) {
        return ("commissure/v1/" + domain + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    static String algorithm(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "EdDSA", "Ed25519" -> "Ed25519";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> throw new IllegalArgumentException("no signature algorithm for " + keyAlgorithm + " keys");
        };
    }
}
