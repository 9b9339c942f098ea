package org.commissure.site.cohort.reading;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A matrix in an HDF5 file, in any group of it. */
final class Hdf5Series {
    /** Deeper groups than any tool writes, so that a file whose groups hold each other ends somewhere. */
    private static final int MAXIMUM_DEPTH = 8;

    /** A thousand parcels in a day of frames, rounded up. */
    private static final long MAXIMUM_VALUES = 100_000_000;

    private Hdf5Series() {}

    static ParcelSeries read(Path file, int parcels) throws IOException {
        return matrix(file).oriented(parcels);
    }

    /** Of a file of MATLAB 7.3: CONN's cells, or a matrix. */
    static ParcelSeries columnsFirst(Path file, int parcels) throws IOException {
        Optional<ParcelSeries> conn = opened(file, hdf -> {
            Optional<Hdf5Cells> cells = Hdf5Cells.ofConn(hdf);
            return cells.isPresent() ? Optional.of(ConnSeries.read(cells.get(), parcels)) : Optional.empty();
        });
        if (conn.isPresent()) {
            return conn.get();
        }
        NamedMatrix stored = matrix(file);
        float[] values = ParcelSeries.ofFrames(stored.values(), stored.rows(), stored.columns())
                .values();
        return new NamedMatrix(stored.name(), /* rows= */ stored.columns(), /* columns= */ stored.rows(), values)
                .oriented(parcels);
    }

    private static NamedMatrix matrix(Path file) throws IOException {
        return opened(file, hdf -> {
            Map<String, Dataset> matrices = new LinkedHashMap<>();
            collect(hdf, matrices, 0);
            String chosen = NamedMatrix.choose(List.copyOf(matrices.keySet()));
            Dataset dataset = Objects.requireNonNull(matrices.get(chosen), chosen);
            int[] shape = dataset.getDimensions();
            return new NamedMatrix(chosen, shape[0], shape[1], floats(dataset));
        });
    }

    private interface Reading<T> {
        T of(HdfFile hdf) throws UnreadableSeriesException;
    }

    private static <T> T opened(Path file, Reading<T> reading) throws IOException {
        try (HdfFile hdf = new HdfFile(file)) {
            return reading.of(hdf);
        } catch (HdfException | IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new UnreadableSeriesException(
                    UnreadableSeriesException.Problem.DAMAGED, "it is no HDF5 file, or a damaged one", e);
        }
    }

    private static void collect(Group group, Map<String, Dataset> matrices, int depth) {
        for (Node node : group.getChildren().values()) {
            if (node instanceof Group inner
                    && depth < MAXIMUM_DEPTH
                    && !node.getName().startsWith("#")) {
                collect(inner, matrices, depth + 1);
            } else if (node instanceof Dataset dataset && isSeries(dataset)) {
                matrices.putIfAbsent(node.getName(), dataset);
            }
        }
    }

    private static boolean isSeries(Dataset dataset) {
        int[] shape = dataset.getDimensions();
        Class<?> type = dataset.getJavaType();
        return shape.length == 2 && shape[0] > 1 && shape[1] > 1 && (type == float.class || type == double.class);
    }

    static float[] floats(Dataset dataset) throws UnreadableSeriesException {
        if (dataset.getSize() > MAXIMUM_VALUES) {
            throw UnreadableSeriesException.unsupported("its matrix has " + dataset.getSize() + " values");
        }
        Object flat = dataset.getDataFlat();
        if (flat instanceof float[] floats) {
            return floats;
        }
        if (flat instanceof double[] doubles) {
            float[] values = new float[doubles.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) doubles[i];
            }
            return values;
        }
        throw UnreadableSeriesException.unsupported("its values are not float32 or float64");
    }
}
