package org.commissure.site.cohort.reading;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.Reference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cell arrays of MATLAB 7.3: data sets of object references, whose targets lie in the group {@code #refs#} of the same file.
 * Text is there as 16-bit characters, and a matrix has its sides swapped. Not thread-safe.
 */
final class Hdf5Cells implements ConnSeries.Cells {
    /** More cells than any atlas has regions, so that a damaged size allocates nothing. */
    private static final int MAXIMUM_CELLS = 100_000;

    private static final String TARGETS = "#refs#";

    private final Map<Long, Dataset> targets;
    private final long[] data;
    private final long[] names;

    private Hdf5Cells(Map<Long, Dataset> targets, long[] data, long[] names) {
        this.targets = targets;
        this.data = data;
        this.names = names;
    }

    /** The cells of CONN's variables, where the file has them. */
    static Optional<Hdf5Cells> ofConn(HdfFile hdf) throws UnreadableSeriesException {
        Map<String, Node> children = hdf.getChildren();
        if (!(children.get("data") instanceof Dataset data && data.getDataType() instanceof Reference)
                || !(children.get("names") instanceof Dataset names && names.getDataType() instanceof Reference)) {
            return Optional.empty();
        }
        Map<Long, Dataset> targets = new HashMap<>();
        if (children.get(TARGETS) instanceof Group group) {
            for (Node node : group.getChildren().values()) {
                if (node instanceof Dataset target) {
                    targets.put(node.getAddress(), target);
                }
            }
        }
        return Optional.of(new Hdf5Cells(targets, references(data), references(names)));
    }

    private static long[] references(Dataset cells) throws UnreadableSeriesException {
        if (cells.getSize() > MAXIMUM_CELLS) {
            throw UnreadableSeriesException.unsupported("its cell array has " + cells.getSize() + " cells");
        }
        if (cells.getDataFlat() instanceof long[] addresses) {
            return addresses;
        }
        throw UnreadableSeriesException.damaged("its cell array holds no references to objects");
    }

    @Override
    public int count() {
        return Math.min(data.length, names.length);
    }

    @Override
    public String name(int cell) {
        Dataset text = targets.get(names[cell]);
        if (text == null || !(text.getDataFlat() instanceof int[] characters)) {
            return "";
        }
        StringBuilder name = new StringBuilder();
        Arrays.stream(characters).forEach(character -> name.append((char) character));
        return name.toString();
    }

    /** A reference to nothing counts as a series, so that a damaged file is no smaller atlas. */
    @Override
    public boolean isSeries(int cell) {
        Dataset series = targets.get(data[cell]);
        return series == null || isMatrix(series);
    }

    private static boolean isMatrix(Dataset series) {
        return series.getDimensions().length == 2
                && (series.getJavaType() == double.class || series.getJavaType() == float.class);
    }

    @Override
    public float[] column(int cell) throws UnreadableSeriesException {
        @Nullable Dataset series = targets.get(data[cell]);
        if (series == null) {
            throw UnreadableSeriesException.damaged("the cell of region " + name(cell) + " refers to no object in it");
        }
        // MATLAB's [frames, sources] is [sources, frames] in the file, so that the first column comes first.
        return Arrays.copyOf(Hdf5Series.floats(series), series.getDimensions()[1]);
    }
}
