package org.commissure.site.science;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.durable.AtomicFolder;
import org.commissure.protocol.UserError;

/**
 * A finished run: its table, what it was run with, and what it took.
 *
 * @param settings options by name, so that the run can be repeated
 */
public record ScoreReport(ScoreTable table, Map<String, Object> settings, RunCost cost) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** For programs. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>(ScoreText.facts(table));
        facts.put("settings", settings);
        facts.put("cost", cost.facts());
        return facts;
    }

    /** For a terminal. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(ScoreText.lines(table));
        lines.add("");
        lines.add(run());
        return lines;
    }

    private String run() {
        StringBuilder options = new StringBuilder();
        settings.forEach((name, value) -> options.append(options.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(value));
        return "Run with " + options + "; " + cost.text() + ".";
    }

    /** @throws UserError if the folder exists: nothing that was written is overwritten */
    public static void requireNew(Path folder) {
        if (Files.exists(folder)) {
            throw new UserError(folder + " exists already", "name a new folder after --out");
        }
    }

    /** Writes {@code table.json}, {@code table.html} and {@code table.svg}; the folder appears whole. */
    public void write(Path folder) {
        try {
            AtomicFolder.create(folder, partial -> {
                AtomicFile.write(partial.resolve("table.json"), json());
                AtomicFile.write(partial.resolve("table.html"), ScorePage.html(table, run()));
                AtomicFile.write(partial.resolve("table.svg"), ForestPlot.svg(table));
                return true;
            });
        } catch (IOException e) {
            throw new UserError("cannot write " + folder, "check the path, its permissions and free space", e);
        }
    }

    private String json() throws JsonProcessingException {
        return JSON.writeValueAsString(facts()) + "\n";
    }
}
