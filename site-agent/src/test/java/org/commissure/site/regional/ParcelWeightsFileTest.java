package org.commissure.site.regional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParcelWeightsFileTest {
    @TempDir
    private Path folder = Path.of("");

    private ParcelWeightsFile read(String text) throws IOException {
        return ParcelWeightsFile.read(Files.writeString(folder.resolve("weights.tsv"), text));
    }

    @Test
    void weightsAboveZeroAreReadAndAddUpToOne() throws IOException {
        ParcelWeightsFile file = read("region\tcoverage\tp1\tp2\na\t0.9\t0.2\t0.2\nb\t0.1\t0\t1\n");
        assertThat(file.parcels()).isEqualTo(2);
        assertThat(file.regions()).containsExactly("a", "b");
        assertThat(file.coverage()).containsExactly(0.9, 0.1);
        assertThat(file.entries()).isDeepEqualTo(new double[][] {{1, 1, 0.5}, {1, 2, 0.5}, {2, 2, 1}});
    }

    @Test
    void aRegionWithoutAParcelIsRefusedByItsLine() {
        assertThatThrownBy(() -> read("region\tcoverage\tp1\na\t0\t0\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aTableOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> read("index\tname\n1\ta\n")).hasMessageContaining("region and coverage");
    }
}
