package org.commissure.models.meanfield.picture;

import java.util.Arrays;
import org.commissure.models.picture.SvgPage;

/** Connectivity matrices as squares of colour: simulated alone, or measured under the diagonal and simulated above. */
public final class ConnectivityPicture {
    private static final double SIDE = 640;

    private ConnectivityPicture() {}

    /**
     * @param measured [pairs], upper triangle by rows
     * @param simulated [pairs]
     */
    public static String svg(String title, int regions, double[] measured, double[] simulated) {
        return svg(
                title,
                regions,
                cells(regions, measured, simulated),
                "below the diagonal: measured; above: simulated; region 1 at the top left");
    }

    /** @param simulated [pairs] */
    public static String svg(String title, int regions, double[] simulated) {
        return svg(title, regions, cells(regions, simulated, simulated), "simulated; region 1 at the top left");
    }

    private static String svg(String title, int regions, double[] cells, String legend) {
        SvgPage page = new SvgPage(680, 730, title);
        page.image(20, 40, SIDE, ColourPicture.base64(cells, regions, 1));
        page.text(20, SIDE + 62, "start", "", legend);
        page.text(20, SIDE + 80, "start", "", "red: correlation up to 1; blue: down to −1; white: 0");
        return page.end();
    }

    /**
     * The same colours without words, each cell a square of pixels.
     *
     * @param below [pairs]
     * @param above [pairs]
     */
    public static byte[] png(int regions, double[] below, double[] above) {
        int magnified = Math.max(1, (int) SIDE / regions);
        double[] cells = cells(regions, below, above);
        int side = regions * magnified;
        double[] pixels = new double[side * side];
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            pixels[pixel] = cells[pixel / side / magnified * regions + pixel % side / magnified];
        }
        return ColourPicture.png(pixels, side, 1);
    }

    private static double[] cells(int regions, double[] below, double[] above) {
        double[] cells = new double[regions * regions];
        Arrays.fill(cells, Double.NaN);
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            for (int j = i + 1; j < regions; j++, pair++) {
                cells[i * regions + j] = above[pair];
                cells[j * regions + i] = below[pair];
            }
        }
        return cells;
    }
}
