package org.commissure.privacy.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The URI among a certificate's subject alternative names. */
final class SubjectNames {
    private static final Integer URI = 6; // uniformResourceIdentifier, RFC 5280 section 4.2.1.6

    private SubjectNames() {}

    /** The certificate's URI, where it has exactly one. */
    static Optional<String> singleUri(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            List<String> uris = names.stream()
                    .filter(name -> URI.equals(name.get(0)))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
            return uris.size() == 1 ? Optional.of(uris.getFirst()) : Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
