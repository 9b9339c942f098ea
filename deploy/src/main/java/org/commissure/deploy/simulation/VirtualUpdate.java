package org.commissure.deploy.simulation;

import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.RingVector;

/**
 * A made-up update of full weight, different at every site and known to whoever checks the sum: element k of site u is
 * ((31·u + 17·k) mod 97 − 48) / 2^scale. Made while it is masked, so that a site holds none of it.
 *
 * @param site from 0
 * @param parameters without the weight, which follows them
 */
record VirtualUpdate(int site, int parameters, int scaleLog2) implements PlainVector {
    private static final int MODULUS = 97;

    /** In units of the fixed point. */
    static int element(int site, long parameter) {
        return (int) ((31L * site + 17 * parameter) % MODULUS) - MODULUS / 2;
    }

    @Override
    public int length() {
        return parameters + 1;
    }

    @Override
    public void copyTo(RingVector chunk, int from, int count) {
        for (int i = 0; i < count; i++) {
            int parameter = from + i;
            chunk.set(i, parameter == parameters ? 1L << scaleLog2 : element(site, parameter));
        }
    }
}
