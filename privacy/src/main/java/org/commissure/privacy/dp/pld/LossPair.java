package org.commissure.privacy.dp.pld;

import java.util.List;

/** Two output distributions P, Q of one step on neighbours, whose privacy loss ln P/Q can be put on a grid. */
interface LossPair {
    /** √E(loss²), roughly: the scale that a grid must resolve. */
    double scale();

    /**
     * The loss on a grid by connecting the dots (Doroshenko, Ghazi, Kamath, Kumar, Manurangsi, <i>Connect the
     * Dots: Tighter Discrete Approximations of Privacy Loss Distributions</i>, arXiv:2207.04380): the mass of
     * the losses between two grid points goes to these two so that the masses under P and under Q are both
     * kept. That is the lowest curve through the exact hockey-stick values at the grid points.
     *
     * @param interval grid interval in units of ε
     * @param tail mass that may be taken as infinite loss
     * @return one loss for each direction that has to be bounded
     */
    List<GridLoss> onGrid(double interval, double tail);
}
