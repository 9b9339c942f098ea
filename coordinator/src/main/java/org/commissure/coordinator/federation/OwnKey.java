package org.commissure.coordinator.federation;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.commissure.privacy.identity.TlsIdentity;
import org.jspecify.annotations.Nullable;

/** Shows the present TLS identity to every client; connections that are open stay as they are. Thread-safe. */
final class OwnKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "tls";

    private volatile TlsIdentity identity;

    OwnKey(TlsIdentity identity) {
        this.identity = identity;
    }

    /** Shows {@code renewed} to clients that connect from now on. */
    void show(TlsIdentity renewed) {
        identity = renewed;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // a coordinator calls nobody
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity.key();
    }
}
