package org.commissure.privacy.dp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Reference tables beside the checkout, or where {@code COMMISSURE_SHARED} says; tests without them are skipped. */
public final class ReferenceData {
    private ReferenceData() {}

    /** One line of a table, by column name. */
    public record Row(Map<String, String> fields) {
        public String text(String column) {
            return fields.getOrDefault(column, "");
        }

        /** Infinite for {@code inf}. */
        public double number(String column) {
            String text = text(column);
            return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
        }
    }

    /** Only the last field of a line may hold a comma. */
    public static List<Row> table(String name) {
        Path file = shared().resolve("reference").resolve(name);
        if (!Files.isReadable(file)) {
            System.out.println("skipped: no reference table at " + file);
            Assumptions.abort("no reference table at " + file);
        }
        try {
            List<String> lines = Files.readAllLines(file);
            String[] header = lines.getFirst().split(",");
            List<Row> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(",", header.length);
                Map<String, String> row = new HashMap<>();
                for (int i = 0; i < header.length; i++) {
                    row.put(header[i], fields[i]);
                }
                rows.add(new Row(row));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path shared() {
        String override = System.getenv("COMMISSURE_SHARED");
        if (override != null) {
            return Path.of(override);
        }
        Path root = null;
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                root = folder;
            }
        }
        return root == null ? Path.of("../shared") : root.resolveSibling("shared");
    }
}
