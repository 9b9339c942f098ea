package org.commissure.privacy.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/** One PKCS#12 file (AES-256) for each key, all opened by one passphrase. */
record Pkcs12Files(Path folder, Passphrase passphrase) implements KeyVault {
    private static final String SUFFIX = ".p12";
    private static final String ALIAS = "commissure";

    @Override
    public KeyPair newKey(Purpose purpose) {
        return purpose == Purpose.TLS ? KeyKinds.newP256() : KeyKinds.newEd25519();
    }

    private Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    @Override
    public boolean has(String name) {
        return Files.exists(file(name));
    }

    @Override
    public void save(String name, PrivateKey key, List<X509Certificate> chain) {
        try {
            char[] password = passphrase.forWriting(folder, holdsKeys());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, password, chain.toArray(Certificate[]::new));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password);
            DurableFile.writeSecret(file(name), bytes.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key store for " + name + " cannot be built", e);
        } catch (IOException e) {
            throw new UserError(
                    file(name) + " cannot be written: " + e.getMessage(),
                    "check the folder's permissions and free space",
                    e);
        }
    }

    private boolean holdsKeys() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(SUFFIX));
        }
    }

    @Override
    public KeyAndChain load(String name) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new UserError(
                    file(name) + " cannot be read", "enrol first, or check the folder and its permissions", e);
        }
        char[] password = passphrase.forReading(folder);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            Certificate[] stored = store.getCertificateChain(ALIAS);
            if (stored != null && store.getKey(ALIAS, password) instanceof PrivateKey key) {
                return new KeyAndChain(
                        key, Stream.of(stored).map(X509Certificate.class::cast).toList());
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new UserError(
                    file(name) + " cannot be opened: it is damaged, or the passphrase is another",
                    IdentityStore.RESTORE,
                    e);
        }
        throw new UserError(file(name) + " holds no Commissure key", IdentityStore.RESTORE);
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UserError(file(name) + " cannot be deleted", "check the folder's permissions", e);
        }
    }
}
