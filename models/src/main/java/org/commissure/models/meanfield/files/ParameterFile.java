package org.commissure.models.meanfield.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.RegionalParameters;

/**
 * Candidates of the model. As a matrix ({@code .csv}, {@code .tsv}, {@code .npy}) in the published layout: a column
 * for each candidate, rows w, I, G, σ. As {@code .json}: the same numbers by name, with where they come from.
 */
public final class ParameterFile {
    /** Rank, seed and costs above the parameters in the published table of the ten best. */
    private static final int PUBLISHED_HEAD_ROWS = 11;

    private static final String KIND = "commissure regional parameters";
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ParameterFile() {}

    /**
     * @param provenance what made the candidates, by name (command, data, seed); empty for matrices
     */
    public record Contents(List<RegionalParameters> candidates, Map<String, String> provenance) {
        public Contents {
            candidates = List.copyOf(candidates);
            provenance = Map.copyOf(provenance);
        }
    }

    /**
     * @return at least one candidate; all of the same number of regions
     * @throws RegionalFileException if the rows are not 3 × regions + 1, or a parameter is not finite
     */
    public static Contents read(Path file) throws IOException {
        Contents contents = MatrixFile.extension(file).equals("json") ? readJson(file) : readMatrix(file);
        int regions = contents.candidates().getFirst().regions();
        for (RegionalParameters candidate : contents.candidates()) {
            if (candidate.regions() != regions) {
                throw new RegionalFileException(
                        file, "its candidates have " + regions + " and " + candidate.regions() + " regions");
            }
        }
        return contents;
    }

    /** Replaces the file as a whole; a matrix does not keep the provenance. */
    public static void write(Path file, Contents contents) throws IOException {
        if (contents.candidates().isEmpty()) {
            throw new IllegalArgumentException("no candidates to write to " + file);
        }
        if (MatrixFile.extension(file).equals("json")) {
            AtomicFile.write(file, json(contents) + "\n");
            return;
        }
        int rows = contents.candidates().getFirst().toVector().length;
        double[][] matrix = new double[rows][contents.candidates().size()];
        for (int column = 0; column < contents.candidates().size(); column++) {
            double[] vector = contents.candidates().get(column).toVector();
            for (int row = 0; row < rows; row++) {
                matrix[row][column] = vector[row];
            }
        }
        MatrixFile.write(file, matrix);
    }

    private static Contents readMatrix(Path file) throws IOException {
        double[][] matrix = MatrixFile.read(file);
        int head = matrix.length % 3 == 0 ? PUBLISHED_HEAD_ROWS : 0;
        int rows = matrix.length - head;
        if (rows < 4 || rows % 3 != 1) {
            throw new RegionalFileException(
                    file,
                    "it has " + matrix.length + " rows; candidates are columns of 3 × regions + 1 rows: w of each"
                            + " region, I of each, G, sigma of each");
        }
        List<RegionalParameters> candidates = new ArrayList<>();
        for (int column = 0; column < matrix[0].length; column++) {
            double[] vector = new double[rows];
            for (int row = 0; row < rows; row++) {
                vector[row] = matrix[head + row][column];
            }
            candidates.add(candidate(file, column, vector));
        }
        return new Contents(candidates, Map.of());
    }

    private static RegionalParameters candidate(Path file, int index, double[] vector) throws RegionalFileException {
        try {
            return RegionalParameters.ofVector(vector);
        } catch (IllegalArgumentException e) {
            throw new RegionalFileException(file, "candidate " + (index + 1) + ": " + e.getMessage());
        }
    }

    private static Contents readJson(Path file) throws IOException {
        JsonNode root = tree(file);
        if (!root.path("kind").asText().equals(KIND) || root.path("version").asInt() != VERSION) {
            throw new RegionalFileException(
                    file, "it does not say kind '" + KIND + "' and version " + VERSION + " at its head");
        }
        List<RegionalParameters> candidates = new ArrayList<>();
        for (JsonNode each : root.path("candidates")) {
            try {
                candidates.add(new RegionalParameters(
                        numbers(each, "w"), numbers(each, "I"), number(each.path("G"), "G"), numbers(each, "sigma")));
            } catch (IllegalArgumentException e) {
                throw new RegionalFileException(file, "candidate " + (candidates.size() + 1) + ": " + e.getMessage());
            }
        }
        if (candidates.isEmpty()) {
            throw new RegionalFileException(file, "it has no candidates");
        }
        Map<String, String> provenance = new TreeMap<>();
        root.path("provenance")
                .properties()
                .forEach(
                        entry -> provenance.put(entry.getKey(), entry.getValue().asText()));
        return new Contents(candidates, provenance);
    }

    private static JsonNode tree(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new RegionalFileException(file, "there is no such file");
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new RegionalFileException(file, "it is no JSON: " + e.getOriginalMessage());
        }
    }

    private static double[] numbers(JsonNode candidate, String name) {
        double[] numbers = new double[candidate.path(name).size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(candidate.path(name).get(i), name);
        }
        if (numbers.length == 0) {
            throw new IllegalArgumentException("it has no list " + name);
        }
        return numbers;
    }

    private static double number(JsonNode node, String name) {
        if (!node.isNumber()) {
            throw new IllegalArgumentException(name + " holds something that is no number");
        }
        return node.doubleValue();
    }

    private static String json(Contents contents) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("kind", KIND).put("version", VERSION);
        root.put("regions", contents.candidates().getFirst().regions());
        ObjectNode provenance = root.putObject("provenance");
        new TreeMap<>(contents.provenance()).forEach(provenance::put);
        ArrayNode candidates = root.putArray("candidates");
        for (RegionalParameters candidate : contents.candidates()) {
            ObjectNode node = candidates.addObject();
            put(node.putArray("w"), candidate.recurrence());
            put(node.putArray("I"), candidate.input());
            node.put("G", candidate.coupling());
            put(node.putArray("sigma"), candidate.noise());
        }
        return JSON.writeValueAsString(root);
    }

    private static void put(ArrayNode array, double[] values) {
        for (double value : values) {
            array.add(value);
        }
    }
}
