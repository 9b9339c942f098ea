package org.commissure.privacy.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.commissure.protocol.UserError;

/**
 * Accepts TLS peers of the federation that have one of the given roles. A peer is known by the name
 * in its certificate, not by the address it is reached at, so host names are not compared: a
 * coordinator behind a proxy or a new address is still the coordinator. Thread-safe.
 */
public final class FederationTrustManager extends X509ExtendedTrustManager {
    private final CertificateVerifier verifier;
    private final Set<Role> peers;

    /** @throws UserError if {@code authority} is not a federation's authority */
    public FederationTrustManager(X509Certificate authority, Clock clock, Set<Role> peers) {
        this.verifier = new CertificateVerifier(authority, clock);
        this.peers = Set.copyOf(EnumSet.copyOf(peers));
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("the peer showed no certificate");
        }
        try {
            CertificateName name = CertificateName.of(chain[0]);
            Role expected =
                    peers.contains(name.role()) ? name.role() : peers.iterator().next();
            verifier.verify(chain[0], expected, Purpose.TLS);
        } catch (CertificateRefusedException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[] {verifier.authority()};
    }
}
