package org.commissure.models.meanfield.simulation;

import org.commissure.models.meanfield.VectorApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fastest kernel of this virtual machine. */
final class Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
    private static final LaneKernel FASTEST = choose();

    private Kernels() {}

    static LaneKernel fastest() {
        return FASTEST;
    }

    private static LaneKernel choose() {
        if (VectorApi.isPresent()) {
            return new VectorKernel();
        }
        LOG.warn("regional models are simulated without vectors, many times slower: start Java with"
                + " --add-modules jdk.incubator.vector");
        return new ScalarKernel();
    }
}
