package org.commissure.privacy.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.commissure.protocol.UserError;

/**
 * The Ed25519 key of a log or of a witness, in the text forms of C2SP signed-note and of the Go
 * checksum database, so that their tools read it. Never prints its seed. Thread-safe.
 */
final class NoteKey {
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;
    /** The end of the year 9999: later stamps are no times that a witness could have seen. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final String SECRET_PREFIX = "PRIVATE+KEY+";
    private static final Pattern NAME = Pattern.compile("[^+\\s\\p{Cntrl}]{1,200}");

    private final Ed25519PrivateKeyParameters key;
    private final Verifier verifier;

    /** What a key signs; its byte stands before the public key (C2SP signed-note, signature types). */
    enum Kind {
        /** The text as it is: a log's own signature. */
        LOG(1),
        /** The text and the time at which a witness saw it (C2SP tlog-cosignature, cosignature/v1). */
        WITNESS(4);

        private final byte type;

        Kind(int type) {
            this.type = (byte) type;
        }
    }

    private NoteKey(Kind kind, String name, byte[] seed) {
        this.key = new Ed25519PrivateKeyParameters(seed, 0);
        this.verifier = new Verifier(kind, name, key.generatePublicKey().getEncoded());
    }

    /** @throws UserError if {@code name} has a space or a plus sign, which the format forbids */
    static NoteKey generate(Kind kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UserError(
                    "a log or witness cannot have the name '" + name + "'", "use a name without spaces and plus signs");
        }
        byte[] seed = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(seed);
        return new NoteKey(kind, name, seed);
    }

    /** Reads what {@link #secret} wrote of a key of that kind; the exception does not repeat it. */
    static NoteKey parseSecret(Kind kind, String text) {
        try {
            String[] parts = text.startsWith(SECRET_PREFIX)
                    ? text.substring(SECRET_PREFIX.length()).split("\\+", 3)
                    : new String[0];
            if (parts.length == 3) {
                byte[] data = Base64.getDecoder().decode(parts[2]);
                if (data.length == 1 + KEY_BYTES && data[0] == kind.type) {
                    NoteKey key = new NoteKey(kind, parts[0], Arrays.copyOfRange(data, 1, data.length));
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

    /** A log's signature. */
    SignedNote sign(String text) {
        requireKind(Kind.LOG);
        return new SignedNote(text, List.of(line(new byte[0], signature(text))));
    }

    /** A witness's line under {@code text}: it saw the checkpoint at {@code time}, to the second. */
    SignedNote.Line cosign(String text, Instant time) {
        requireKind(Kind.WITNESS);
        byte[] stamp =
                ByteBuffer.allocate(Long.BYTES).putLong(time.getEpochSecond()).array();
        return line(stamp, signature(cosigned(text, time.getEpochSecond())));
    }

    private void requireKind(Kind kind) {
        if (verifier.kind != kind) {
            throw new IllegalStateException("the key of " + verifier.name() + " is of kind " + verifier.kind);
        }
    }

    private byte[] signature(String message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        signer.update(bytes, 0, bytes.length);
        return signer.generateSignature();
    }

    private SignedNote.Line line(byte[] stamp, byte[] signature) {
        return new SignedNote.Line(
                verifier.name(),
                ByteBuffer.allocate(ID_BYTES + stamp.length + signature.length)
                        .put(verifier.id())
                        .put(stamp)
                        .put(signature)
                        .array());
    }

    private static String cosigned(String text, long epochSecond) {
        return "cosignature/v1\ntime " + epochSecond + "\n" + text;
    }

    @Override
    public String toString() {
        return "NoteKey[" + verifier.name() + "]";
    }

    /** The public half. */
    static final class Verifier {
        private final Kind kind;
        private final String name;
        private final byte[] publicKey;
        private final byte[] id;

        private Verifier(Kind kind, String name, byte[] publicKey) {
            this.kind = kind;
            this.name = name;
            this.publicKey = publicKey.clone();
            MessageDigest digest = MerkleHash.sha256();
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(kind.type);
            this.id = Arrays.copyOf(digest.digest(publicKey), ID_BYTES);
        }

        /**
         * Reads {@code <name>+<id>+<base64>} in exactly the spelling of {@link #text}.
         *
         * @throws IllegalArgumentException if it is something else, or a key of another kind
         */
        static Verifier parse(Kind kind, String vkey) {
            String[] parts = vkey.split("\\+", 3);
            if (parts.length == 3 && NAME.matcher(parts[0]).matches()) {
                byte[] data = Base64.getDecoder().decode(parts[2]);
                if (data.length == 1 + KEY_BYTES && data[0] == kind.type) {
                    Verifier verifier = new Verifier(kind, parts[0], Arrays.copyOfRange(data, 1, data.length));
                    if (verifier.text().equals(vkey)) {
                        return verifier;
                    }
                }
            }
            throw new IllegalArgumentException("not an Ed25519 note verifier key of a " + kind);
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

        /** Whether {@code line} is this key's signature under {@code text}. */
        boolean signed(String text, SignedNote.Line line) {
            return kind == Kind.LOG
                    && signatureIn(line, 0).filter(of -> verify(text, of)).isPresent();
        }

        /** When this witness signed {@code text}, if {@code line} is its cosignature. */
        Optional<Instant> cosigned(String text, SignedNote.Line line) {
            if (kind != Kind.WITNESS) {
                return Optional.empty();
            }
            return signatureIn(line, Long.BYTES).flatMap(signature -> {
                long second = ByteBuffer.wrap(line.bytes()).getLong(ID_BYTES);
                return second >= 0 && second <= LAST_SECOND && verify(NoteKey.cosigned(text, second), signature)
                        ? Optional.of(Instant.ofEpochSecond(second))
                        : Optional.empty();
            });
        }

        private Optional<byte[]> signatureIn(SignedNote.Line line, int stampBytes) {
            int at = ID_BYTES + stampBytes;
            boolean own = line.keyName().equals(name)
                    && line.bytes().length == at + Ed25519PrivateKeyParameters.SIGNATURE_SIZE
                    && Arrays.equals(Arrays.copyOf(line.bytes(), ID_BYTES), id);
            return own ? Optional.of(Arrays.copyOfRange(line.bytes(), at, line.bytes().length)) : Optional.empty();
        }

        private boolean verify(String message, byte[] signature) {
            Ed25519Signer signer = new Ed25519Signer();
            try {
                signer.init(false, new Ed25519PublicKeyParameters(publicKey, 0));
            } catch (IllegalArgumentException e) {
                return false; // not a point of the curve
            }
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            signer.update(bytes, 0, bytes.length);
            return signer.verifySignature(signature);
        }

        private String spell(byte[] keyBytes) {
            byte[] data = new byte[1 + keyBytes.length];
            data[0] = kind.type;
            System.arraycopy(keyBytes, 0, data, 1, keyBytes.length);
            return name + "+" + HexFormat.of().formatHex(id) + "+"
                    + Base64.getEncoder().encodeToString(data);
        }
    }
}
