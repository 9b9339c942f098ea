package org.commissure.models.meanfield.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.models.meanfield.hierarchy.Hierarchy;
import org.commissure.models.picture.Axis;
import org.commissure.models.picture.SvgPage;

/** w, I and σ of every region as dots, by network, with the networks' means. */
public final class NetworkPicture {
    private static final int WIDTH = 860;
    private static final int PANEL = 200;
    private static final int LEFT = 80;
    private static final int COLUMN = 105;

    private NetworkPicture() {}

    public static String svg(String title, RegionalParameters parameters, RegionTable table) {
        List<Map.Entry<String, double[]>> panels =
                new ArrayList<>(Hierarchy.byName(parameters).entrySet());
        SvgPage page = new SvgPage(WIDTH, 60 + panels.size() * (PANEL + 70), title);
        double top = 70;
        for (Map.Entry<String, double[]> panel : panels) {
            panel(page, panel.getKey(), panel.getValue(), table, top);
            top += PANEL + 70;
        }
        return page.end();
    }

    private static void panel(SvgPage page, String name, double[] values, RegionTable table, double top) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        double room = high > low ? 0 : Math.max(1e-3, Math.abs(low) / 10);
        Axis axis = Axis.over(low - room, high + room, top, PANEL);
        page.text(LEFT, top - 12, "start", "font-weight=\"600\"", name);
        axis.draw(page, LEFT, WIDTH - 20.0);
        for (int network = 1; network <= RegionTable.NETWORKS.size(); network++) {
            column(page, axis, values, table, network);
        }
    }

    private static void column(SvgPage page, Axis axis, double[] values, RegionTable table, int network) {
        double centre = LEFT + COLUMN * (network - 0.5);
        double sum = 0;
        int count = 0;
        for (int region = 0; region < values.length; region++) {
            if (table.regions().get(region).network().orElse(0) == network) {
                double x = centre + 9 * (count % 7 - 3); // side by side, so that equal values can be told apart
                page.dot(
                        x,
                        axis.y(values[region]),
                        table.regions().get(region).name() + " " + SvgPage.number(values[region]));
                sum += values[region];
                count++;
            }
        }
        if (count > 0) {
            page.line("mean", centre - 34, axis.y(sum / count), centre + 34, axis.y(sum / count));
        }
        page.text(centre, axis.top() + PANEL + 18, "middle", "", RegionTable.NETWORKS.get(network - 1));
    }
}
