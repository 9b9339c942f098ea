package org.commissure.privacy.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * An actor's keys in a folder: {@code tls.p12} and {@code signing.p12} (PKCS#12, AES-256), {@code
 * authority.pem}, and {@code password} (0600), which opens the two. The password file keeps keys out
 * of backups and copies that take only the key stores; whoever reads the whole folder has the keys.
 * Files are replaced atomically. Not for concurrent writers.
 */
public final class IdentityStore {
    private static final String PASSWORD = "password";
    private static final String TLS = "tls.p12";
    private static final String SIGNING = "signing.p12";
    private static final String AUTHORITY = "authority.pem";
    private static final String AUTHORITY_KEY = "authority.p12";
    private static final String ALIAS = "commissure";
    private static final String RESTORE = "restore the folder from its backup, or enrol again";

    private final Path folder;

    /** What one PKCS#12 file holds, the key's own certificate first. */
    record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
        @Override
        public String toString() {
            return "KeyAndChain[" + chain.getFirst().getSubjectX500Principal().getName() + "]";
        }
    }

    /** @param folder created at the first save */
    public IdentityStore(Path folder) {
        this.folder = folder;
    }

    /** Whether the TLS and the signing identity and the authority are all there. */
    public boolean isComplete() {
        return Files.exists(folder.resolve(TLS))
                && Files.exists(folder.resolve(SIGNING))
                && Files.exists(folder.resolve(AUTHORITY));
    }

    public void saveTls(TlsIdentity identity) {
        save(TLS, identity.key(), identity.chain());
    }

    /** @throws UserError if there is none, or it cannot be opened */
    public TlsIdentity loadTls() {
        KeyAndChain stored = load(TLS);
        return new TlsIdentity(stored.key(), stored.chain());
    }

    public void saveSigning(SigningIdentity identity) {
        save(SIGNING, identity.key(), List.of(identity.certificate()));
    }

    /** @throws UserError if there is none, or it cannot be opened */
    public SigningIdentity loadSigning() {
        KeyAndChain stored = load(SIGNING);
        X509Certificate certificate = stored.chain().getFirst();
        try {
            return new SigningIdentity(CertificateName.of(certificate).name(), stored.key(), certificate);
        } catch (CertificateRefusedException e) {
            throw new UserError(folder.resolve(SIGNING) + ": " + e.getMessage(), RESTORE, e);
        }
    }

    /** Stores the certificate of the federation's authority. */
    public void saveAuthority(X509Certificate authority) {
        write(AUTHORITY, Certificates.pem(authority).getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws UserError if there is none, or it cannot be read */
    public X509Certificate loadAuthority() {
        return Certificates.readPem(folder.resolve(AUTHORITY));
    }

    boolean hasAuthorityKey() {
        return Files.exists(folder.resolve(AUTHORITY_KEY));
    }

    void saveAuthorityKey(PrivateKey key, X509Certificate certificate) {
        save(AUTHORITY_KEY, key, List.of(certificate));
        saveAuthority(certificate);
    }

    KeyAndChain loadAuthorityKey() {
        return load(AUTHORITY_KEY);
    }

    private void save(String name, PrivateKey key, List<X509Certificate> chain) {
        char[] password = passwordForWriting();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, password, chain.toArray(Certificate[]::new));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password);
            write(name, bytes.toByteArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store for " + name + " cannot be built", e);
        }
    }

    private KeyAndChain load(String name) {
        Path file = folder.resolve(name);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "enrol first, or check the folder and its permissions", e);
        }
        char[] password = readPassword();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            List<X509Certificate> chain = new ArrayList<>();
            Certificate[] stored = store.getCertificateChain(ALIAS);
            if (stored != null && store.getKey(ALIAS, password) instanceof PrivateKey key) {
                for (Certificate certificate : stored) {
                    chain.add((X509Certificate) certificate);
                }
                return new KeyAndChain(key, List.copyOf(chain));
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new UserError(
                    file + " cannot be opened: it is damaged, or " + folder.resolve(PASSWORD)
                            + " does not hold its password",
                    RESTORE,
                    e);
        }
        throw new UserError(file + " holds no Commissure key", RESTORE);
    }

    private char[] passwordForWriting() {
        if (!Files.exists(folder.resolve(PASSWORD))) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            write(PASSWORD, HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
        }
        return readPassword();
    }

    private char[] readPassword() {
        Path file = folder.resolve(PASSWORD);
        try {
            return Files.readString(file, StandardCharsets.US_ASCII).strip().toCharArray();
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: without it the keys beside it stay locked", RESTORE, e);
        }
    }

    private void write(String name, byte[] bytes) {
        try {
            DurableFile.writeSecret(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UserError(
                    folder.resolve(name) + " cannot be written: " + e.getMessage(),
                    "check the folder's permissions and free space",
                    e);
        }
    }
}
