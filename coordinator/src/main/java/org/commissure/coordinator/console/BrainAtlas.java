package org.commissure.coordinator.console;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.commissure.privacy.identity.SignedMessages;
import org.jspecify.annotations.Nullable;

/**
 * Where the parcels of the coordinator's own atlas lie, in millimetres (x to the right, y to the front, z up). None comes with
 * Commissure: the coordinator's operator configures one.
 *
 * @param sha256 of the file, hex
 * @param parcels in the order in which models and maps count them
 * @param outlines of the three projections; null where a table of places says nothing of them
 */
public record BrainAtlas(
        String name,
        String sha256,
        List<Parcel> parcels,
        @Nullable Outlines outlines) {
    private static final String FOLDER = "atlas";
    private static final int MOST_PARCELS = 2_000;
    private static final long LARGEST_BYTES = 64L << 20;

    public BrainAtlas {
        parcels = List.copyOf(parcels);
        if (parcels.isEmpty() || parcels.size() > MOST_PARCELS) {
            throw new IllegalArgumentException("an atlas has 1 to " + MOST_PARCELS + " parcels, not " + parcels.size());
        }
    }

    /** @param index from 1 */
    public record Parcel(int index, String name, double x, double y, double z) {}

    /** Closed lines of points (across, up), seen from the right, from behind, and from above. */
    public record Outlines(List<double[]> sagittal, List<double[]> coronal, List<double[]> axial) {
        public Outlines {
            sagittal = List.copyOf(sagittal);
            coronal = List.copyOf(coronal);
            axial = List.copyOf(axial);
        }
    }

    /**
     * Reads a volume of labels (.nii, .nii.gz), whose parcels are its labels in ascending order, or a table (.tsv) with the columns
     * {@code index}, {@code x}, {@code y}, {@code z} and perhaps {@code name}.
     *
     * @throws IOException if it is neither, naming what is wrong
     */
    public static BrainAtlas read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_BYTES) {
            throw new IOException("it is larger than " + LARGEST_BYTES + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        String sha256 = HexFormat.of()
                .formatHex(SignedMessages.sha256(ByteString.copyFrom(bytes)).toByteArray());
        try {
            return name.toLowerCase(Locale.ROOT).endsWith(".tsv")
                    ? table(new String(bytes, StandardCharsets.UTF_8), name, sha256)
                    : LabelVolume.read(bytes, name, sha256);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static BrainAtlas table(String text, String name, String sha256) throws IOException {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        List<String> header =
                lines.isEmpty() ? List.of() : Arrays.asList(lines.getFirst().split("\t", -1));
        int[] at = {header.indexOf("x"), header.indexOf("y"), header.indexOf("z")};
        if (Arrays.stream(at).anyMatch(column -> column < 0)) {
            throw new IOException("its first line does not name the columns x, y and z");
        }
        int named = header.indexOf("name");
        List<Parcel> parcels = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            if (cells.length != header.size()) {
                throw new IOException("line " + (parcels.size() + 2) + " has not as many cells as the first");
            }
            parcels.add(new Parcel(
                    parcels.size() + 1,
                    named < 0 ? "" : cells[named],
                    Double.parseDouble(cells[at[0]]),
                    Double.parseDouble(cells[at[1]]),
                    Double.parseDouble(cells[at[2]])));
        }
        return new BrainAtlas(name, sha256, parcels, null);
    }

    /** Where a coordinator's home keeps its atlas: one file in this folder. */
    public static Path folder(Path home) {
        return home.resolve(FOLDER);
    }

    /** The configured one; null where there is none. @throws IOException if it cannot be read */
    static @Nullable BrainAtlas of(Path home) throws IOException {
        if (!Files.isDirectory(folder(home))) {
            return null;
        }
        try (var files = Files.list(folder(home))) {
            Path file = files.sorted().findFirst().orElse(null);
            return file == null ? null : read(file);
        }
    }
}
