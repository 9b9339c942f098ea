package org.commissure.site.cohort;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.commissure.protocol.UserError;

/**
 * BIDS' further tables of a cohort, {@code phenotype/<tool>.tsv} with {@code <tool>.json} beside: a row for each
 * participant, or for each of a participant's sessions, of which the first by name counts.
 *
 * <p>A column is called {@code <tool>.<column>}, and {@code <column>} alone where neither {@code participants.tsv} nor
 * another tool has one of that name.
 *
 * @param tools by name
 */
record PhenotypeTables(Map<String, Tool> tools) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSION = "session_id";
    private static final String TABLE = ".tsv";

    /**
     * @param rows of each participant's first session
     * @param repeated participants with several rows for one session
     */
    record Tool(Path file, List<String> columns, Map<String, Participants.Row> rows, List<String> repeated) {}

    /** @throws UserError if a table is none, or what describes it is no JSON object */
    static PhenotypeTables of(Path folder) {
        Path tables = folder.resolve("phenotype");
        Map<String, Tool> tools = new TreeMap<>();
        if (Files.isDirectory(tables)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(tables, "*" + TABLE)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    String tool = name.substring(0, name.length() - TABLE.length());
                    checkDescription(tables.resolve(tool + ".json"));
                    tools.put(tool, tool(file));
                }
            } catch (IOException e) {
                throw new UserError("cannot list " + tables, "check the folder's permissions", e);
            }
        }
        return new PhenotypeTables(tools);
    }

    private static void checkDescription(Path json) {
        try {
            if (Files.exists(json) && !JSON.readTree(Files.readAllBytes(json)).isObject()) {
                throw new UserError(json + " describes no table: it is no JSON object", "correct or remove it");
            }
        } catch (IOException e) {
            throw new UserError(json + " is not JSON", "correct or remove it", e);
        }
    }

    private static Tool tool(Path file) {
        Participants table = Participants.read(file);
        Map<String, Participants.Row> rows = new HashMap<>();
        Set<String> seen = new HashSet<>();
        List<String> repeated = new ArrayList<>();
        for (Participants.Row row : table.rows()) {
            String visit = row.participantId() + "\t" + session(row);
            if (!seen.add(visit)) {
                repeated.add(row.participantId());
            }
            Participants.Row known = rows.get(row.participantId());
            if (known == null || session(row).compareTo(session(known)) < 0) {
                rows.put(row.participantId(), row);
            }
        }
        List<String> columns = table.columns().stream()
                .filter(column -> !column.equals(Participants.ID) && !column.equals(SESSION))
                .toList();
        return new Tool(file, columns, rows, repeated);
    }

    private static String session(Participants.Row row) {
        return row.cell(SESSION).orElse("");
    }

    /** Participants without a row in {@code participants.tsv} get none. */
    Participants addedTo(Participants participants) {
        if (tools.isEmpty()) {
            return participants;
        }
        Map<String, Integer> holders = new HashMap<>();
        participants.columns().forEach(column -> holders.merge(column, 1, Integer::sum));
        tools.values().forEach(tool -> tool.columns().forEach(column -> holders.merge(column, 1, Integer::sum)));
        List<String> columns = new ArrayList<>(participants.columns());
        Map<String, Path> repeated = new HashMap<>(participants.repeated());
        tools.forEach((name, tool) -> {
            tool.columns().forEach(column -> columns.addAll(names(name, column, holders)));
            tool.repeated().forEach(participant -> repeated.putIfAbsent(participant, tool.file()));
        });
        return new Participants(
                List.copyOf(columns),
                participants.rows().stream().map(row -> added(row, holders)).toList(),
                repeated);
    }

    /** @param holders how many tables have a column of the name */
    private static List<String> names(String tool, String column, Map<String, Integer> holders) {
        String full = tool + "." + column;
        return holders.getOrDefault(column, 0) == 1 ? List.of(column, full) : List.of(full);
    }

    private Participants.Row added(Participants.Row row, Map<String, Integer> holders) {
        Map<String, String> known = new HashMap<>(row.known());
        tools.forEach((name, tool) -> {
            Participants.Row own = tool.rows().get(row.participantId());
            if (own != null) {
                tool.columns()
                        .forEach(column -> own.cell(column)
                                .ifPresent(value ->
                                        names(name, column, holders).forEach(called -> known.put(called, value))));
            }
        });
        return new Participants.Row(row.participantId(), known);
    }
}
