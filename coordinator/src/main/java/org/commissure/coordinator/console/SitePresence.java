package org.commissure.coordinator.console;

import java.time.Instant;

/**
 * What a site's last frame said of it.
 *
 * @param agentVersion in the site's own words, cut to 40 printable characters
 * @param protocolVersion that was agreed
 * @param seen when the frame came
 */
public record SitePresence(String agentVersion, int protocolVersion, Instant seen) {
    private static final int MAXIMUM_CHARS = 40;

    public SitePresence {
        String line = agentVersion.replaceAll("\\p{Cntrl}", " ");
        agentVersion = line.substring(0, Math.min(MAXIMUM_CHARS, line.length()));
    }
}
