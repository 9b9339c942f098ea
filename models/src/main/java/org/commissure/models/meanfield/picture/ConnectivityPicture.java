package org.commissure.models.meanfield.picture;

import java.util.Arrays;

/** Two connectivity matrices in one square: measured under the diagonal, simulated above it. */
public final class ConnectivityPicture {
    private static final double SIDE = 640;

    private ConnectivityPicture() {}

    /**
     * @param measured [pairs], upper triangle by rows
     * @param simulated [pairs]
     */
    public static String svg(String title, int regions, double[] measured, double[] simulated) {
        double[] cells = new double[regions * regions];
        Arrays.fill(cells, Double.NaN);
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            for (int j = i + 1; j < regions; j++, pair++) {
                cells[i * regions + j] = simulated[pair];
                cells[j * regions + i] = measured[pair];
            }
        }
        SvgPage page = new SvgPage(680, 730, title);
        page.image(20, 40, SIDE, ColourPicture.base64(cells, regions, 1));
        page.text(
                20, SIDE + 62, "start", "", "below the diagonal: measured; above: simulated; region 1 at the top left");
        page.text(20, SIDE + 80, "start", "", "red: correlation up to 1; blue: down to −1; white: 0");
        return page.end();
    }
}
