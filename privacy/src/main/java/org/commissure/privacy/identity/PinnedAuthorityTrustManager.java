package org.commissure.privacy.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import org.commissure.protocol.UserError;

/**
 * For enrolment, when a site knows only the fingerprint of the root from its invitation: accepts a
 * coordinator whose chain ends in the root with that fingerprint. Thread-safe.
 */
public final class PinnedAuthorityTrustManager extends PeerTrustManager {
    private final String rootSha256;
    private final Clock clock;

    /** @param rootSha256 of the root's certificate (DER), lower-case hex */
    public PinnedAuthorityTrustManager(String rootSha256) {
        this(rootSha256, Clock.systemUTC());
    }

    public PinnedAuthorityTrustManager(String rootSha256, Clock clock) {
        this.rootSha256 = rootSha256;
        this.clock = clock;
    }

    @Override
    protected void checkServer(X509Certificate[] chain) throws CertificateException {
        X509Certificate last = chain.length == 0 ? null : chain[chain.length - 1];
        if (last == null || !Certificates.fingerprint(last).equals(rootSha256)) {
            throw new CertificateException("the server's authority is not the one in the invitation (fingerprint "
                    + rootSha256 + "); do not go on: ask the coordinator to read its fingerprint to you");
        }
        try {
            new FederationTrustManager(last, clock, EnumSet.of(Role.COORDINATOR)).checkServer(chain);
        } catch (UserError e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }
}
