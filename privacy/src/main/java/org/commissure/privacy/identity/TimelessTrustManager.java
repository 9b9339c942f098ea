package org.commissure.privacy.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * As {@link PinnedAuthorityTrustManager}, but judges the coordinator's certificate in the middle of its own life, so
 * that a machine with a wrong clock can still ask what time it is. For nothing else: an expired certificate passes.
 * Thread-safe.
 */
public final class TimelessTrustManager extends PeerTrustManager {
    private final String rootSha256;

    /** @param rootSha256 of the root's certificate (DER), lower-case hex */
    public TimelessTrustManager(String rootSha256) {
        this.rootSha256 = rootSha256;
    }

    @Override
    protected void checkServer(X509Certificate[] chain) throws CertificateException {
        Instant from = chain[0].getNotBefore().toInstant();
        Instant middle = from.plus(
                Duration.between(from, chain[0].getNotAfter().toInstant()).dividedBy(2));
        new PinnedAuthorityTrustManager(rootSha256, Clock.fixed(middle, ZoneOffset.UTC)).checkServer(chain);
    }
}
