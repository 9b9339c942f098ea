package org.commissure.privacy.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.commissure.protocol.UserError;

/**
 * For enrolment, when a site knows only the fingerprint of the authority from its invitation:
 * accepts a coordinator whose chain ends in the authority with that fingerprint. Thread-safe.
 */
public final class PinnedAuthorityTrustManager extends X509ExtendedTrustManager {
    private final String authoritySha256;
    private final Clock clock;

    /** @param authoritySha256 of the authority's certificate (DER), lower-case hex */
    public PinnedAuthorityTrustManager(String authoritySha256) {
        this(authoritySha256, Clock.systemUTC());
    }

    PinnedAuthorityTrustManager(String authoritySha256, Clock clock) {
        this.authoritySha256 = authoritySha256;
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        X509Certificate last = chain.length == 0 ? null : chain[chain.length - 1];
        if (last == null || !Certificates.fingerprint(last).equals(authoritySha256)) {
            throw new CertificateException("the server's authority is not the one in the invitation (fingerprint "
                    + authoritySha256 + "); do not go on: ask the coordinator to read its fingerprint to you");
        }
        try {
            new FederationTrustManager(last, clock, EnumSet.of(Role.COORDINATOR)).checkServerTrusted(chain, authType);
        } catch (UserError e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("enrolment has no TLS clients to accept");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
