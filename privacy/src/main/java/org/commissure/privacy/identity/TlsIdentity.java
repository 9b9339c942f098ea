package org.commissure.privacy.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one end of a TLS connection shows and proves. Never prints its key.
 *
 * @param chain the owner's certificate first, the authority's last
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.size() < 2) {
            throw new IllegalArgumentException("a TLS identity needs its certificate and the authority's");
        }
    }

    /** The chain of {@code certificate}, with its issuing authority's that it carries, up to {@code root}. */
    public static TlsIdentity of(PrivateKey key, X509Certificate certificate, X509Certificate root) {
        return new TlsIdentity(
                key,
                Stream.concat(
                                Stream.concat(
                                        Stream.of(certificate), SubjectCertificates.issuerIn(certificate).stream()),
                                Stream.of(root))
                        .toList());
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    public X509Certificate authority() {
        return chain.getLast();
    }

    @Override
    public String toString() {
        return "TlsIdentity[" + certificate().getSubjectX500Principal().getName() + "]";
    }
}
