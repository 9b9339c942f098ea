package org.commissure.privacy.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * An actor's keys in a folder: {@code tls.p12} and {@code signing.p12} (PKCS#12), and {@code authority.pem}, the
 * pinned root. Where nobody gives a {@link Passphrase}, a random one is written beside them as {@code password}
 * (0600); that keeps keys out of backups and copies that take only the key stores, and whoever reads the whole
 * folder has the keys. With a {@code pkcs11.cfg} in the folder the keys are in a token instead, and the folder holds
 * certificates only. Files are replaced atomically. Not for concurrent writers.
 */
public final class IdentityStore {
    /** Configuration of the JDK's SunPKCS11 provider. */
    public static final String TOKEN_CONFIGURATION = "pkcs11.cfg";

    static final String RESTORE = "restore the folder from its backup, or enrol again";

    private static final String TLS = "tls";
    private static final String SIGNING = "signing";
    private static final String WAITING_TLS = "waiting-tls";
    private static final String WAITING_SIGNING = "waiting-signing";
    private static final String AUTHORITY = "authority.pem";
    private static final String AUTHORITY_KEY = "authority";

    private final Path folder;
    private final KeyVault keys;

    /** @param folder created at the first save */
    public IdentityStore(Path folder) {
        this(folder, Passphrase.ofProcess());
    }

    public IdentityStore(Path folder, Passphrase passphrase) {
        this.folder = folder;
        Path token = folder.resolve(TOKEN_CONFIGURATION);
        this.keys =
                Files.exists(token) ? Pkcs11Token.open(folder, token, passphrase) : new Pkcs12Files(folder, passphrase);
    }

    /** Whether the TLS and the signing identity and the authority are all there. */
    public boolean isComplete() {
        return keys.has(TLS) && keys.has(SIGNING) && Files.exists(folder.resolve(AUTHORITY));
    }

    /** A key of the kind that this store keeps; stored by one of the methods below. */
    KeyPair newKey(Purpose purpose) {
        return keys.newKey(purpose);
    }

    public void saveTls(TlsIdentity identity) {
        keys.save(TLS, identity.key(), identity.chain());
    }

    /** @throws UserError if there is none, or it cannot be opened */
    public TlsIdentity loadTls() {
        KeyVault.KeyAndChain stored = keys.load(TLS);
        return new TlsIdentity(stored.key(), stored.chain());
    }

    public void saveSigning(SigningIdentity identity) {
        keys.save(SIGNING, identity.key(), List.of(identity.certificate()));
    }

    /** @throws UserError if there is none, or it cannot be opened */
    public SigningIdentity loadSigning() {
        KeyVault.KeyAndChain stored = keys.load(SIGNING);
        X509Certificate certificate = stored.chain().getFirst();
        try {
            return new SigningIdentity(CertificateName.of(certificate).name(), stored.key(), certificate);
        } catch (CertificateRefusedException e) {
            throw new UserError(folder + ": the signing certificate: " + e.getMessage(), RESTORE, e);
        }
    }

    public boolean hasSigning() {
        return keys.has(SIGNING);
    }

    /** Keeps the keys of requests whose certificates come later, by file. */
    public void saveWaiting(EnrolmentRequests requests, String name) {
        saveWaiting(WAITING_TLS, name, requests.tls());
        saveWaiting(WAITING_SIGNING, name, requests.signing());
    }

    private void saveWaiting(String as, String name, KeyPair pair) {
        Instant from = Instant.EPOCH;
        // Key stores want a certificate beside a key; this one is its own and nobody accepts it.
        keys.save(
                as,
                pair.getPrivate(),
                List.of(SubjectCertificates.placeholder(name, pair, from, from.plus(Duration.ofDays(1)))));
    }

    public boolean hasWaiting() {
        return keys.has(WAITING_TLS) && keys.has(WAITING_SIGNING);
    }

    /** @throws UserError if no request waits here */
    public EnrolmentRequests loadWaiting(String name) {
        return EnrolmentRequests.of(name, waiting(WAITING_TLS), waiting(WAITING_SIGNING));
    }

    private KeyPair waiting(String as) {
        KeyVault.KeyAndChain stored = keys.load(as);
        return new KeyPair(stored.chain().getFirst().getPublicKey(), stored.key());
    }

    public void deleteWaiting() {
        keys.delete(WAITING_TLS);
        keys.delete(WAITING_SIGNING);
    }

    /** Stores the certificate of the federation's root, which its owner pins. */
    public void saveAuthority(X509Certificate root) {
        try {
            DurableFile.writeSecret(
                    folder.resolve(AUTHORITY), Certificates.pem(root).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UserError(
                    folder.resolve(AUTHORITY) + " cannot be written: " + e.getMessage(),
                    "check the folder's permissions and free space",
                    e);
        }
    }

    /** @throws UserError if there is none, or it cannot be read */
    public X509Certificate loadAuthority() {
        return Certificates.readPem(folder.resolve(AUTHORITY));
    }

    boolean hasAuthorityKey() {
        return keys.has(AUTHORITY_KEY);
    }

    /** @param chain the authority's own certificate first, the root's last */
    void saveAuthorityKey(PrivateKey key, List<X509Certificate> chain) {
        keys.save(AUTHORITY_KEY, key, chain);
        saveAuthority(chain.getLast());
    }

    KeyVault.KeyAndChain loadAuthorityKey() {
        return keys.load(AUTHORITY_KEY);
    }
}
