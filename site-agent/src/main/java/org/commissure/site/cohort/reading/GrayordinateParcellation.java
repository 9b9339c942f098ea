package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An atlas of grayordinates: a {@code .dlabel.nii} with one map.
 *
 * @param entries which grayordinates, see {@link CiftiMap}
 */
record GrayordinateParcellation(List<String> entries, Labels labels) implements Parcellation {

    static GrayordinateParcellation read(Path file) throws IOException {
        try (CiftiMatrix matrix = CiftiMatrix.open(file)) {
            if (matrix.length(CiftiMap.LABELS) != 1) {
                throw UnreadableSeriesException.unsupported("it holds several maps of labels");
            }
            double[] values = new double[matrix.length(CiftiMap.GRAYORDINATES)];
            matrix.forEach(CiftiMap.GRAYORDINATES, (place, map, value) -> values[place] = value);
            return new GrayordinateParcellation(
                    matrix.map(CiftiMap.GRAYORDINATES).entries(), Labels.of(values));
        }
    }

    @Override
    public int parcels() {
        return labels.parcels();
    }
}
