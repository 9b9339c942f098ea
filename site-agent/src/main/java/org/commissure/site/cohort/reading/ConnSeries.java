package org.commissure.site.cohort.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A file of CONN, of whatever version of MATLAB: a cell array {@code data} with one column for each source and their
 * {@code names}. Sources of an atlas are called {@code atlas.region}; those of the one atlas that has as many as expected
 * are taken.
 */
final class ConnSeries {
    /** The cells, in the order of the file. */
    interface Cells {
        int count();

        /** Empty where the cell holds no text. */
        String name(int cell);

        boolean isSeries(int cell);

        /** The first column of a cell that {@link #isSeries}, one value for each frame. */
        float[] column(int cell) throws UnreadableSeriesException;
    }

    private ConnSeries() {}

    static ParcelSeries read(Cells cells, int parcels) throws UnreadableSeriesException {
        Map<String, List<Integer>> regions = new TreeMap<>();
        for (int i = 0; i < cells.count(); i++) {
            String name = cells.name(i);
            if (name.indexOf('.') > 0 && cells.isSeries(i)) {
                regions.computeIfAbsent(name.substring(0, name.indexOf('.')), atlas -> new ArrayList<>())
                        .add(i);
            }
        }
        List<List<Integer>> fitting =
                regions.values().stream().filter(all -> all.size() == parcels).toList();
        if (fitting.size() != 1) {
            throw UnreadableSeriesException.unsupported(
                    regions.isEmpty()
                            ? "none of its " + cells.count() + " cells is a region that an atlas names"
                            : "it holds regions of "
                                    + regions.entrySet().stream()
                                            .map(atlas -> atlas.getKey() + " ("
                                                    + atlas.getValue().size() + ")")
                                            .collect(Collectors.joining(", "))
                                    + ", and not one atlas of " + parcels);
        }
        List<Integer> chosen = fitting.getFirst();
        int frames = cells.column(chosen.getFirst()).length;
        float[] values = new float[Math.multiplyExact(parcels, frames)];
        for (int parcel = 0; parcel < parcels; parcel++) {
            float[] column = cells.column(chosen.get(parcel));
            if (column.length != frames) {
                throw UnreadableSeriesException.damaged("its regions have series of different length");
            }
            System.arraycopy(column, 0, values, parcel * frames, frames);
        }
        return new ParcelSeries(values, parcels, frames);
    }
}
