package org.commissure.site.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * The Ed25519 key with which one steward signs approvals. The file is the steward's own and does not belong in the
 * site's home; the hospital's policy names the public half. Never prints the key.
 */
public final class StewardKey {
    private static final String ALGORITHM = "Ed25519";
    private static final String TITLE = "commissure steward key";

    private final String publicLine;
    private final PrivateKey key;

    private StewardKey(String publicLine, PrivateKey key) {
        this.publicLine = publicLine;
        this.key = key;
    }

    /** Makes a key and writes it (0600). @throws UserError if there is a file already, or the name has a space or colon */
    public static StewardKey create(String name, Path file) {
        if (!name.matches("[^:\\s]{1,64}")) {
            throw new UserError(
                    "a steward cannot be named '" + name + "'", "use 1 to 64 characters, no space or colon");
        }
        if (Files.exists(file)) {
            throw new UserError(file + " exists already", "name a new file; a steward's key is not replaced");
        }
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            String line = name + ":"
                    + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
            String secret = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
            DurableFile.writeSecret(
                    file, (TITLE + "\n" + line + "\n" + secret + "\n").getBytes(StandardCharsets.US_ASCII));
            return new StewardKey(line, pair.getPrivate());
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e.getMessage(), "check the folder's permissions", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** @throws UserError if the file is none that {@link #create} wrote; the message repeats none of it */
    public static StewardKey read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.size() == 3
                    && lines.getFirst().equals(TITLE)
                    && lines.get(1).contains(":")) {
                return new StewardKey(
                        lines.get(1),
                        KeyFactory.getInstance(ALGORITHM)
                                .generatePrivate(new PKCS8EncodedKeySpec(
                                        Base64.getDecoder().decode(lines.get(2)))));
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new UserError(
                    file + " cannot be read as a steward's key", "name the file that 'site stewards new' wrote");
        }
        throw new UserError(file + " is no steward's key", "name the file that 'site stewards new' wrote");
    }

    /** {@code name:base64}, the line for {@code approval.keys} of the policy. */
    public String publicLine() {
        return publicLine;
    }

    public String name() {
        return publicLine.substring(0, publicLine.indexOf(':'));
    }

    byte[] sign(ApprovalTerms terms) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(terms.text().getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a steward's key cannot sign", e);
        }
    }

    /** Whether the owner of {@code publicLine} signed exactly that text. */
    static boolean verify(String publicLine, String text, byte[] signature) {
        try {
            byte[] encoded = Base64.getDecoder().decode(publicLine.substring(publicLine.indexOf(':') + 1));
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(text.getBytes(StandardCharsets.UTF_8));
            return check.verify(signature);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "StewardKey[" + name() + "]";
    }
}
