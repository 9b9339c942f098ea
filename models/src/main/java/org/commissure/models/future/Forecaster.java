package org.commissure.models.future;

/** Predicts a window's future. Not thread-safe. */
interface Forecaster {
    /** For people. */
    String name();

    /**
     * @param window whose frames from {@code past} on must not be looked at
     * @return {@code [horizon][parcels]}
     */
    double[][] forecast(FutureWindow window);
}
