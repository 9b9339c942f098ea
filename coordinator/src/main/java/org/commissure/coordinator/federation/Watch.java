package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.time.Instant;
import org.commissure.coordinator.storage.DenyLists;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Denial;

/**
 * Ends the open streams of sites that may not be here any more: revoked, or with a certificate that ended and was
 * not renewed. A newer deny list goes to everybody else. Calls that begin are judged by {@link PeerInterceptor}.
 */
final class Watch {
    private final DenyLists denied;
    private final SiteConnections connections;
    private final SiteRegistry registry;
    private final Clock clock;

    Watch(DenyLists denied, SiteConnections connections, SiteRegistry registry, Clock clock) {
        this.denied = denied;
        this.connections = connections;
        this.registry = registry;
        this.clock = clock;
    }

    /** Called every second. */
    void look() {
        if (denied.refresh()) {
            CoordinatorFrame news = CoordinatorFrame.newBuilder()
                    .setDenyList(ByteString.copyFrom(denied.signed()))
                    .build();
            for (String site : connections.connected()) {
                denied.get().standing(Role.SITE, site).ifPresent(denial -> connections.cut(site, words(site, denial)));
                connections.send(site, news);
            }
        }
        Instant now = clock.instant();
        for (SiteRegistry.EnrolledSite site : registry.sites()) {
            if (site.tlsExpires().plus(CertificateVerifier.CLOCK_SKEW).isBefore(now)) {
                connections.cut(
                        site.name(),
                        "the certificate of site '" + site.name() + "' expired on " + site.tlsExpires()
                                + " and was not renewed; enrol again");
            }
        }
    }

    private static String words(String site, Denial denial) {
        return "site '" + site + "' was revoked on " + Instant.ofEpochMilli(denial.getSinceUnixMs()) + ": "
                + denial.getReason() + "; ask the coordinator's operator";
    }
}
