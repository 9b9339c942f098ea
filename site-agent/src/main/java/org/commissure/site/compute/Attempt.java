package org.commissure.site.compute;

/**
 * Which attempt at which round local training is for.
 *
 * @param name for the site's own log, for example {@code run a round 1 TRAIN attempt 1}
 * @param round counted from 1
 */
public record Attempt(String name, int round, int attempt) {}
