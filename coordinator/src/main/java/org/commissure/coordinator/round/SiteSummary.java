package org.commissure.coordinator.round;

/**
 * What the coordinator sees of one site: whether it is there, what it says it is doing, and how many
 * bytes of masked vectors it has uploaded in this run.
 *
 * @param fraction of the present activity, in [0, 1]
 */
public record SiteSummary(String name, boolean connected, String activity, double fraction, long bytesReceived) {}
