package org.commissure.privacy.dp.pld;

/** How a loss between two grid points is put on the grid; an upper bound either way. */
public enum Grid {
    /** Split between both points so that both masses are kept: the error falls with the interval's square. */
    CONNECT_DOTS,

    /**
     * Rounded up (Meiser, Mohammadi, <i>Tight on Budget?</i>, CCS 2018): the error is half an interval a step. Only to
     * reproduce what an accountant that does so reports for integer noise.
     */
    PRIVACY_BUCKETS
}
