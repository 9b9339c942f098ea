package org.commissure.models.meanfield.files;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;

/** The cumulative distribution of an empirical FCD, as counts (the published form) or as fractions. */
public final class DynamicsFile {
    private DynamicsFile() {}

    /**
     * @return fractions ending at 1, [{@link ConnectivityDynamics#BINS}]
     * @throws RegionalFileException if there are not as many bins, or the numbers fall, are negative or not finite
     */
    public static double[] readCumulative(Path file) throws IOException {
        double[] cumulative = MatrixFile.readVector(file);
        if (cumulative.length != ConnectivityDynamics.BINS) {
            throw new RegionalFileException(
                    file,
                    "it has " + cumulative.length + " bins; a cumulative FCD has " + ConnectivityDynamics.BINS
                            + " over [" + ConnectivityDynamics.LOWEST + ", 1]");
        }
        double before = 0;
        for (int bin = 0; bin < cumulative.length; bin++) {
            if (!(cumulative[bin] >= before) || Double.isInfinite(cumulative[bin])) {
                throw new RegionalFileException(
                        file,
                        "bin " + (bin + 1) + " is " + cumulative[bin] + " after " + before
                                + "; a cumulative FCD never falls (a histogram must be summed up first)");
            }
            before = cumulative[bin];
        }
        if (before == 0) {
            throw new RegionalFileException(file, "all its bins are 0");
        }
        double[] fractions = new double[cumulative.length];
        for (int bin = 0; bin < fractions.length; bin++) {
            fractions[bin] = cumulative[bin] / before;
        }
        return fractions;
    }
}
