package org.commissure.coordinator.federation;

import java.security.cert.X509Certificate;
import org.commissure.privacy.identity.PeerTrustManager;

/**
 * Lets the handshake succeed with any client certificate, because {@link PeerInterceptor} judges it
 * before a call reaches a service. Must never be used without that interceptor, nor by a client.
 */
final class AnyClientCertificate extends PeerTrustManager {

    @Override
    protected void checkClient(X509Certificate[] chain) {
        // judged by PeerInterceptor
    }
}
