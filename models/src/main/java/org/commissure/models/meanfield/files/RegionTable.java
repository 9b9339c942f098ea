package org.commissure.models.meanfield.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The regions of a parcellation, in the order of its matrices: a {@code .tsv} with a header and a column
 * {@code region}, {@code name} or, if there is neither, {@code index}; {@code hemisphere} (L, R, or M across the
 * midline) and {@code yeo7} (1 to 7, 0 for none) where known.
 */
public record RegionTable(List<Region> regions) {
    /** The seven cortical networks of Yeo et al. 2011, in their numbering from 1. */
    public static final List<String> NETWORKS = List.of(
            "Visual", "Somatomotor", "Dorsal attention", "Ventral attention", "Limbic", "Frontoparietal", "Default");

    /** Columns that name a region, the first of them that is there. */
    private static final List<String> NAMING = List.of("region", "name", "index");

    public RegionTable {
        regions = List.copyOf(regions);
    }

    /** Side of the brain. */
    public enum Hemisphere {
        LEFT,
        RIGHT,
        /** A region that lies in both. */
        MIDLINE,
        UNKNOWN
    }

    /** @param network 1 to 7, an index into {@link #NETWORKS} plus 1; empty where it belongs to none or none is known */
    public record Region(String name, Hemisphere hemisphere, OptionalInt network) {}

    /** @throws RegionalFileException naming the line, if a field is missing or not one of its kind */
    public static RegionTable read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new RegionalFileException(file, "there is no such file");
        }
        List<String> lines = MatrixFile.lines(file);
        List<String> header = lines.isEmpty() ? List.of() : fields(lines.getFirst());
        int name = NAMING.stream()
                .filter(header::contains)
                .mapToInt(header::indexOf)
                .findFirst()
                .orElseThrow(() -> new RegionalFileException(
                        file, "its first line names no column 'region', 'name' or 'index', separated by tabs"));
        List<Region> regions = new ArrayList<>();
        for (int number = 2; number <= lines.size(); number++) {
            List<String> fields = fields(lines.get(number - 1));
            if (fields.size() == 1 && fields.getFirst().isEmpty()) {
                continue;
            }
            if (fields.size() != header.size()) {
                throw new RegionalFileException(
                        file, "line " + number + " has " + fields.size() + " fields, the header " + header.size());
            }
            regions.add(new Region(
                    fields.get(name),
                    hemisphere(file, number, optional(header, fields, "hemisphere")),
                    network(file, number, optional(header, fields, "yeo7"))));
        }
        if (regions.isEmpty()) {
            throw new RegionalFileException(file, "it names no regions");
        }
        return new RegionTable(regions);
    }

    public int size() {
        return regions.size();
    }

    private static List<String> fields(String line) {
        return Arrays.stream(line.split("\t", -1)).map(String::strip).toList();
    }

    private static String optional(List<String> header, List<String> fields, String column) {
        int index = header.indexOf(column);
        return index < 0 ? "" : fields.get(index);
    }

    private static Hemisphere hemisphere(Path file, int line, String text) throws RegionalFileException {
        return switch (text) {
            case "L" -> Hemisphere.LEFT;
            case "R" -> Hemisphere.RIGHT;
            case "M" -> Hemisphere.MIDLINE;
            case "", "n/a" -> Hemisphere.UNKNOWN;
            default ->
                throw new RegionalFileException(
                        file, "line " + line + ": hemisphere is neither L nor R, nor M for the midline");
        };
    }

    private static OptionalInt network(Path file, int line, String text) throws RegionalFileException {
        return switch (text) {
            case "", "n/a", "0" -> OptionalInt.empty();
            case "1", "2", "3", "4", "5", "6", "7" -> OptionalInt.of(Integer.parseInt(text));
            default -> throw new RegionalFileException(file, "line " + line + ": yeo7 is no number from 0 to 7");
        };
    }
}
