package org.commissure.coordinator.console;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.commissure.coordinator.report.SealedPatients;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.identity.DenyList;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.v1.Denial;
import org.jspecify.annotations.Nullable;

/** Enrolled sites. Thread-safe. */
final class SiteFacts {
    private final Sources sources;
    private final LogIndex log;

    SiteFacts(Sources sources, LogIndex log) {
        this.sources = sources;
        this.log = log;
    }

    /**
     * One site, as far as the coordinator may know it.
     *
     * @param agentVersion in the site's words; null where it was not heard since the coordinator started
     * @param lastSeen null where it was not heard since the coordinator started
     * @param sealedPatients how many patients it sealed last, as it said; null where it said nothing
     * @param denied why it was revoked; null where it was not, or was readmitted
     */
    record Site(
            String name,
            boolean connected,
            @Nullable String agentVersion,
            @Nullable Integer protocolVersion,
            @Nullable Instant lastSeen,
            String tlsSha256,
            Instant tlsUntil,
            Instant signingUntil,
            @Nullable SealedPatients sealedPatients,
            @Nullable String denied) {}

    Page<Site> list(Page.Window window) {
        Set<String> connected = sources.connected().get();
        Map<String, SitePresence> presences = sources.presences().get();
        Map<String, SealedPatients> sealed = log.sealedPatients();
        DenyList denied = sources.denied().get();
        return Page.of(
                sources.registry().sites().stream()
                        .map(site -> site(
                                site,
                                connected.contains(site.name()),
                                presences.get(site.name()),
                                sealed.get(site.name()),
                                denied))
                        .toList(),
                window);
    }

    private static Site site(
            SiteRegistry.EnrolledSite site,
            boolean connected,
            @Nullable SitePresence presence,
            @Nullable SealedPatients sealedPatients,
            DenyList denied) {
        return new Site(
                site.name(),
                connected,
                presence == null ? null : presence.agentVersion(),
                presence == null ? null : presence.protocolVersion(),
                presence == null ? null : presence.seen(),
                HexFormat.of().formatHex(site.tlsSha256().toByteArray()),
                site.tlsExpires(),
                site.signingCertificate().getNotAfter().toInstant(),
                sealedPatients,
                denied.standing(Role.SITE, site.name()).map(Denial::getReason).orElse(null));
    }
}
