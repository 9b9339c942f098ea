package org.commissure.models.meanfield.benchmark;

/**
 * How fast one kind of work was.
 *
 * @param simulations that were measured
 * @param perSecond by wall clock, all threads together
 * @param perCoreSecond by processor time of the whole process, which other programs on the machine disturb less
 */
public record RegionalSpeed(int simulations, double perSecond, double perCoreSecond) {}
