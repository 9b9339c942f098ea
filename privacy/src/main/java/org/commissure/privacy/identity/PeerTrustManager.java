package org.commissure.privacy.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A trust manager in two questions instead of six. Whoever answers neither trusts nobody: each question refuses
 * unless it is overridden. Addresses and host names are not compared, because peers are known by the name in their
 * certificate: a coordinator behind a proxy or at a new address is still the coordinator.
 */
public abstract class PeerTrustManager extends X509ExtendedTrustManager {

    /** @throws CertificateException if the client is not accepted */
    protected void checkClient(X509Certificate[] chain) throws CertificateException {
        throw new CertificateException("this end of the connection has no TLS clients to accept");
    }

    /** @throws CertificateException if the server is not accepted */
    protected void checkServer(X509Certificate[] chain) throws CertificateException {
        throw new CertificateException("this end of the connection has no TLS servers to accept");
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkClient(chain);
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClient(chain);
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClient(chain);
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkServer(chain);
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServer(chain);
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServer(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
