package org.commissure.models.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class PngTest {
    @Test
    void greyAndColouredSamplesAreReadBack() throws IOException {
        BufferedImage grey = read(Png.grey(new byte[] {0, 64, (byte) 255, 10, 20, 30}, 2, 3));
        assertThat(grey.getWidth()).isEqualTo(3);
        assertThat(grey.getHeight()).isEqualTo(2);
        assertThat(grey.getRaster().getSample(1, 0, 0)).isEqualTo(64);
        assertThat(grey.getRaster().getSample(2, 1, 0)).isEqualTo(30);
        BufferedImage coloured = read(Png.rgb(new byte[] {1, 2, 3, (byte) 200, 100, 50}, 1, 2));
        assertThat(coloured.getRGB(0, 0) & 0xffffff).isEqualTo(0x010203);
        assertThat(coloured.getRGB(1, 0) & 0xffffff).isEqualTo(0xc86432);
    }

    @Test
    void theWrongNumberOfSamplesIsRefused() {
        assertThatThrownBy(() -> Png.rgb(new byte[4], 2, 2)).hasMessageContaining("has 12 samples");
        assertThatThrownBy(() -> Png.grey(new byte[0], 0, 0)).hasMessageContaining("at least one");
    }

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }
}
