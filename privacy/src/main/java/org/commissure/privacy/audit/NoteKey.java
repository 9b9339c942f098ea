package org.commissure.privacy.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.commissure.protocol.UserError;

/**
 * The Ed25519 key that signs a log's checkpoints, in the text forms of C2SP signed-note and of the
 * Go checksum database, so that their tools read it. Never prints its seed. Thread-safe.
 */
final class NoteKey {
    private static final byte ED25519 = 1;
    private static final int KEY_BYTES = 32;
    private static final String SECRET_PREFIX = "PRIVATE+KEY+";
    private static final Pattern NAME = Pattern.compile("[^+\\s\\p{Cntrl}]{1,200}");

    private final Ed25519PrivateKeyParameters key;
    private final Verifier verifier;

    private NoteKey(String name, byte[] seed) {
        this.key = new Ed25519PrivateKeyParameters(seed, 0);
        this.verifier = new Verifier(name, key.generatePublicKey().getEncoded());
    }

    /** @throws UserError if {@code name} has a space or a plus sign, which the format forbids */
    static NoteKey generate(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UserError(
                    "a log cannot have the origin '" + name + "'", "use a name without spaces and plus signs");
        }
        byte[] seed = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(seed);
        return new NoteKey(name, seed);
    }

    /** Reads what {@link #secret} wrote; the exception does not repeat it. */
    static NoteKey parseSecret(String text) {
        try {
            String[] parts = text.startsWith(SECRET_PREFIX)
                    ? text.substring(SECRET_PREFIX.length()).split("\\+", 3)
                    : new String[0];
            if (parts.length == 3) {
                byte[] data = Base64.getDecoder().decode(parts[2]);
                if (data.length == 1 + KEY_BYTES && data[0] == ED25519) {
                    NoteKey key = new NoteKey(parts[0], Arrays.copyOfRange(data, 1, data.length));
                    if (HexFormat.of().formatHex(key.verifier.id()).equals(parts[1])) {
                        return key;
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a note key"); // without the cause, which quotes the secret
        }
        throw new IllegalArgumentException("not a note key");
    }

    Verifier verifier() {
        return verifier;
    }

    /** {@code PRIVATE+KEY+<name>+<id>+<base64>}. */
    String secret() {
        return SECRET_PREFIX + verifier.spell(key.getEncoded());
    }

    SignedNote sign(String text) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        signer.update(message, 0, message.length);
        byte[] signature = signer.generateSignature();
        byte[] line = Arrays.copyOf(verifier.id(), 4 + signature.length);
        System.arraycopy(signature, 0, line, 4, signature.length);
        return new SignedNote(text, java.util.List.of(new SignedNote.Line(verifier.name(), line)));
    }

    @Override
    public String toString() {
        return "NoteKey[" + verifier.name() + "]";
    }

    /** The public half. */
    static final class Verifier {
        private final String name;
        private final byte[] publicKey;
        private final byte[] id;

        private Verifier(String name, byte[] publicKey) {
            this.name = name;
            this.publicKey = publicKey.clone();
            MessageDigest digest = MerkleHash.sha256();
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(ED25519);
            this.id = Arrays.copyOf(digest.digest(publicKey), 4);
        }

        /** Reads {@code <name>+<id>+<base64>} in exactly the spelling of {@link #text}. */
        static Verifier parse(String vkey) {
            String[] parts = vkey.split("\\+", 3);
            if (parts.length == 3 && NAME.matcher(parts[0]).matches()) {
                byte[] data = Base64.getDecoder().decode(parts[2]);
                if (data.length == 1 + KEY_BYTES && data[0] == ED25519) {
                    Verifier verifier = new Verifier(parts[0], Arrays.copyOfRange(data, 1, data.length));
                    if (verifier.text().equals(vkey)) {
                        return verifier;
                    }
                }
            }
            throw new IllegalArgumentException("not an Ed25519 note verifier key");
        }

        String name() {
            return name;
        }

        byte[] id() {
            return id.clone();
        }

        String text() {
            return spell(publicKey);
        }

        boolean verify(String text, byte[] signature) {
            if (signature.length != Ed25519PrivateKeyParameters.SIGNATURE_SIZE) {
                return false;
            }
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(false, new Ed25519PublicKeyParameters(publicKey, 0));
            byte[] message = text.getBytes(StandardCharsets.UTF_8);
            signer.update(message, 0, message.length);
            return signer.verifySignature(signature);
        }

        private String spell(byte[] keyBytes) {
            byte[] data = new byte[1 + keyBytes.length];
            data[0] = ED25519;
            System.arraycopy(keyBytes, 0, data, 1, keyBytes.length);
            return name + "+" + HexFormat.of().formatHex(id) + "+"
                    + Base64.getEncoder().encodeToString(data);
        }
    }
}
