package org.commissure.models.meanfield.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.files.RegionTable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

final class PicturesTest {
    @Test
    void theMatrixShowsMeasuredBelowAndSimulatedAbove() throws Exception {
        String svg = ConnectivityPicture.svg("r .5 & more", 3, new double[] {1, 0, 0}, new double[] {-1, 0, 0.5});
        assertThat(parsed(svg).getElementsByTagName("image").getLength()).isEqualTo(1);
        Matcher data = Pattern.compile("base64,([^\"]+)").matcher(svg);
        assertThat(data.find()).isTrue();
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data.group(1))));
        assertThat(image.getWidth()).isEqualTo(3);
        assertThat(image.getRGB(1, 0) & 0xffffff)
                .as("row 1, column 2: simulated −1")
                .isEqualTo(0x2166ac);
        assertThat(image.getRGB(0, 1) & 0xffffff)
                .as("row 2, column 1: measured 1")
                .isEqualTo(0xb2182b);
        assertThat(image.getRGB(2, 0) & 0xffffff).isEqualTo(0xffffff);
        assertThat(image.getRGB(0, 0) & 0xffffff).as("the diagonal").isEqualTo(0x808080);
    }

    @Test
    void everyRegionOfANetworkIsADot() throws Exception {
        RegionTable table = new RegionTable(List.of(region("a", 1), region("b", 7), region("c", 7), region("none", 0)));
        RegionalParameters parameters = new RegionalParameters(
                new double[] {0.1, 0.2, 0.3, 0.4}, new double[4], 2, new double[] {0.001, 0.002, 0.002, 0.001});
        Document svg = parsed(NetworkPicture.svg("regions", parameters, table));
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(3 * 3);
    }

    @Test
    void theCurveNeverRises() throws Exception {
        String svg = FitCurve.svg(
                "fit", "generation", "total cost", List.of(List.of(1.0, 0.5, 0.8), List.of()), List.of("seed 1", "-"));
        parsed(svg);
        Matcher path = Pattern.compile("d=\"M[0-9.]+ ([0-9.]+)L[0-9.]+ ([0-9.]+)L[0-9.]+ ([0-9.]+)\"")
                .matcher(svg);
        assertThat(path.find()).isTrue();
        assertThat(Double.parseDouble(path.group(2)))
                .isGreaterThan(Double.parseDouble(path.group(1)))
                .isEqualTo(Double.parseDouble(path.group(3)));
        assertThat(svg).contains("seed 1 0.500");
    }

    @Test
    void nothingToDrawIsAnEmptyFrame() throws Exception {
        parsed(FitCurve.svg("fit", "generation", "cost", List.of(), List.of()));
    }

    private static RegionTable.Region region(String name, int network) {
        return new RegionTable.Region(
                name, RegionTable.Hemisphere.LEFT, network == 0 ? OptionalInt.empty() : OptionalInt.of(network));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
