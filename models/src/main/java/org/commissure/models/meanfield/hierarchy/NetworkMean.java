package org.commissure.models.meanfield.hierarchy;

/**
 * One parameter over the regions of one network.
 *
 * @param network 1 to 7, as Yeo et al. 2011 number them
 * @param deviation sample standard deviation over regions; 0 for a single one
 */
public record NetworkMean(String parameter, int network, String name, int regions, double mean, double deviation) {}
