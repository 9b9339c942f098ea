package org.commissure.models.meanfield.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Target;

/** What a model is given and compared with: structural connectivity, functional connectivity and its dynamics. */
public final class TargetFile {
    private TargetFile() {}

    /**
     * Structural connectivity, scaled to the largest entry as published.
     *
     * @param file [regions, regions]: streamline counts or any strength
     * @throws RegionalFileException naming row and column, if {@link Connectome#scaling} refuses the matrix
     */
    public static Connectome connectome(Path file) throws IOException {
        double[][] strengths = MatrixFile.read(file);
        try {
            return Connectome.scaling(strengths);
        } catch (IllegalArgumentException e) {
            throw new RegionalFileException(file, e);
        }
    }

    /**
     * @param connectivity [regions, regions] of correlations
     * @param cumulativeDynamics as {@link DynamicsFile} reads it
     */
    public static Target read(Path connectivity, Optional<Path> cumulativeDynamics) throws IOException {
        double[][] matrix = MatrixFile.read(connectivity);
        double[] correlation;
        try {
            correlation = FunctionalConnectivity.upperTriangle(matrix);
        } catch (IllegalArgumentException e) {
            throw new RegionalFileException(connectivity, e);
        }
        Optional<double[]> dynamics = cumulativeDynamics.isPresent()
                ? Optional.of(DynamicsFile.readCumulative(cumulativeDynamics.get()))
                : Optional.empty();
        return new Target(matrix.length, correlation, dynamics);
    }
}
