package org.commissure.privacy.dp.pld;

/**
 * Mixtures of Gaussians whose densities are told over φ = N(0, σ²), with a loss that grows with the output z.
 * The differences are exact where P − e^ε·Q would cancel.
 */
interface GaussianPair {
    double sigma();

    /** ln P/Q at output z. */
    double loss(double z);

    /** P/φ at z. */
    double ratio(double z);

    /** The output with that loss; −∞ below all losses. */
    double output(double loss);

    /** (P − e^loss·Q)/φ at z, at or above {@code output}, which is {@code output(loss)}. */
    double excess(double loss, double output, double z);

    /** (e^loss·Q − P)/φ at z, at or below {@code output}. */
    double shortfall(double loss, double output, double z);

    /** Whether the loss of Q against P is distributed like that of P against Q. */
    boolean symmetric();

    /** Leftmost and rightmost centre of the mixtures. */
    double lowestCentre();
}
