package org.commissure.privacy.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When certificates are renewed: once two thirds of their life are over. */
public final class CertificateLife {
    private CertificateLife() {}

    /** The first moment at which {@code certificate} is to be renewed. */
    public static Instant renewal(X509Certificate certificate) {
        // The backdating against slow clocks is no part of the life.
        Instant from = certificate.getNotBefore().toInstant().plus(CertificateVerifier.CLOCK_SKEW);
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        return from.plus(life.multipliedBy(2).dividedBy(3));
    }

    public static boolean isDue(X509Certificate certificate, Instant now) {
        return !now.isBefore(renewal(certificate));
    }
}
