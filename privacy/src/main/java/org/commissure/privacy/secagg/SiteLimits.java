package org.commissure.privacy.secagg;

/**
 * What a site's own policy demands of every sum, whatever the coordinator configures.
 *
 * @param minimumSites no smaller group is ever summed, at any step
 * @param minimumThreshold no fewer sites can ever open a mask; 0 leaves it to the rule ⌊2n/3⌋ + 1,
 *     which holds in any case
 */
public record SiteLimits(int minimumSites, int minimumThreshold) {}
