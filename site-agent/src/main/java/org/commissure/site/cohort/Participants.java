package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * A BIDS {@code participants.tsv}: tab-separated, a header line, {@code n/a} for what is unknown.
 *
 * @param columns the header, then what {@link PhenotypeTables} add
 * @param rows in the file's order; an id may occur more than once
 * @param repeated participants with several rows for one session in a further table, and the table
 */
record Participants(List<String> columns, List<Row> rows, Map<String, Path> repeated) {
    static final String ID = "participant_id";
    private static final long MAXIMUM_BYTES = 64L << 20;

    /** @param known what the row says, by column; without what is empty or {@code n/a} */
    record Row(String participantId, Map<String, String> known) {
        Row {
            known = Map.copyOf(known);
        }

        Optional<String> cell(String column) {
            return Optional.ofNullable(known.get(column));
        }
    }

    /**
     * The table of a folder, with the columns of the tables in {@code phenotype/}.
     *
     * @throws UserError if a table cannot be read
     */
    static Participants of(Path folder) {
        return PhenotypeTables.of(folder).addedTo(read(folder.resolve(CohortFolder.TABLE)));
    }

    /** One file. */
    static Participants read(Path file) {
        Table table = Table.read(file);
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : table.rows()) {
            Map<String, String> known = new HashMap<>();
            for (int column = 0; column < cells.size(); column++) {
                String value = known(cells.get(column));
                if (value != null) {
                    known.put(table.header().get(column), value);
                }
            }
            rows.add(new Row(cells.get(table.id()), known));
        }
        return new Participants(table.header(), List.copyOf(rows), Map.of());
    }

    /**
     * What a column knows: the participants whose cell is neither empty nor {@code n/a}. Of an id with several rows the
     * last counts; the admission check refuses such ids anyway.
     */
    static Map<String, String> column(Path folder, String name) {
        Participants participants = of(folder);
        if (!participants.columns().contains(name) || name.equals(ID)) {
            throw new UserError(
                    folder.resolve(CohortFolder.TABLE) + " has no column " + name + " to predict",
                    "choose one of "
                            + participants.columns().stream()
                                    .filter(column -> !column.equals(ID))
                                    .collect(Collectors.joining(", ")));
        }
        Map<String, String> values = new TreeMap<>();
        for (Row row : participants.rows()) {
            row.cell(name).ifPresent(value -> values.put(row.participantId(), value));
        }
        return values;
    }

    /** @param id the place of participant_id in the header */
    private record Table(List<String> header, int id, List<List<String>> rows) {
        static Table read(Path file) {
            List<String> lines = lines(file);
            if (lines.isEmpty()) {
                throw new UserError(file + " is empty", "give it a header line that starts with participant_id");
            }
            List<String> header = cells(lines.getFirst().replace("\uFEFF", ""));
            int id = header.indexOf(ID);
            if (id < 0) {
                throw new UserError(
                        file + " has no column participant_id",
                        "name the columns in the first line, separated by tabs, as BIDS asks");
            }
            List<List<String>> rows = new ArrayList<>();
            for (int line = 1; line < lines.size(); line++) {
                if (lines.get(line).isBlank()) {
                    continue;
                }
                List<String> cells = cells(lines.get(line));
                if (cells.size() != header.size()) {
                    throw new UserError(
                            file + " line " + (line + 1) + " has " + cells.size() + " columns, but the header has "
                                    + header.size(),
                            "separate the columns with single tabs and write n/a where a value is unknown");
                }
                rows.add(cells);
            }
            return new Table(header, id, rows);
        }
    }

    private static List<String> lines(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UserError(
                        "no file " + file, "point at a BIDS-like folder with a participants.tsv and sub-*/func/*.npy");
            }
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new UserError(file + " is larger than 64 MiB", "check that it is a table of participants");
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new UserError(file + " is not UTF-8 text", "save it as UTF-8, tab-separated", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file, "check the file's permissions", e);
        }
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\t", -1)).map(String::strip).toList();
    }

    private static @Nullable String known(String cell) {
        return cell.isEmpty() || cell.equalsIgnoreCase("n/a") ? null : cell;
    }
}
