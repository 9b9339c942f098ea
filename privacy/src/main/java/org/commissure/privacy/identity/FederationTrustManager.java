package org.commissure.privacy.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import org.commissure.protocol.UserError;

/** Accepts TLS peers of the federation that have one of the given roles. Thread-safe. */
public final class FederationTrustManager extends PeerTrustManager {
    private final CertificateVerifier verifier;
    private final Set<Role> peers;

    /** @throws UserError if {@code root} is not a federation's root */
    public FederationTrustManager(X509Certificate root, Clock clock, Set<Role> peers) {
        this(new CertificateVerifier(root, clock), peers);
    }

    public FederationTrustManager(CertificateVerifier verifier, Set<Role> peers) {
        this.verifier = verifier;
        this.peers = Set.copyOf(EnumSet.copyOf(peers));
    }

    @Override
    protected void checkClient(X509Certificate[] chain) throws CertificateException {
        check(chain);
    }

    @Override
    protected void checkServer(X509Certificate[] chain) throws CertificateException {
        check(chain);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("the peer showed no certificate");
        }
        try {
            var unused = verifier.verify(chain[0], peers, Purpose.TLS);
        } catch (CertificateRefusedException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[] {verifier.authority()};
    }
}
