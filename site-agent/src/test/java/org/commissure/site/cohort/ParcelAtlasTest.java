package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParcelAtlasTest {
    @TempDir
    Path folder;

    @Test
    void columnsAreFoundByNameAndBecomeOneLineOfToml() throws IOException {
        Path file =
                Files.writeString(folder.resolve("a.tsv"), "name\tz\tindex\ty\tx\nA\t3\t1\t2\t-1.5\nB\t6\t2\t5\t4\n");
        assertThat(ParcelAtlas.read(file).toToml())
                .isEqualTo("coordinates_millimetres = [[-1.5, 2.0, 3.0], [4.0, 5.0, 6.0]]");
    }

    @Test
    void theFirstLineAtFaultIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a.tsv"), "index\tx\ty\tz\n1\t0\t0\t0\n3\t0\t0\t0\n");
        assertThatThrownBy(() -> ParcelAtlas.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 3 is not parcel 2");
        Files.writeString(file, "index\tx\ty\tz\n1\t0\tNaN\t0\n");
        assertThatThrownBy(() -> ParcelAtlas.read(file)).hasMessageContaining("line 2");
    }

    @Test
    void axesMayHaveAPrefixAndAPlainTableNoNames() throws IOException {
        Path table = Files.writeString(
                folder.resolve("a.tsv"), "index\tbrainlm_x\tbrainlm_y\tbrainlm_z\tx\ty\tz\n1\t14\t-78\t4\t1\t2\t3\n");
        assertThat(ParcelAtlas.hasColumn(table, "brainlm_x")).isTrue();
        assertThat(ParcelAtlas.read(table, "brainlm_").coordinatesMillimetres()[0])
                .containsExactly(14, -78, 4);
        assertThat(ParcelAtlas.read(table).coordinatesMillimetres()[0]).containsExactly(1, 2, 3);
        Path plain = Files.writeString(folder.resolve("a.dat"), "1\t14\t-78\t4\n2\t44\t-64\t4\n");
        assertThat(ParcelAtlas.hasColumn(plain, "brainlm_x")).isFalse();
        assertThat(ParcelAtlas.read(plain).coordinatesMillimetres()[1]).containsExactly(44, -64, 4);
    }

    @Test
    void cc200HasTwoHundredParcels() {
        ParcelAtlas atlas = ParcelAtlas.read(SharedData.require("data/atlases/CC200.tsv"));
        assertThat(atlas.parcels()).isEqualTo(200);
        assertThat(atlas.coordinatesMillimetres()[0]).containsExactly(-39.59, -85.43, 1.35);
    }
}
