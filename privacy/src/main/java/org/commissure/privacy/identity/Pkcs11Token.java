package org.commissure.privacy.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * Keys inside a PKCS#11 token (an HSM or a smart card), which never shows them; P-256 for both purposes, because few
 * tokens know Ed25519. The token keeps a key under an alias made of its public half; the folder says in {@code
 * NAME.pem}, by the certificates there, which key has which name. So a name changes its key in one rename.
 */
final class Pkcs11Token implements KeyVault {
    private static final String ALIAS_PREFIX = "commissure-";
    private static final String CHAIN_SUFFIX = ".pem";

    private final Path folder;
    private final Path configuration;
    private final Passphrase pin;
    private final Provider provider;

    private Pkcs11Token(Path folder, Path configuration, Passphrase pin, Provider provider) {
        this.folder = folder;
        this.configuration = configuration;
        this.pin = pin;
        this.provider = provider;
    }

    /**
     * @param configuration of the JDK's SunPKCS11 provider: {@code name}, {@code library}, {@code slot}
     * @param pin the token's user PIN
     * @throws UserError if the library or the token cannot be used
     */
    static Pkcs11Token open(Path folder, Path configuration, Passphrase pin) {
        try {
            Provider configured = Security.getProvider("SunPKCS11").configure(configuration.toString());
            Provider registered = Security.getProvider(configured.getName());
            Provider provider = registered == null ? configured : registered;
            // Registered, so that TLS and signatures find who can use the token's keys.
            int unused = Security.addProvider(provider);
            Pkcs11Token opened = new Pkcs11Token(folder, configuration, pin, provider);
            var checked = opened.token();
            return opened;
        } catch (ProviderException | IllegalArgumentException e) {
            throw unusable(configuration, e);
        }
    }

    /** Read anew each time: a key store remembers aliases, and another one may have moved a key. */
    private KeyStore token() {
        try {
            KeyStore token = KeyStore.getInstance("PKCS11", provider);
            token.load(null, pin.forReading(folder));
            return token;
        } catch (GeneralSecurityException | IOException | ProviderException e) {
            throw unusable(configuration, e);
        }
    }

    private static UserError unusable(Path configuration, Exception cause) {
        return new UserError(
                "the token of " + configuration + " cannot be opened: " + cause(cause),
                "check 'library' and 'slot' in that file, that the token is there, and the PIN",
                cause);
    }

    private static String cause(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public KeyPair newKey(Purpose purpose) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException | ProviderException e) {
            throw new UserError(
                    "the token cannot make a P-256 key: " + cause(e), "use a token that supports CKM_ECDSA", e);
        }
    }

    private Path chainFile(String name) {
        return folder.resolve(name + CHAIN_SUFFIX);
    }

    @Override
    public boolean has(String name) {
        return Files.exists(chainFile(name));
    }

    private static String alias(PublicKey key) {
        return ALIAS_PREFIX + HexFormat.of().formatHex(EnrolmentToken.hash(key.getEncoded()), 0, 16);
    }

    @Override
    public void save(String name, PrivateKey key, List<X509Certificate> chain) {
        PublicKey next = chain.getFirst().getPublicKey();
        Optional<PublicKey> before = has(name) ? Optional.of(publicKey(chainFile(name))) : Optional.empty();
        KeyStore token = token();
        try {
            if (!token.containsAlias(alias(next))) {
                token.setKeyEntry(alias(next), key, null, new X509Certificate[] {chain.getFirst()});
            }
            DurableFile.writeSecret(chainFile(name), Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | ProviderException e) {
            throw new UserError("the token cannot keep the key '" + name + "': " + cause(e), "check its space", e);
        } catch (IOException e) {
            throw new UserError(chainFile(name) + " cannot be written", "check the folder's permissions", e);
        }
        before.filter(old -> !old.equals(next)).ifPresent(this::forget);
    }

    private static PublicKey publicKey(Path chainFile) {
        return Certificates.readPems(chainFile).getFirst().getPublicKey();
    }

    @Override
    public KeyAndChain load(String name) {
        List<X509Certificate> chain = Certificates.readPems(chainFile(name));
        try {
            if (token().getKey(alias(chain.getFirst().getPublicKey()), null) instanceof PrivateKey key) {
                return new KeyAndChain(key, chain);
            }
        } catch (GeneralSecurityException | ProviderException e) {
            throw new UserError("the token does not give the key '" + name + "': " + cause(e), "check the token", e);
        }
        throw new UserError(
                "the token holds no key of " + chainFile(name), "use the token that the site was enrolled with");
    }

    @Override
    public void delete(String name) {
        if (!has(name)) {
            return;
        }
        PublicKey key = publicKey(chainFile(name));
        try {
            Files.delete(chainFile(name));
        } catch (IOException e) {
            throw new UserError(chainFile(name) + " cannot be deleted", "check the folder's permissions", e);
        }
        forget(key);
    }

    /** Removes a key from the token, unless another name still has it. */
    private void forget(PublicKey key) {
        try (Stream<Path> files = Files.list(folder)) {
            boolean named = files.filter(file -> file.toString().endsWith(CHAIN_SUFFIX))
                    .anyMatch(file -> publicKey(file).equals(key));
            if (!named) {
                token().deleteEntry(alias(key));
            }
        } catch (GeneralSecurityException | ProviderException | IOException e) {
            throw new UserError("an old key cannot be removed: " + cause(e), "check the token and the folder", e);
        }
    }
}
