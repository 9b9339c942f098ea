package org.commissure.privacy.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.commissure.protocol.v1.Signed;

/**
 * The key with which one actor of the federation signs its messages, beside the certificate that
 * says whose it is. Thread-safe. Never prints its key.
 */
public final class SigningIdentity {
    private final String name;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final ByteString certificateSha256;

    /** @param name the site's name, or {@code "coordinator"}; as in the certificate */
    public SigningIdentity(String name, PrivateKey key, X509Certificate certificate) {
        this.name = name;
        this.key = key;
        this.certificate = certificate;
        this.certificateSha256 = SignedMessages.sha256(certificate);
    }

    public String name() {
        return name;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /** Signs {@code message} under the domain of its own type. */
    public Signed sign(Message message) {
        return sign(message.getDescriptorForType().getName(), SignedMessages.canonical(message));
    }

    private Signed sign(String domain, ByteString payload) {
        try {
            return Signed.newBuilder()
                    .setPayload(payload)
                    .setCertificateSha256(certificateSha256)
                    .setSignature(ByteString.copyFrom(signature(SignedMessages.prefix(domain), payload)))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the signing key of '" + name + "' cannot sign " + domain, e);
        }
    }

    private byte[] signature(byte[] prefix, ByteString payload) throws GeneralSecurityException {
        String algorithm = SignedMessages.algorithm(key.getAlgorithm());
        if (algorithm.equals("Ed25519")) {
            return Ed25519.sign(key, prefix, payload);
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(prefix);
        signature.update(payload.asReadOnlyByteBuffer());
        return signature.sign();
    }

    @Override
    public String toString() {
        return "SigningIdentity[" + name + "]";
    }
}
