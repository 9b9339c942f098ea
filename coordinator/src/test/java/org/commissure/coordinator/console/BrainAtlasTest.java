package org.commissure.coordinator.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BrainAtlasTest {
    @TempDir
    Path folder;

    /** Ten by ten by ten voxels of 2 mm from (−9, −9, −9): label 7 fills the left half's first slice, 3 one voxel. */
    private static byte[] volume(ByteOrder order, int type, boolean sform) {
        int bytes = type == 2 ? 1 : type == 4 ? 2 : 4;
        ByteBuffer file = ByteBuffer.allocate(352 + 1_000 * bytes).order(order);
        file.putInt(0, 348);
        file.putShort(40, (short) 3);
        for (int axis = 0; axis < 3; axis++) {
            file.putShort(42 + 2 * axis, (short) 10);
            file.putFloat(80 + 4 * axis, 2);
        }
        file.putShort(70, (short) type);
        file.putFloat(76, 1);
        file.putFloat(108, 352);
        if (sform) {
            file.putShort(254, (short) 4);
            for (int row = 0; row < 3; row++) {
                file.putFloat(280 + 16 * row + 4 * row, 2);
                file.putFloat(280 + 16 * row + 12, -9);
            }
        } else {
            file.putShort(252, (short) 1);
            for (int row = 0; row < 3; row++) {
                file.putFloat(268 + 4 * row, -9);
            }
        }
        file.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
        for (int j = 0; j < 10; j++) {
            for (int i = 0; i < 5; i++) {
                set(file, type, i + 10 * j, 7);
            }
        }
        set(file, type, 9 + 10 * 9 + 100 * 9, 3);
        return file.array();
    }

    private static void set(ByteBuffer file, int type, int voxel, int label) {
        switch (type) {
            case 2 -> file.put(352 + voxel, (byte) label);
            case 4 -> file.putShort(352 + 2 * voxel, (short) label);
            default -> file.putFloat(352 + 4 * voxel, label);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16})
    void aVolumesLabelsBecomeParcelsInAscendingOrderWhereTheyLie(int type) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (boolean sform : new boolean[] {true, false}) {
                Path file = Files.write(folder.resolve("atlas.nii"), volume(order, type, sform));
                BrainAtlas atlas = BrainAtlas.read(file);
                assertThat(atlas.parcels()).extracting(BrainAtlas.Parcel::name).containsExactly("label 3", "label 7");
                BrainAtlas.Parcel corner = atlas.parcels().getFirst();
                assertThat(corner.x()).isCloseTo(9, within(1e-6));
                assertThat(corner.z()).isCloseTo(9, within(1e-6));
                BrainAtlas.Parcel slice = atlas.parcels().getLast();
                assertThat(slice.x()).isCloseTo(-5, within(1e-6));
                assertThat(slice.y()).isCloseTo(0, within(1e-6));
                assertThat(slice.z()).isCloseTo(-9, within(1e-6));
            }
        }
    }

    @Test
    void anOutlineHoldsEveryVoxelOfItsView() throws IOException {
        Path file = Files.write(folder.resolve("atlas.nii"), volume(ByteOrder.LITTLE_ENDIAN, 2, true));
        BrainAtlas.Outlines outlines =
                Objects.requireNonNull(BrainAtlas.read(file).outlines());
        assertThat(outlines.axial()).anySatisfy(point -> assertThat(point[0]).isEqualTo(-9));
        assertThat(outlines.axial()).anySatisfy(point -> assertThat(point[0]).isEqualTo(9));
        assertThat(outlines.coronal()).anySatisfy(point -> assertThat(point[1]).isEqualTo(8));
    }

    @Test
    void aGzippedVolumeIsTheSameAndATruncatedOneIsRefused() throws IOException {
        byte[] plain = volume(ByteOrder.LITTLE_ENDIAN, 4, true);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(plain);
        }
        Path file = Files.write(folder.resolve("atlas.nii.gz"), zipped.toByteArray());
        assertThat(BrainAtlas.read(file).parcels()).hasSize(2);
        Path shorter = Files.write(folder.resolve("short.nii"), Arrays.copyOf(plain, 1_000));
        assertThatThrownBy(() -> BrainAtlas.read(shorter))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends before its last voxel");
        Path other = Files.writeString(folder.resolve("other.nii"), "x".repeat(400));
        assertThatThrownBy(() -> BrainAtlas.read(other)).hasMessageContaining("no NIfTI-1 file");
    }

    @Test
    void aTableNeedsPlaces() throws IOException {
        Path file = Files.writeString(folder.resolve("a.tsv"), "index\tx\ty\tz\tname\n1\t-3.5\t2\t1\tleft\n");
        assertThat(BrainAtlas.read(file).parcels()).containsExactly(new BrainAtlas.Parcel(1, "left", -3.5, 2, 1));
        Path without = Files.writeString(folder.resolve("b.tsv"), "index\tname\n1\tleft\n");
        assertThatThrownBy(() -> BrainAtlas.read(without)).hasMessageContaining("columns x, y and z");
    }

    @Test
    void theConsoleTellsTheAtlasOrHowToNameOne() throws Exception {
        try (ConsoleFixture console = new ConsoleFixture(folder);
                Browser browser = console.browser(ConsoleRole.VIEWER)) {
            JsonNode none =
                    new ObjectMapper().readTree(browser.get("/api/v1/atlas").body());
            assertThat(none.get("atlas").isNull()).isTrue();
            assertThat(none.get("reason").asText()).contains("coordinator console atlas FILE");
            Files.createDirectories(BrainAtlas.folder(folder));
            Files.writeString(BrainAtlas.folder(folder).resolve("a.tsv"), "x\ty\tz\n1\t2\t3\n");
            JsonNode atlas =
                    new ObjectMapper().readTree(browser.get("/api/v1/atlas").body());
            assertThat(atlas.at("/atlas/parcels/0/z").asDouble()).isEqualTo(3);
        }
    }
}
