package org.commissure.coordinator.console.access;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.commissure.protocol.UserError;

/**
 * Passwords as Argon2id hashes (RFC 9106) in PHC string format, with the least parameters that the OWASP Password Storage
 * Cheat Sheet: 19 MiB, two passes, one lane. At most two are computed at a time, so that a flood of sign-ins costs 38 MiB
 * and no more. Thread-safe.
 */
public final class Passwords {
    /** NIST SP 800-63B asks for 15 where the password is the only factor. */
    public static final int MINIMUM_CHARS = 15;

    private static final int MAXIMUM_CHARS = 200;
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final String PREFIX = "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$";
    private static final Pattern STORED =
            Pattern.compile(Pattern.quote(PREFIX) + "([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    private static final Semaphore AT_ONCE = new Semaphore(2);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of no password: an unknown name costs as much time as a known one. */
    private static final String NOBODY = PREFIX + "A".repeat(22) + "$" + "A".repeat(43);

    private Passwords() {}

    /** @throws UserError if it is too short or too long to be a password */
    public static String hash(char[] password) {
        if (password.length < MINIMUM_CHARS || password.length > MAXIMUM_CHARS) {
            throw new UserError(
                    "the password has " + password.length + " characters",
                    "choose " + MINIMUM_CHARS + " to " + MAXIMUM_CHARS + ", such as four random words");
        }
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return PREFIX + base64.encodeToString(salt) + "$" + base64.encodeToString(argon2id(password, salt));
    }

    /** Whether {@code password} is the one of a {@linkplain #hash stored hash}. */
    public static boolean matches(char[] password, String stored) {
        Matcher parts = STORED.matcher(stored);
        if (!parts.matches()) {
            throw new IllegalStateException("a password hash in the database has another form");
        }
        byte[] expected = Base64.getDecoder().decode(parts.group(2));
        byte[] computed = argon2id(password, Base64.getDecoder().decode(parts.group(1)));
        return MessageDigest.isEqual(expected, computed);
    }

    /** Takes the time of {@link #matches}. */
    public static void matchNobody(char[] password) {
        boolean unused = matches(password, NOBODY);
    }

    /** One that a person can copy from a terminal: 120 bits. */
    public static String random() {
        byte[] bytes = new byte[15];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] argon2id(char[] password, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(PASSES)
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        AT_ONCE.acquireUninterruptibly();
        try {
            generator.generateBytes(password, hash);
        } finally {
            AT_ONCE.release();
        }
        return hash;
    }
}
