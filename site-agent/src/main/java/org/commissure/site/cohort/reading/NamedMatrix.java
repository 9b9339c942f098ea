package org.commissure.site.cohort.reading;

import java.util.List;

/**
 * A matrix in a file that may hold several.
 *
 * @param values row-major {@code [rows, columns]}
 */
record NamedMatrix(String name, int rows, int columns, float[] values) {
    /** As DPABI names it: one row for each frame. */
    static final String DPABI = "ROISignals";

    private static final List<String> PREFERRED = List.of(DPABI, "timeseries");

    /**
     * The name of the one to read: a preferred one, or the only one.
     *
     * @throws UnreadableSeriesException if there is none, or several and none of them preferred
     */
    static String choose(List<String> names) throws UnreadableSeriesException {
        for (String preferred : PREFERRED) {
            if (names.contains(preferred)) {
                return preferred;
            }
        }
        if (names.size() == 1) {
            return names.getFirst();
        }
        throw UnreadableSeriesException.unsupported(
                names.isEmpty()
                        ? "it holds no matrix of real numbers"
                        : "it holds the matrices " + String.join(", ", names) + ", and none of them is called "
                                + String.join(" or ", PREFERRED));
    }

    /**
     * Tells time from parcels by the number of parcels. A matrix of neither size is taken as {@code [parcels, time]},
     * so that the number of parcels is what is found wrong with it.
     *
     * @throws UnreadableSeriesException if both sides have it
     */
    ParcelSeries oriented(int parcels) throws UnreadableSeriesException {
        if (name.equals(DPABI)) {
            return ParcelSeries.ofFrames(values, rows, columns);
        }
        if (rows == parcels && columns == parcels) {
            throw UnreadableSeriesException.unsupported("the matrix " + name + " has " + parcels
                    + " rows and as many columns: nothing says which of them are frames");
        }
        return columns == parcels
                ? ParcelSeries.ofFrames(values, rows, columns)
                : new ParcelSeries(values, rows, columns);
    }
}
