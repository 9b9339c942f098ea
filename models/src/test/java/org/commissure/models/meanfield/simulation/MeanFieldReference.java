package org.commissure.models.meanfield.simulation;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.npy.NpyFile;
import org.commissure.models.reference.ReferenceNumbers;

/** The reference folder of the mean-field model. */
public final class MeanFieldReference {
    private static final int CANDIDATES = 10;

    private MeanFieldReference() {}

    public static double[] numbers(String file) throws IOException {
        Path folder = ReferenceNumbers.folder("reference/meanfield");
        try (NpyFile npy = NpyFile.open(folder.resolve(file))) {
            return npy.doubles();
        }
    }

    public static double[][] square(String file) throws IOException {
        double[] flat = numbers(file);
        int size = (int) Math.sqrt(flat.length);
        double[][] matrix = new double[size][size];
        for (int row = 0; row < size; row++) {
            System.arraycopy(flat, row * size, matrix[row], 0, size);
        }
        return matrix;
    }

    /** @param split train, vali or test */
    public static Connectome connectome(String split) throws IOException {
        return Connectome.ofScaled(square("common/SC_" + split + "_scaled.npy"));
    }

    /** One of the ten published parameter sets. */
    public static RegionalParameters published(int candidate) throws IOException {
        double[] table = numbers("common/params_top10_w68_I68_G_sigma68.npy");
        double[] vector = new double[table.length / CANDIDATES];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = table[i * CANDIDATES + candidate];
        }
        return RegionalParameters.ofVector(vector);
    }
}
