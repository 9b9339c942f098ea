package org.commissure.privacy.dp.pld;

/** Integer noise that is symmetric around 0 and falls away from it. */
interface LatticeNoise {
    /** The largest number of integers that are gone through. */
    int MAXIMUM_ATOMS = 1 << 22;

    /** ln P(noise = z), for |z| up to {@code radius} and twice a sensitivity; −∞ is allowed beyond. */
    double logMass(long z);

    /** A radius with P(|noise| &gt; radius) ≤ tail. */
    long radius(double tail);
}
