package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Text with one line for each frame and one column for each parcel, as C-PAC, XCP-D and AFNI write it. */
final class TextSeries {
    private TextSeries() {}

    static ParcelSeries read(Path file) throws IOException {
        List<float[]> rows = NumberTable.read(file).rows();
        int parcels = rows.getFirst().length;
        float[] byFrame = new float[Math.multiplyExact(rows.size(), parcels)];
        for (int frame = 0; frame < rows.size(); frame++) {
            System.arraycopy(rows.get(frame), 0, byFrame, frame * parcels, parcels);
        }
        return ParcelSeries.ofFrames(byFrame, rows.size(), parcels);
    }
}
